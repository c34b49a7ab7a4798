import { ALL_CASES } from '../../as-kms/cases/all';
import { KMS_TIMEOUT_MS, openCaller } from '../../as-kms/caller';
import { encryptBody } from '../../as-kms/bodies';
import { errorNameOf, inWords } from '../../as-kms/exchange';
import { testProxy, type ProxyTest, type ProxyTestReport } from '../../as-kms/proxy-test';
import { chosenCases } from '../../as-kms/run-cases';
import { success, type Result } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { asKms } from './proxy-caller';
import { storePlan } from './store-plan';

/** Two hundred uses in four seconds. */
const LATENCY = { latencySeconds: 4, rate: 50 } as const;
/** A rehearsal runs beside everything else on one desktop: only what hangs shall time out in the cases. */
const REHEARSAL_TIMEOUT_MS = 5_000;

/** Calls the proxy with these cases and this latency run, as AWS KMS would. */
async function tested(
  context: ActContext,
  what: Pick<ProxyTest, 'cases' | 'latencySeconds' | 'rate'>,
): Promise<Result<ProxyTestReport>> {
  const ready = await asKms(context);
  if (!ready.ok) return ready;
  const plan = storePlan(context.state);
  const who = { awsPrincipalArn: plan.allowedPrincipal };
  const timeoutMs = context.state.runMode === 'rehearsal' ? REHEARSAL_TIMEOUT_MS : KMS_TIMEOUT_MS;
  const test = { ...ready.value, keyId: plan.keyLabel, who, timeoutMs, ...what };
  return success(await testProxy(test, new AbortController().signal));
}

function reportArtefact(name: string, report: ProxyTestReport) {
  return { name, bytes: new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`) };
}

/** Two hundred uses and their percentiles: KMS gives up after 250 ms, the way to KMS included. */
export const proxyLatency: Act = async (context) => {
  const done = await tested(context, { cases: [], ...LATENCY });
  if (!done.ok) return done;
  const report = done.value;
  return success(
    outcome({
      data: { startedAt: report.startedAt, p99Ms: report.latency?.summary?.p99Ms ?? 0 },
      checks: [latencyCheck(report)],
      show: [facts('How fast it answers', latencyRows(report))],
      artefacts: [reportArtefact('proxy-latency.json', report)],
    }),
  );
};

/** Every case of the specification, as AWS KMS would call. */
export const proxySelfTest: Act = async (context) => {
  const done = await tested(context, { cases: chosenCases(ALL_CASES, []) ?? [], latencySeconds: 0, rate: LATENCY.rate });
  if (!done.ok) return done;
  const report = done.value;
  return success(
    outcome({
      data: { startedAt: report.startedAt, content: report.verdict.isContent },
      checks: [casesCheck(report)],
      show: [
        facts('As AWS KMS sees it', [
          ['Verdict', report.verdict.sentence],
          ['Cases', `${report.cases.length}, of which ${report.cases.filter(({ outcome: it }) => it === 'holds').length} hold`],
        ]),
        remarks(report),
      ],
      artefacts: [reportArtefact('proxy-test.json', report)],
    }),
  );
};

function casesCheck({ cases }: ProxyTestReport): Check {
  const failed = cases.filter(({ outcome: it }) => it === 'fails' || it === 'untested').map(({ name }) => name);
  return check('CER-XKS-CASES', failed.length === 0, 'every case holds', failed.join(', ') || 'every case holds');
}

function latencyCheck({ latency }: ProxyTestReport): Check {
  const summary = latency?.summary ?? null;
  const p99Ms = summary?.p99Ms ?? 0;
  const isGood = summary !== null && summary.calls > 0 && p99Ms < KMS_TIMEOUT_MS;
  return check(
    'CER-XKS-LATENCY',
    isGood,
    `p99 below ${KMS_TIMEOUT_MS} ms`,
    summary === null ? 'not measured' : `p99 ${p99Ms.toFixed(1)} ms of ${summary.calls} calls`,
  );
}

function latencyRows({ latency }: ProxyTestReport): [string, string][] {
  const summary = latency?.summary;
  if (!summary) return [];
  return [
    ['Calls', `${summary.calls} in ${summary.seconds} s`],
    ['Median', `${summary.p50Ms.toFixed(1)} ms`],
    ['p95', `${summary.p95Ms.toFixed(1)} ms`],
    ['p99', `${summary.p99Ms.toFixed(1)} ms; AWS KMS waits ${KMS_TIMEOUT_MS} ms`],
  ];
}

function remarks({ cases }: ProxyTestReport): ShowBlock {
  const told = cases.filter(({ outcome: it }) => it !== 'holds' && it !== 'notApplicable');
  return {
    kind: 'table',
    title: 'What is remarked',
    columns: ['Case', 'Outcome', 'Seen', 'Remedy'],
    rows: told.map(({ name, outcome: it, seen, remedy }) => [name, it, seen, remedy]),
    empty: 'Nothing.',
  };
}

/** An Encrypt in the name of somebody who must be refused: 403 AccessDeniedException is the only good answer. */
export const proxyRefuseCaller: Act = async (context) => {
  const ready = await asKms(context);
  if (!ready.ok) return ready;
  const { region, account, keyLabel, refusedPrincipal } = storePlan(context.state);
  const caller = openCaller(ready.value.store, { tls: ready.value.tls, timeoutMs: REHEARSAL_TIMEOUT_MS });
  try {
    const who = {
      awsPrincipalArn: refusedPrincipal,
      kmsKeyArn: `arn:aws:kms:${region}:${account}:key/00000000-0000-4000-8000-000000000000`,
    };
    const body = encryptBody(who, { plaintext: new Uint8Array(32), aad: null, wantsIntegrity: false });
    const answer = await caller.call('Encrypt', keyLabel, body);
    const isRefused = answer.kind === 'answer' && answer.status === 403 && errorNameOf(answer) === 'AccessDeniedException';
    return success(
      outcome({
        data: { refusedPrincipal, refused: isRefused },
        checks: [check('CER-XKS-REFUSED', isRefused, '403 AccessDeniedException', inWords(answer))],
        show: [
          facts('Refused', [
            ['Caller', refusedPrincipal, true],
            ['Asked for', `Encrypt with ${keyLabel}`],
            ['Answer', inWords(answer)],
          ]),
        ],
      }),
    );
  } finally {
    caller.close();
  }
};
