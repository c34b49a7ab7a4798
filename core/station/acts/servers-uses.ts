import { setTimeout as pause } from 'node:timers/promises';
import { failure, success, type Result } from '../../contract/result';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { isRefused, sing, type CanaryCall } from './canary';
import { callsAsData, callsOf, drillGround, type DrillGround } from './drill-ground';
import { fleetSizeOf } from './store-plan';

/** Uses before people pull the switch: with one refused there is nothing to measure. */
const BEFORE = 5;
/** A fleet refuses by turns until the last proxy is killed: so many refusals in a row, for each of its proxies, say that it is. */
const IN_A_ROW = 10;
/** People walk from host to host. */
const PATIENCE_MS = 300_000;
/** Between two uses, until the first is refused; the refusals follow each other without a pause. */
const EVERY_MS = 200;

export function inARow(context: Pick<ActContext, 'state'>): number {
  return IN_A_ROW * Math.max(1, fleetSizeOf(context.state));
}

/** Uses the key through KMS without a pause while people pull the switch on every host; ends when nobody serves it any more. */
export const serversUntilRefused: Act = async (context) => {
  const ground = await drillGround(context);
  if (!ground.ok) return ground;
  const calls = await times(ground.value, BEFORE);
  // a second try finds some hosts killed already, or all of them: the first one saw the key work
  const isAgain = callsOf(context, 'servers.untilRefused').length > 0;
  const refusedBefore = isAgain ? 0 : calls.filter(isRefused).length;
  if (refusedBefore === 0) {
    const waited = await untilRefused(context, ground.value, calls);
    if (!waited.ok) return waited;
  }
  const last = lastRun(calls);
  const isEnough = last.length >= inARow(context);
  const wanted = `${inARow(context)} uses in a row are refused`;
  const got = refusedBefore > 0 ? `${refusedBefore} of ${BEFORE} uses were refused before the switch was pulled` : wentOn(last);
  return success(
    outcome({
      data: { calls: callsAsData('servers.untilRefused', calls, context) },
      checks: [check('CER-DRILL-ALL-REFUSED', isEnough, wanted, isEnough ? wanted : got)],
      show: [
        facts('Until nobody served the key', [
          ['Uses', String(calls.length)],
          ['Refused in a row at the end', String(last.length)],
          ['When each proxy was killed', 'in their logs'],
        ]),
      ],
    }),
  );
};

function wentOn(last: readonly CanaryCall[]): string {
  return `after ${PATIENCE_MS / 60_000} minutes ${last.length} in a row`;
}

async function untilRefused(
  { state, tell, signal }: ActContext,
  ground: DrillGround,
  calls: CanaryCall[],
): Promise<Result<null>> {
  const { ceremonyId } = state.genesis.data;
  const until = performance.now() + PATIENCE_MS;
  const enough = inARow({ state });
  for (let row = 0; row < enough && performance.now() < until; row = lastRun(calls).length) {
    if (signal.aborted) return failure('input.cancelled', { operation: 'untilRefused' });
    tell(
      row === 0
        ? `The key works. Pull the switch on every host now: keyrite kill --reason ${ceremonyId}`
        : `Refused, ${row} in a row of ${enough}.`,
    );
    calls.push(await sing(ground.kms, ground.canary));
    if (row === 0) await pause(EVERY_MS);
  }
  return success(null);
}

/** The refusals since the key worked last. A call that was lost on its way says nothing of either. */
function lastRun(calls: readonly CanaryCall[]): readonly CanaryCall[] {
  return calls.slice(calls.findLastIndex(({ ok }) => ok) + 1).filter(isRefused);
}

async function times({ kms, canary }: DrillGround, count: number): Promise<CanaryCall[]> {
  const calls: CanaryCall[] = [];
  for (let i = 0; i < count; i += 1) calls.push(await sing(kms, canary));
  return calls;
}

/** Uses the key so often that every proxy should be met: after a restart each must refuse. */
export const serversStillRefused: Act = async (context) => {
  const ground = await drillGround(context);
  if (!ground.ok) return ground;
  const count = inARow(context);
  const calls = await times(ground.value, count);
  const refused = calls.filter(isRefused).length;
  const good = calls.filter(({ ok }) => ok).length;
  const wanted = `${count} of ${count} uses are refused`;
  const got = good > 0 ? `${good} of ${count} went through: a host serves again` : `${refused} of ${count} uses are refused`;
  return success(
    outcome({
      data: { calls: callsAsData('servers.stillRefused', calls, context) },
      checks: [check('CER-DRILL-STILL-KILLED', refused === count, wanted, got)],
      show: [
        facts('After the restart', [
          ['Uses', String(count)],
          ['Refused', String(refused)],
          ['Went through', String(good)],
        ]),
      ],
    }),
  );
};
