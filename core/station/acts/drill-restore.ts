import { setTimeout as pause } from 'node:timers/promises';
import { failure, success } from '../../contract/result';
import type { ShowBlock } from '../../keys/evidence';
import { auditRequests, isOperation, type AuditRequest } from '../../pack/audit-requests';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { sing, type CanaryCall } from './canary';
import { callsAsData, callsSoFar, drillGround, type KeptCall } from './drill-ground';
import { noOrphan } from './drill-orphans';
import { LAST_OPERATION_WITHIN_MS } from './drill-kill';
import { deploymentHere } from './proxy-settings';
import { inARow } from './servers-uses';
import { storePlan } from './store-plan';
import { linesOf } from './store-prove';

/** KMS sees at its next call that the proxy serves; a store that was disconnected has to be connected by a step of its own. */
const PATIENCE_MS = 30_000;
/** The balancer of a fleet takes a while to see that its hosts serve again. */
const FLEET_PATIENCE_MS = 180_000;
const EVERY_MS = 200;

function timeOf({ state }: ActContext, act: 'drill.kill' | 'proxy.arm', member: string): string {
  const value = state.data[act]?.[member];
  return typeof value === 'string' ? value : '';
}

/** The key through KMS until it works: how long the outage was, and how long the way back took. */
export const drillRestored: Act = async (context) => {
  const ground = await drillGround(context);
  if (!ground.ok) return ground;
  const calls: CanaryCall[] = [];
  // a fleet serves by turns until the last of its proxies is armed
  const isFleet = storePlan(context.state).place === 'server';
  const enough = isFleet ? inARow(context) : 1;
  const until = performance.now() + (isFleet ? FLEET_PATIENCE_MS : PATIENCE_MS);
  let row = 0;
  while (row < enough && performance.now() < until && !context.signal.aborted) {
    const call = await sing(ground.value.kms, ground.value.canary);
    calls.push(call);
    row = call.ok ? row + 1 : 0;
    if (isFleet) context.tell(`${row} in a row of ${enough}.`);
    if (!call.ok) await pause(EVERY_MS);
  }
  if (context.signal.aborted) return failure('input.cancelled', { operation: 'restored' });
  const isBack = row === enough;
  const restoredAt = context.now();
  const seconds = (from: string): string =>
    from === '' ? '' : `${((restoredAt.getTime() - Date.parse(from)) / 1000).toFixed(1)} s`;
  return success(
    outcome({
      data: { restoredAt: restoredAt.toISOString(), calls: callsAsData('drill.restored', calls, context) },
      checks: [
        check(
          'CER-DRILL-RESTORED',
          isBack,
          'the key works',
          isBack ? 'the key works' : (calls.findLast(({ ok }) => !ok)?.code ?? ''),
        ),
      ],
      show: [
        facts('Back again', [
          ['T3, first use that went through', restoredAt.toISOString()],
          ['From arming', seconds(timeOf(context, 'proxy.arm', 'armedAt'))],
          ['From the kill', seconds(timeOf(context, 'drill.kill', 'killedAt'))],
        ]),
      ],
    }),
  );
};

/** Every use of the drill beside the lines of the proxy: a success without a line went through a proxy that nobody counted. */
export const drillReconcile: Act = async (context) => {
  const deployment = await deploymentHere(context);
  if (!deployment.ok) return deployment;
  const killedAt = timeOf(context, 'drill.kill', 'killedAt');
  const armedAt = timeOf(context, 'proxy.arm', 'armedAt');
  const lines = await auditRequests(deployment.value.auditFolder, context.state.genesis.at);
  if (!lines.ok) return lines;
  const calls = callsSoFar(context);
  const orphans = calls.filter((call) => call.ok && !linesOf(call, lines.value).some(isOperation));
  const between = operationsBetween(lines.value, killedAt, armedAt);
  return success(
    outcome({
      data: { calls: calls.length, orphans: orphans.map(({ requestId }) => requestId) },
      checks: [
        noOrphan(orphans, 'a line for every use'),
        check(
          'CER-DRILL-NO-OPERATION',
          between.length === 0,
          'no operation while killed',
          between.length === 0 ? 'no operation while killed' : `${between.length}, the first at ${between[0]?.at ?? ''}`,
        ),
      ],
      show: [sums(calls, lines.value, killedAt, armedAt)],
    }),
  );
};

/** Operations of the HSM later than the pass mark after the kill and before the arming. */
function operationsBetween(lines: readonly AuditRequest[], killedAt: string, armedAt: string): readonly AuditRequest[] {
  const from = Date.parse(killedAt) + LAST_OPERATION_WITHIN_MS;
  return lines.filter((line) => isOperation(line) && Date.parse(line.at) > from && line.at < armedAt);
}

function sums(calls: readonly KeptCall[], lines: readonly AuditRequest[], killedAt: string, armedAt: string): ShowBlock {
  const good = calls.filter(({ ok }) => ok);
  const operated = good.filter((call) => linesOf(call, lines).some(isOperation));
  const refused = calls.filter(({ ok }) => !ok);
  const withLine = refused.filter((call) => linesOf(call, lines).length > 0);
  return facts('Both sides', [
    ['Uses through KMS that succeeded', `${good.length}, of which ${operated.length} have their line`],
    ['Uses that were refused', `${refused.length}, of which ${withLine.length} reached the proxy and have a line`],
    ['Killed', killedAt],
    ['Armed', armedAt],
    ['CloudTrail', 'its events carry the same request ids; they are compared when the files arrive'],
  ]);
}
