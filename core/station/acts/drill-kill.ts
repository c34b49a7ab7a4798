import { setTimeout as pause } from 'node:timers/promises';
import { success } from '../../contract/result';
import type { KillEnd } from '../../control/kill';
import type { ProxyStatus } from '../../contract/proxy-status';
import type { Check, Outcome, ShowBlock } from '../../keys/evidence';
import { isOperation, type AuditRequest } from '../../pack/audit-requests';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { hatch, isRefused, sing, type CanaryCall } from './canary';
import { callsAsData, drillGround } from './drill-ground';
import { kmsKeyArn } from './kms-plan';
import { ownProxy } from './proxy-place';
import { ownLines } from './store-prove';
import { storePlan } from './store-plan';

/** A minute of uses in production; a rehearsal need not wait for it. */
const BASELINE = { rehearsal: { times: 20, everyMs: 0 }, production: { times: 60, everyMs: 1000 } } as const;
/** Uses before the switch is pulled, and after the first refusal. */
const BEFORE = 5;
const AFTER = 5;
/** A drill waits no longer than this for the first refusal, ms. */
const PATIENCE_MS = 60_000;
/** From the switch to the first refused use, ms (docs/guides/kill-drill.md). */
export const REFUSED_WITHIN_MS = 5_000;
/** From the switch to the last use that the HSM did, ms. */
export const LAST_OPERATION_WITHIN_MS = 50;

/** Uses the key through KMS again and again: a drill that begins with failures proves nothing. */
export const drillBaseline: Act = async (context) => {
  const kms = await context.kms(storePlan(context.state).region, 'user');
  if (!kms.ok) return kms;
  const made = await hatch(kms.value, kmsKeyArn(context.state));
  if (!made.ok) return made;
  const { times, everyMs } = BASELINE[context.state.runMode];
  const calls: CanaryCall[] = [];
  for (let i = 0; i < times; i += 1) {
    calls.push(await sing(kms.value, made.value.canary));
    context.tell(`${i + 1} of ${times}.`);
    if (everyMs > 0) await pause(everyMs);
  }
  const good = calls.filter(({ ok }) => ok).length;
  return success(
    outcome({
      data: {
        canary: Buffer.from(made.value.canary.ciphertext).toString('base64'),
        calls: callsAsData('drill.baseline', calls, context),
      },
      checks: [check('CER-DRILL-BASELINE', good === times, `${times} of ${times} uses`, `${good} of ${times} uses`)],
      show: [
        facts('Before the kill', [
          ['Uses', `${good} of ${times} succeeded`],
          ['KMS key', made.value.canary.keyId, true],
        ]),
      ],
    }),
  );
};

/** This run of the program: another one has another. */
const PROGRAM = `${process.pid} ${performance.timeOrigin}`;

/** Pulls the switch while the key is in use, and measures: T0 the switch, T1 the first refusal, T2 the last use that went through. */
export const drillKill: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  const ground = await drillGround(context);
  if (!ground.ok) return ground;
  const { kms, canary } = ground.value;
  const calls: CanaryCall[] = [];
  for (let i = 0; i < BEFORE; i += 1) calls.push(await sing(kms, canary));
  const refusedBefore = calls.filter(({ ok }) => !ok).length;
  const t0 = performance.now();
  const killedAt = context.now();
  const { ceremonyId } = context.state.genesis.data;
  const killing = proxy.value.kill({ who: 'drill', why: ceremonyId });
  let refusals = 0;
  while (refusals <= AFTER && performance.now() - t0 < PATIENCE_MS) {
    const call = await sing(kms, canary);
    calls.push(call);
    if (isRefused(call)) refusals += 1;
  }
  const end = await killing;
  const lines = await ownLines(context, killedAt.toISOString());
  if (!lines.ok) return lines;
  const times = timesOf(calls.slice(BEFORE), { t0, killedAt, refusedBefore }, lines.value);
  return success(
    outcome({
      data: {
        killedAt: killedAt.toISOString(),
        program: PROGRAM,
        ...times,
        how: end.how,
        calls: callsAsData('drill.kill', calls, context),
      },
      checks: [...timeChecks(times), ...endChecks(end)],
      show: [timesShown(times, end)],
    }),
  );
};

interface Times {
  /** uses that were refused before the switch was pulled: then nothing was measured, as when it was killed already */
  readonly refusedBefore: number;
  /** from the switch to the first refused use, whole ms; -1: none was refused */
  readonly refusedAfterMs: number;
  /** to the end of the last use through KMS that succeeded, whole ms; 0: none after the switch */
  readonly lastUseAfterMs: number;
  /** to the last answer of the proxy that took the HSM, by its own log, whole ms; 0: none after the switch */
  readonly lastOperationAfterMs: number;
}

/** The moment the switch was pulled, by both clocks, and what was refused before. */
interface Pulled {
  readonly t0: number;
  readonly killedAt: Date;
  readonly refusedBefore: number;
}

/** @param calls those after the switch */
function timesOf(calls: readonly CanaryCall[], { t0, killedAt, refusedBefore }: Pulled, lines: readonly AuditRequest[]): Times {
  const since = (at: number) => Math.max(0, Math.round(at - t0));
  const refused = calls.find(isRefused);
  const lastUse = calls.findLast(({ ok }) => ok)?.endedAtMs ?? t0;
  const operations = lines.filter(isOperation).map(({ at }) => Date.parse(at) - killedAt.getTime());
  return {
    refusedBefore,
    refusedAfterMs: refused === undefined ? -1 : since(refused.endedAtMs),
    lastUseAfterMs: since(lastUse),
    lastOperationAfterMs: Math.max(0, ...operations),
  };
}

function timeChecks(times: Times): Check[] {
  const { refusedBefore, refusedAfterMs, lastOperationAfterMs } = times;
  const isRefused = refusedBefore === 0 && refusedAfterMs >= 0 && refusedAfterMs <= REFUSED_WITHIN_MS;
  return [
    check('CER-DRILL-REFUSED', isRefused, `refused within ${REFUSED_WITHIN_MS} ms`, whenRefused(times)),
    check(
      'CER-DRILL-LAST-OPERATION',
      lastOperationAfterMs <= LAST_OPERATION_WITHIN_MS,
      `none later than ${LAST_OPERATION_WITHIN_MS} ms after the switch`,
      `the last after ${lastOperationAfterMs} ms`,
    ),
  ];
}

function whenRefused({ refusedBefore, refusedAfterMs }: Times): string {
  if (refusedBefore > 0) return `${refusedBefore} of ${BEFORE} uses were refused before the switch was pulled`;
  return refusedAfterMs < 0 ? 'nothing was refused' : `after ${refusedAfterMs} ms`;
}

function endChecks(end: KillEnd): Check[] {
  const kept = end.how === 'acknowledged' ? end.answer.restart === 'same' : end.how !== 'failed' && end.latch.isKept;
  return [
    check('CER-DRILL-ACKNOWLEDGED', end.how === 'acknowledged', 'the proxy did it itself', HOW[end.how]),
    check('CER-DRILL-LATCH', kept, 'the latch is on the disk', kept ? 'the latch is on the disk' : 'it could not be written'),
  ];
}

const HOW: Readonly<Record<KillEnd['how'], string>> = {
  acknowledged: 'the proxy did it itself',
  notRunning: 'no proxy was running',
  forced: 'its process had to be ended',
  failed: 'it failed',
};

function timesShown({ refusedAfterMs, lastUseAfterMs, lastOperationAfterMs }: Times, end: KillEnd): ShowBlock {
  return facts('The kill, by a clock that nobody can set', [
    ['T0', 'the switch'],
    ['T1, first refused use', refusedAfterMs < 0 ? 'none' : `T0 + ${refusedAfterMs} ms`],
    ['T2, last use that went through', `T0 + ${lastUseAfterMs} ms`],
    ['Last operation of the HSM, by the log of the proxy', `T0 + ${lastOperationAfterMs} ms`],
    ['How', HOW[end.how]],
    ['Acknowledged after', end.how === 'acknowledged' ? `${end.answer.tookMs.toFixed(1)} ms` : ''],
    ['Pass marks', `T1 within ${REFUSED_WITHIN_MS} ms, last operation within ${LAST_OPERATION_WITHIN_MS} ms`],
  ]);
}

/** Looks at the proxy after the whole program was started again: the switch must have outlived it. */
export const drillRestarted: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  const ground = await drillGround(context);
  if (!ground.ok) return ground;
  const status = await proxy.value.ask({ verb: 'status' });
  if (!status.ok) return status;
  const call = await sing(ground.value.kms, ground.value.canary);
  const isAnother = context.state.data['drill.kill']?.['program'] !== PROGRAM;
  const done = stillKilled(context, 'drill.restarted', status.value, call);
  const other = 'another run than the one that killed';
  return success({
    ...done,
    checks: [check('CER-DRILL-RESTARTED', isAnother, other, isAnother ? other : 'the same run'), ...done.checks],
  });
};

/** SIGKILL for the process of a killed proxy, as a crash or a reboot would: what comes up again must refuse. */
export const drillCrash: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  const ground = await drillGround(context);
  if (!ground.ok) return ground;
  const up = await proxy.value.crash();
  if (!up.ok) return up;
  const call = await sing(ground.value.kms, ground.value.canary);
  return success(stillKilled(context, 'drill.crash', up.value, call));
};

const AFTER_WHAT = { 'drill.restarted': 'After Keyrite was started again', 'drill.crash': 'After a crash' } as const;

function stillKilled(context: ActContext, act: keyof typeof AFTER_WHAT, { latch, pid }: ProxyStatus, call: CanaryCall): Outcome {
  const isStill = latch.killed && isRefused(call);
  const wanted = 'killed, and a use is refused';
  const other = latch.killed && !call.ok ? `a use failed for another reason (${call.code})` : 'it serves again';
  return outcome({
    data: { pid, killed: latch.killed, calls: callsAsData(act, [call], context) },
    checks: [check('CER-DRILL-STILL-KILLED', isStill, wanted, isStill ? wanted : other)],
    show: [
      facts(AFTER_WHAT[act], [
        ['Process', String(pid)],
        ['Latch', latch.killed ? 'KILLED' : 'armed'],
        ['Killed by', latch.by],
        ['A use through KMS', call.ok ? 'went through' : `refused (${call.code})`],
      ]),
    ],
  });
}
