import type { KillOutcome } from '../core/contract/proxy-values';
import { plainText } from '../core/control/act';
import { killOutcome } from '../core/supervision/kill-outcome';
import type { SupervisedProxy } from '../core/supervision/station-proxy';
import { LOG, type Log } from './log';

/** From a kill until every snapshot shows it, ms. */
const JUST_MS = 10_000;

/** The one way that screen, menu, tray and shortcut kill. */
export interface KillSwitch {
  /** Never refused. `why` is for the audit log. */
  readonly kill: (why: string) => Promise<KillOutcome>;
  /** it was used a moment ago, so nobody here has to be told of the kill */
  readonly isJustUsed: () => boolean;
}

export function openKillSwitch(proxy: Pick<SupervisedProxy, 'kill'>, user: string, log: Log): KillSwitch {
  let usedAt = -Infinity;
  return {
    kill: async (why) => {
      const began = performance.now();
      usedAt = began;
      const end = await proxy.kill({ who: plainText(user), why: plainText(why) });
      const outcome = killOutcome(end, Math.round((performance.now() - began) * 10) / 10);
      log.note(LOG.proxyKilled, { how: outcome.how, tookMs: outcome.tookMs, isInOrder: outcome.problem === '' });
      return outcome;
    },
    isJustUsed: () => performance.now() - usedAt < JUST_MS,
  };
}
