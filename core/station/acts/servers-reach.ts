import type { CeremonyState } from '../../ceremony/state';
import { readDeploymentPlan } from '../../deployment/plan';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { ServerLog } from '../../pack/logged-host';
import { check, type ActContext } from './act';
import { eachHost } from './each-host';
import { exportedChange, reloadReason } from './servers-export';
import { QUIET_MS } from './store-credential';

/**
 * Do the copies of the logs reach far enough for what is read in them? All of it is asked when they come in, while a host can still be
 * mended and better copies be fetched: an old copy is quiet about everything.
 */
export function reachChecks(
  { state, now }: Pick<ActContext, 'state' | 'now'>,
  logs: readonly ServerLog[],
  requestIds: ReadonlySet<string>,
): readonly Check[] {
  return [linesCheck(logs, requestIds), ...reloadedChecks(state, logs), ...quietChecks(watchOf(state), logs, now().getTime())];
}

function linesCheck(logs: readonly ServerLog[], requestIds: ReadonlySet<string>): Check {
  const there = new Set(logs.flatMap(({ requests }) => requests.map(({ kmsRequestId }) => kmsRequestId)));
  const missing = [...requestIds].filter((id) => !there.has(id));
  const wanted = 'a line for every use';
  return check('CER-SERVERS-REACH', missing.length === 0, wanted, missing.map((id) => `none for ${id}`).join(', ') || wanted);
}

/** Where settings were carried to the servers, the last reload of each host is the one that took over the last of them. */
function reloadedChecks(state: CeremonyState, logs: readonly ServerLog[]): readonly Check[] {
  const change = exportedChange(state);
  if (change === 0) return [];
  const reason = reloadReason({ state }, change);
  return [
    eachHost('CER-SERVERS-RELOADED', `reloaded, "${reason}"`, logs, ({ reloads }) => {
      const why = reloads.at(-1)?.why;
      return why === reason ? false : why === undefined ? 'no reload in its log' : `its last reload says "${why}"`;
    }),
  ];
}

/** Credentials that AWS KMS shall not use any more, and since when. */
interface Watch {
  readonly ids: readonly string[];
  /** ms since 1970, by the clock of the station */
  readonly since: number;
  readonly quietMs: number;
}

/** null: there are none, or AWS KMS was not given the new one yet. */
function watchOf({ data, runMode }: CeremonyState): Watch | null {
  const updated = data['aws.updateStore']?.['updatedAt'];
  const deployment = readDeploymentPlan(data['servers.export']?.['deployment']);
  if (typeof updated !== 'string' || !deployment.ok || deployment.value.olderCredentials.length === 0) return null;
  const ids = deployment.value.olderCredentials.map(({ accessKeyId }) => accessKeyId);
  return { ids, since: Date.parse(updated), quietMs: QUIET_MS[runMode] };
}

/** Clocks of hosts and of the station agree that far, ms: AWS refuses requests that are further off. */
const CLOCKS_WITHIN_MS = 60_000;

/**
 * Each log must go on for the whole time without a use of them: after the change, and after their last use. The clock of a host may
 * be set, so the time must have passed by that of the station as well, and no log ends later than that.
 */
function quietChecks(watch: Watch | null, logs: readonly ServerLog[], now: number): readonly Check[] {
  if (watch === null) return [];
  const isEarly = now - watch.since < watch.quietMs;
  const wanted = `not used for ${watch.quietMs / 1000} s, as each log says`;
  return [
    eachHost('CER-CREDENTIAL-QUIET', wanted, logs, (log) => {
      const end = Date.parse(log.lastAt);
      if (isEarly) return 'too early to say, by the clock of this station';
      if (end - now > CLOCKS_WITHIN_MS) return `its log ends at ${log.lastAt}, which is still to come`;
      if (end - watch.since < watch.quietMs) return `its log ends at ${log.lastAt}, too early to say`;
      const busy = watch.ids.filter((id) => end - (Date.parse(lastUse(log, id)) || 0) < watch.quietMs);
      return busy.length > 0 && `${busy.join(', ')} is still in use`;
    }),
  ];
}

function lastUse({ credentials }: ServerLog, id: string): string {
  return credentials.find(({ accessKeyId }) => accessKeyId === id)?.lastAt ?? '';
}

/** When each host was called with an old credential last. */
export function watchBlocks(state: CeremonyState, logs: readonly ServerLog[]): readonly ShowBlock[] {
  const watch = watchOf(state);
  if (watch === null) return [];
  return [
    {
      kind: 'table',
      title: 'Old credentials at the servers',
      columns: ['Host', 'Access key id', 'Used last', 'Its log ends'],
      rows: logs.flatMap((log) => watch.ids.map((id) => [log.host, id, lastUse(log, id) || 'never', log.lastAt])),
      empty: 'None.',
    },
  ];
}
