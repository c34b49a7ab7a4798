import { success } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { KilledSpan, ServerLog } from '../../pack/logged-host';
import { check, facts, outcome, type Act } from './act';
import { isRefused } from './canary';
import { clockOffset, type ClockOffset } from './clock-offset';
import { callsOf, callsSoFar, type KeptCall } from './drill-ground';
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
  const lastKill = lastKillOf(hosts);
  const refusedAt = refusedForGoodAt(calls, callsOf(context, 'servers.untilRefused'), lastKill);
  const refusedAfterMs = lastKill === null || refusedAt === '' ? null : Date.parse(refusedAt) - lastKill.earliest;
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
        refusedCheck(refusedAfterMs, lastKill),
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
  const ours = log.requests.filter(({ kmsRequestId }) => calls.some(({ requestId }) => requestId === kmsRequestId));
  const offset = clockOffset(
    ours.flatMap(({ kmsRequestId, at: lineAt }) =>
      calls.filter(({ requestId }) => requestId === kmsRequestId).map(({ from, to }) => ({ from, to, lineAt })),
    ),
  );
  const began = Date.parse(calls[0]?.from ?? '');
  const isOfDrill = ({ seq, killedAt }: KilledSpan): boolean =>
    ours.some((line) => line.seq < seq) || (offset !== null && Date.parse(killedAt) - offset.atLeastMs >= began);
  const instead = otherThanOneKill(log.spans, ceremonyId, isOfDrill);
  return {
    host: log.host,
    span: instead === '' ? (log.spans.at(-1) ?? null) : null,
    instead,
    offset,
    refusals: log.requests.filter(({ reason }) => reason === 'killed').length,
  };
}

/** Every host is killed once in a drill, for it, and is killed still when it is measured. What it was instead, in words; '': that. */
function otherThanOneKill(all: ServerLog['spans'], ceremonyId: string, isOfDrill: (span: KilledSpan) => boolean): string {
  const isOurs = ({ pulls: [first] }: KilledSpan): boolean => first?.why.includes(ceremonyId) === true;
  const last = all.at(-1);
  if (last === undefined || (last.armed !== null && !all.some(isOurs))) return 'its log has no kill since it was armed';
  if (last.armed !== null) return `was armed by ${last.armed.who} in the middle of the drill (${last.armed.why})`;
  const [first] = last.pulls;
  if (!isOurs(last)) return `killed by ${first?.who ?? ''} for another reason (${first?.why ?? ''})`;
  const before = all.slice(0, -1).find((span) => isOurs(span) || isOfDrill(span));
  if (before === undefined) return '';
  const { who, why } = before.armed ?? { who: 'nobody', why: '' };
  return `was killed before in this drill, and armed by ${who} (${why})`;
}

function notRestarted(span: KilledSpan | null): string | false {
  if (span === null) return 'was not killed';
  if (span.cameUpArmedAt !== '') return `came up armed at ${span.cameUpArmedAt}`;
  return span.restarts === 0 && 'was not restarted';
}

/** The moments between which the last host was killed, by the clock of the station, ms since 1970. */
interface Between {
  readonly earliest: number;
  readonly latest: number;
}

/** null: of some host it cannot be said. */
function lastKillOf(hosts: readonly MeasuredHost[]): Between | null {
  const kills = hosts.flatMap(({ span, offset }) => {
    if (span === null || offset === null) return [];
    const at = Date.parse(span.killedAt);
    return [{ earliest: at - offset.atMostMs, latest: at - offset.atLeastMs }];
  });
  if (kills.length === 0 || kills.length < hosts.length) return null;
  return {
    earliest: Math.max(...kills.map(({ earliest }) => earliest)),
    latest: Math.max(...kills.map(({ latest }) => latest)),
  };
}

/**
 * End of the first refusal that came surely after the last kill, while people pulled, and after which nothing went through; '': there
 * is none. A refusal before it says nothing of that host: another one gave it.
 */
function refusedForGoodAt(calls: readonly KeptCall[], pulled: readonly KeptCall[], lastKill: Between | null): string {
  const lastGood = calls.findLast(({ ok }) => ok)?.from ?? '';
  const isAfter = ({ from, to }: KeptCall): boolean => from > lastGood && lastKill !== null && Date.parse(to) >= lastKill.latest;
  return pulled.find((call) => isRefused(call) && isAfter(call))?.to ?? '';
}

function refusedCheck(refusedAfterMs: number | null, lastKill: Between | null): Check {
  const wanted = `refused for good within ${REFUSED_WITHIN_MS} ms of the last kill`;
  const unknown = lastKill === null ? 'it cannot be said: see the table' : 'nothing was refused for good after the last kill';
  const got = refusedAfterMs === null ? unknown : `after ${refusedAfterMs} ms at most`;
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
