import { z } from 'zod';
import { canonical } from '../../evidence/canonical';
import { failure, success } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { KilledSpan, ServerLog } from '../../pack/logged-host';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act } from './act';
import { eachHost } from './each-host';
import { logsOfServers } from './servers-logs';

const said = z.object({ at: z.string(), who: z.string(), why: z.string() });

const plannedHost = z.object({
  host: z.string(),
  /** event of its log that killed it last, also where it was armed since; -1: its log has none */
  seq: z.int(),
  /** every pull since it served last; none: it serves */
  pulls: z.array(said),
  /** who armed it, where it was killed before and serves */
  armed: said.nullable(),
  /** labels of the keys that stay blocked */
  blocked: z.array(z.string()),
});
type PlannedHost = z.infer<typeof plannedHost>;

/**
 * Who killed each host, when and why, and every pull since, from their logs; hosts that serve are left as they are, and it
 * is said who armed them. The digest that is approved is of exactly this.
 */
export const serversPlanArm: Act = async (context) => {
  const logs = await logsOfServers(context);
  if (!logs.ok) return logs;
  const hosts = logs.value.map(plannedOf);
  const killed = hosts.filter(({ pulls }) => pulls.length > 0);
  const { ceremonyId } = context.state.genesis.data;
  const text = canonical({ format: 'keyrite-arming-servers-1', hosts });
  return success(
    outcome({
      data: { hosts },
      values: { 'arming.digest': sha256Text(text) },
      checks: [killedCheck(logs.value, ceremonyId)],
      show: [
        facts('What arming does', [
          ['Will serve again', killed.map(({ host }) => host).join(', ')],
          [
            'Serve already',
            hosts
              .filter((one) => !killed.includes(one))
              .map(({ host }) => host)
              .join(', '),
          ],
          ['Command', `keyrite arm --reason ${ceremonyId}, on every host that is killed`, true],
          ['Stay blocked', blockedOn(hosts) || 'no key'],
        ]),
        pullsTable(hosts),
        servingTable(hosts),
      ],
      artefacts: [jsonArtefact('arming.json', text)],
    }),
  );
};

function plannedOf({ host, spans, blocked }: ServerLog): PlannedHost {
  const last = spans.at(-1);
  const isKilled = last?.armed === null;
  return {
    ...{ host, seq: last?.seq ?? -1, pulls: isKilled ? [...last.pulls] : [] },
    ...{ armed: last?.armed ?? null, blocked: [...blocked] },
  };
}

function blockedOn(hosts: readonly PlannedHost[]): string {
  return hosts.flatMap(({ host, blocked }) => blocked.map((key) => `${key} on ${host}`)).join(', ');
}

/**
 * One that came up armed was not armed by anybody: it has to be killed, and found out why. So has one that this ceremony killed, or
 * that was armed in its name, and that serves before anybody approved it.
 */
function killedCheck(logs: readonly ServerLog[], ceremonyId: string): Check {
  const wanted = 'a host is killed, none came up armed, and nobody has armed one for this ceremony yet';
  const isKilled = logs.some(({ spans }) => spans.at(-1)?.armed === null);
  const wrong = logs.flatMap(({ host, spans }) => {
    const { armed = null, cameUpArmedAt = '' } = spans.at(-1) ?? {};
    const early = spans.flatMap((span) => (span.armed !== null && isOf(ceremonyId, span) ? [span.armed] : []));
    const leaked = armed === null && cameUpArmedAt !== '' ? [`${host} came up armed at ${cameUpArmedAt}`] : [];
    return [...leaked, ...early.map(({ at, who, why }) => `${host} was armed by ${who} at ${at} (${why})`)];
  });
  const isWell = isKilled && wrong.length === 0;
  return check('CER-ARM-KILLED', isWell, wanted, isWell ? wanted : wrong.join('; ') || 'every host is armed already');
}

/** Did this ceremony kill it, or was it armed in its name? */
function isOf(ceremonyId: string, { pulls, armed }: KilledSpan): boolean {
  return [...pulls, ...(armed === null ? [] : [armed])].some(({ why }) => why.includes(ceremonyId));
}

function servingTable(hosts: readonly PlannedHost[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Who armed the hosts that serve',
    columns: ['Host', 'At', 'Who', 'Why'],
    rows: hosts.flatMap(({ host, armed }) => (armed === null ? [] : [[host, armed.at, armed.who, armed.why]])),
    empty: 'The logs have none.',
  };
}

function pullsTable(hosts: readonly PlannedHost[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Every pull of the switch since each host served last',
    columns: ['Host', 'At', 'Who', 'Why'],
    rows: hosts.flatMap(({ host, pulls }) => pulls.map(({ at, who, why }) => [host, at, who, why])),
    empty: 'The logs have none.',
  };
}

/** Each host that was killed was armed once, by this ceremony, and nobody had pulled its switch meanwhile for a reason that nobody approved to undo. */
export const serversSeeArmed: Act = async (context) => {
  const logs = await logsOfServers(context);
  if (!logs.ok) return logs;
  const planned = z.array(plannedHost).safeParse(context.state.data['servers.planArm']?.['hosts']);
  if (!planned.success) return failure('ceremony.notNow', { waitingFor: 'planArm' });
  const { ceremonyId } = context.state.genesis.data;
  return success(
    outcome({
      data: { hosts: logs.value.map(({ host, spans }) => ({ host, armedAt: spans.at(-1)?.armed?.at ?? '' })) },
      checks: [
        eachHost(
          'CER-ARM-ARMED',
          'every host serves; each that was killed was armed by this ceremony',
          logs.value,
          ({ host, spans }) => notArmed(spans.at(-1), ceremonyId, isToBeArmed(planned.data, host)),
        ),
        eachHost('CER-ARM-PULLS', 'the pulls that were approved, and no other', logs.value, ({ host, spans }) =>
          unapproved(
            spans,
            planned.data.find((one) => one.host === host),
          ),
        ),
      ],
      show: [armedTable(logs.value)],
    }),
  );
};

function isToBeArmed(planned: readonly PlannedHost[], host: string): boolean {
  return planned.some((one) => one.host === host && one.pulls.length > 0);
}

/** @param isToBeArmed false: it served already when people looked. If it was this ceremony that had killed it, it counts all the same. */
function notArmed(last: KilledSpan | undefined, ceremonyId: string, isToBeArmed: boolean): string | false {
  if (last?.armed === null) return 'is killed, by its log';
  if (last === undefined) return isToBeArmed && 'its log has no kill';
  if (!isToBeArmed && !isOf(ceremonyId, last)) return false;
  if (last.cameUpArmedAt !== '') return `came up armed at ${last.cameUpArmedAt}`;
  return !last.armed.why.includes(ceremonyId) && `armed by ${last.armed.who} for another reason (${last.armed.why})`;
}

const OTHER_PULLS = 'its log has other pulls than those that were approved';

/** What of the pulls since people read them is not what they approved to undo. */
function unapproved(spans: readonly KilledSpan[], planned: PlannedHost | undefined): string | false {
  if (planned === undefined) return OTHER_PULLS;
  const { seq, pulls: approved } = planned;
  const from = seq < 0 ? 0 : spans.findIndex((span) => span.seq === seq);
  if (from < 0) return OTHER_PULLS;
  // a host that served already is held against the kill before: only what came after it is new
  const since = (approved.length === 0 && seq >= 0 ? spans.slice(from + 1) : spans.slice(from)).flatMap(({ pulls }) => pulls);
  const other = since.find((pull, i) => canonical(pull) !== canonical(approved[i] ?? null));
  if (other !== undefined) return `${other.who} pulled it at ${other.at} (${other.why})`;
  return since.length < approved.length && OTHER_PULLS;
}

function armedTable(logs: readonly ServerLog[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Armed, by the logs',
    columns: ['Host', 'At', 'Who', 'Why'],
    rows: logs.map(({ host, spans }) => {
      const armed = spans.at(-1)?.armed;
      return [host, armed?.at ?? 'killed', armed?.who ?? '', armed?.why ?? ''];
    }),
    empty: 'None.',
  };
}
