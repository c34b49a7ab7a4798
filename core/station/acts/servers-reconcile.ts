import { success } from '../../contract/result';
import type { ShowBlock } from '../../keys/evidence';
import { isOperation } from '../../pack/audit-requests';
import type { ServerLog } from '../../pack/logged-host';
import { facts, outcome, type Act } from './act';
import { callsSoFar, type KeptCall } from './drill-ground';
import { noOrphan } from './drill-orphans';
import { LAST_OPERATION_WITHIN_MS } from './drill-kill';
import { eachHost } from './each-host';
import { linesOfServers, logsOfServers, type ServerLine } from './servers-logs';
import { linesOf } from './store-prove';

/** Every use of the drill beside the lines of all hosts: a success without a line went through a proxy that nobody counted. */
export const serversReconcile: Act = async (context) => {
  const logs = await logsOfServers(context);
  if (!logs.ok) return logs;
  const lines = await linesOfServers(context);
  if (!lines.ok) return lines;
  const calls = callsSoFar(context);
  const orphans = calls.filter((call) => call.ok && hostsOf(call, lines.value).length !== 1);
  return success(
    outcome({
      data: { calls: calls.length, orphans: orphans.map(({ requestId }) => requestId) },
      checks: [
        noOrphan(orphans, 'a line on one host for every use'),
        eachHost('CER-DRILL-NO-OPERATION', 'no operation while killed', logs.value, ({ spans }) =>
          operated(spans, context.state.genesis.data.ceremonyId),
        ),
      ],
      show: [sums(calls, lines.value), hostsTable(logs.value)],
    }),
  );
};

/** The hosts on which the HSM worked for a call. */
function hostsOf(call: KeptCall, lines: readonly ServerLine[]): readonly string[] {
  const own = lines.filter((line) => line.kmsRequestId === call.requestId && isOperation(line));
  return [...new Set(own.map(({ host }) => host))];
}

/** From the first kill of this drill on. A host that somebody else armed in the middle of it served meanwhile. */
function operated(all: ServerLog['spans'], ceremonyId: string): string | false {
  const first = all.findIndex(({ pulls }) => pulls.some(({ why }) => why.includes(ceremonyId)));
  if (first < 0) return 'its log has no kill of this drill';
  const wrong = all
    .slice(first)
    .flatMap(({ operations, farthestOperationMs, armed }) => [
      ...(farthestOperationMs > LAST_OPERATION_WITHIN_MS ? [`${operations}, the farthest after ${farthestOperationMs} ms`] : []),
      ...(armed !== null && !armed.why.includes(ceremonyId) ? [`armed by ${armed.who} at ${armed.at} (${armed.why})`] : []),
    ]);
  return wrong.length > 0 && wrong.join(', ');
}

function sums(calls: readonly KeptCall[], lines: readonly ServerLine[]): ShowBlock {
  const good = calls.filter(({ ok }) => ok);
  const refused = calls.filter(({ ok }) => !ok);
  const operated = good.filter((call) => hostsOf(call, lines).length === 1);
  const withLine = refused.filter((call) => linesOf(call, lines).length > 0);
  return facts('Both sides', [
    ['Uses through KMS that succeeded', `${good.length}, of which ${operated.length} have their line`],
    ['Uses that were refused', `${refused.length}, of which ${withLine.length} reached a host and have a line`],
    ['CloudTrail', 'its events carry the same request ids; they are compared when the files arrive'],
  ]);
}

function hostsTable(logs: readonly ServerLog[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Host by host',
    columns: ['Host', 'Killed', 'Armed', 'Uses it served', 'Uses it refused'],
    rows: logs.map(({ host, spans, requests }) => [
      host,
      spans.at(-1)?.killedAt ?? '',
      spans.at(-1)?.armed?.at ?? '',
      String(requests.filter(isOperation).length),
      String(requests.filter(({ reason }) => reason === 'killed').length),
    ]),
    empty: 'None.',
  };
}
