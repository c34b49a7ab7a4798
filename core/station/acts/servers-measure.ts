import { success } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { KilledSpan, ServerLog } from '../../pack/server-log';
import { check, facts, outcome, type Act } from './act';
import { isRefused } from './canary';
import { clockOffset, type ClockOffset } from './clock-offset';
import { callsSoFar, type KeptCall } from './drill-ground';
import { LAST_OPERATION_WITHIN_MS, REFUSED_WITHIN_MS } from './drill-kill';
import { eachHost } from './each-host';
import { logsOfServers } from './servers-logs';

/** One host of the drill, by its own log and by the calls that reached it. */
interface MeasuredHost {
  readonly host: string;
  /** what the switch of this drill began; null: nobody pulled it here for this drill, or it was killed before */
  readonly span: KilledSpan | null;
  /** what is there instead, in words; '' */
  readonly instead: string;
  /** null: no call of ours reached it, or its clock was set meanwhile */
  readonly offset: ClockOffset | null;
  readonly refusals: number;
}

/** T0 to T2 of each host from the logs. Times between two clocks are told as far as the calls that both saw bound them, the worst of it. */
export const serversMeasure: Act = async (context) => {
  const logs = await logsOfServers(context);
  if (!logs.ok) return logs;
  const calls = callsSoFar(context);
  const { ceremonyId } = context.state.genesis.data;
  const hosts = logs.value.map((log) => measured(log, calls, ceremonyId));
  const refusedAt = refusedForGoodAt(calls);
  const refusedAfterMs = atMostAfter(hosts, refusedAt);
  return success(
    outcome({
      data: {
        refusedAt,
        refusedAfterMs: refusedAfterMs ?? -1,
        hosts: hosts.map(({ host, span, offset, refusals }) => ({
          ...{ host, refusals, killedAt: span?.killedAt ?? '', farthestOperationMs: span?.farthestOperationMs ?? -1 },
          offset: offset === null ? null : { ...offset },
        })),
      },
      checks: [
        eachHost(
          'CER-DRILL-ACKNOWLEDGED',
          'killed on every host for this drill',
          hosts,
          ({ span, instead }) => span === null && instead,
        ),
        eachHost(
          'CER-DRILL-MET',
          'every host refused a use',
          hosts,
          ({ refusals }) => refusals === 0 && 'refused none of our uses',
        ),
        refusedCheck(refusedAfterMs),
        eachHost(
          'CER-DRILL-LAST-OPERATION',
          `none later than ${LAST_OPERATION_WITHIN_MS} ms after the switch`,
          hosts,
          ({ span }) =>
            span !== null &&
            span.farthestOperationMs > LAST_OPERATION_WITHIN_MS &&
            `the last after ${span.farthestOperationMs} ms`,
        ),
        eachHost('CER-DRILL-RESTARTED', 'every host came up killed after a restart', hosts, ({ span }) => notRestarted(span)),
      ],
      show: [timesTable(hosts), marks(refusedAt, refusedAfterMs)],
    }),
  );
};

function measured(log: ServerLog, calls: readonly KeptCall[], ceremonyId: string): MeasuredHost {
  const last = log.spans.at(-1);
  const isOurs = last?.pulls[0]?.why.includes(ceremonyId) === true;
  const seen = log.requests.flatMap(({ kmsRequestId, at: lineAt }) =>
    calls.filter(({ requestId }) => requestId === kmsRequestId).map(({ from, to }) => ({ from, to, lineAt })),
  );
  return {
    host: log.host,
    span: isOurs ? last : null,
    instead: isOurs ? '' : inWords(last),
    offset: clockOffset(seen),
    refusals: log.requests.filter(({ reason }) => reason === 'killed').length,
  };
}

function inWords(span: KilledSpan | undefined): string {
  const first = span?.pulls[0];
  if (first === undefined || span?.armed) return 'its log has no kill since it was armed';
  return `killed by ${first.who} for another reason (${first.why})`;
}

function notRestarted(span: KilledSpan | null): string | false {
  if (span === null) return 'was not killed';
  if (span.cameUpArmedAt !== '') return `came up armed at ${span.cameUpArmedAt}`;
  return span.restarts === 0 && 'was not restarted';
}

/** End of the first refusal after which nothing went through; '' where the last use went through. */
function refusedForGoodAt(calls: readonly KeptCall[]): string {
  return calls.slice(calls.findLastIndex(({ ok }) => ok) + 1).find(isRefused)?.to ?? '';
}

/**
 * From the last kill to the refusal for good, at most, whole ms; null: of some host it cannot be said. The last kill was not earlier
 * than the earliest moment at which any of them can have been.
 */
function atMostAfter(hosts: readonly MeasuredHost[], refusedAt: string): number | null {
  const kills = hosts.flatMap(({ span, offset }) =>
    span === null || offset === null ? [] : [Date.parse(span.killedAt) - offset.atMostMs],
  );
  if (refusedAt === '' || kills.length === 0 || kills.length < hosts.length) return null;
  return Math.max(0, Date.parse(refusedAt) - Math.max(...kills));
}

function refusedCheck(refusedAfterMs: number | null): Check {
  const wanted = `refused for good within ${REFUSED_WITHIN_MS} ms of the last kill`;
  const got = refusedAfterMs === null ? 'it cannot be said: see the table' : `after ${refusedAfterMs} ms at most`;
  return check('CER-DRILL-REFUSED', refusedAfterMs !== null && refusedAfterMs <= REFUSED_WITHIN_MS, wanted, got);
}

function timesTable(hosts: readonly MeasuredHost[]): ShowBlock {
  return {
    kind: 'table',
    title: 'The kill, host by host',
    columns: ['Host', 'T0, by its clock', 'Its clock is ahead by', 'Last operation', 'Our uses it refused', 'Starts since'],
    rows: hosts.map(({ host, span, offset, refusals }) => [
      host,
      span?.killedAt ?? 'not for this drill',
      offset === null ? 'not known' : `${offset.atLeastMs} to ${offset.atMostMs} ms`,
      span === null ? '' : `T0 + ${span.farthestOperationMs} ms`,
      String(refusals),
      span === null ? '' : String(span.restarts),
    ]),
    empty: 'None.',
  };
}

function marks(refusedAt: string, refusedAfterMs: number | null): ShowBlock {
  return facts('Refused for good', [
    ['T1, by the clock of this station', refusedAt],
    ['After the last kill', refusedAfterMs === null ? 'not known' : `${refusedAfterMs} ms at most`],
    ['Pass marks', `T1 within ${REFUSED_WITHIN_MS} ms, last operation within ${LAST_OPERATION_WITHIN_MS} ms on each host`],
  ]);
}
