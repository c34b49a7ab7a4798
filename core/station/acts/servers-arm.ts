import { z } from 'zod';
import { canonical } from '../../evidence/canonical';
import { failure, success } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { KilledSpan, ServerLog } from '../../pack/server-log';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act } from './act';
import { eachHost } from './each-host';
import { logsOfServers } from './servers-logs';

const plannedHost = z.object({
  host: z.string(),
  /** the pull that killed it last, also where it was armed since; '': its log has none */
  killedAt: z.string(),
  /** every pull since it served last; none: it serves */
  pulls: z.array(z.object({ at: z.string(), who: z.string(), why: z.string() })),
  /** labels of the keys that stay blocked */
  blocked: z.array(z.string()),
});
type PlannedHost = z.infer<typeof plannedHost>;

/**
 * Who killed each host, when and why, and every pull since, from their logs; hosts that serve are left as they are. The digest that
 * is approved is of exactly this.
 */
export const serversPlanArm: Act = async (context) => {
  const logs = await logsOfServers(context);
  if (!logs.ok) return logs;
  const hosts = logs.value.map(plannedOf);
  const killed = hosts.filter(({ pulls }) => pulls.length > 0);
  const text = canonical({ format: 'keyrite-arming-servers-1', hosts });
  return success(
    outcome({
      data: { hosts: hosts.map((host) => ({ ...host, pulls: host.pulls.map((pull) => ({ ...pull })) })) },
      values: { 'arming.digest': sha256Text(text) },
      checks: [killedCheck(logs.value)],
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
          ['Command', `keyrite arm --reason ${context.state.genesis.data.ceremonyId}, on every host that is killed`, true],
          ['Stay blocked', blockedOn(hosts) || 'no key'],
        ]),
        pullsTable(hosts),
      ],
      artefacts: [jsonArtefact('arming.json', text)],
    }),
  );
};

function plannedOf({ host, spans, blocked }: ServerLog): PlannedHost {
  const last = spans.at(-1);
  return { host, killedAt: last?.killedAt ?? '', pulls: last?.armed === null ? [...last.pulls] : [], blocked: [...blocked] };
}

function blockedOn(hosts: readonly PlannedHost[]): string {
  return hosts.flatMap(({ host, blocked }) => blocked.map((key) => `${key} on ${host}`)).join(', ');
}

/** One that came up armed was not armed by anybody: it has to be killed, and found out why. */
function killedCheck(logs: readonly ServerLog[]): Check {
  const wanted = 'a host is killed, and none came up armed';
  const open = logs.flatMap(({ host, spans }) =>
    spans.slice(-1).flatMap((last) => (last.armed === null ? [{ host, ...last }] : [])),
  );
  const leaked = open.filter(({ cameUpArmedAt }) => cameUpArmedAt !== '');
  const got = leaked.map(({ host, cameUpArmedAt }) => `${host} came up armed at ${cameUpArmedAt}`).join('; ');
  const isWell = open.length > 0 && leaked.length === 0;
  return check('CER-ARM-KILLED', isWell, wanted, isWell ? wanted : got || 'every host is armed already');
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

/** Each host was armed once, by this ceremony, and nobody had pulled its switch meanwhile for a reason that nobody approved to undo. */
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
        eachHost('CER-ARM-ARMED', 'armed on every host by this ceremony', logs.value, ({ host, spans }) =>
          notArmed(spans.at(-1), isToBeArmed(planned.data, host) ? ceremonyId : ''),
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

/** @param ceremonyId '' for a host that served already */
function notArmed(last: KilledSpan | undefined, ceremonyId: string): string | false {
  if (last?.armed === null) return 'is killed, by its log';
  if (ceremonyId === '') return false;
  if (last === undefined) return 'its log has no kill';
  if (last.cameUpArmedAt !== '') return `came up armed at ${last.cameUpArmedAt}`;
  return !last.armed.why.includes(ceremonyId) && `armed by ${last.armed.who} for another reason (${last.armed.why})`;
}

const OTHER_PULLS = 'its log has other pulls than those that were approved';

/** What of the pulls since people read them is not what they approved to undo. */
function unapproved(spans: readonly KilledSpan[], planned: PlannedHost | undefined): string | false {
  if (planned === undefined) return OTHER_PULLS;
  const { killedAt, pulls: approved } = planned;
  const from = killedAt === '' ? 0 : spans.findIndex((span) => span.killedAt === killedAt);
  if (from < 0) return OTHER_PULLS;
  // a host that served already is held against the kill before: only what came after it is new
  const since = (approved.length === 0 && killedAt !== '' ? spans.slice(from + 1) : spans.slice(from)).flatMap(
    ({ pulls }) => pulls,
  );
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
