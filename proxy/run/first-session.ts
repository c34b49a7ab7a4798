import { setTimeout as pause } from 'node:timers/promises';
import type { HsmEvent } from '../hsm/options';
import type { Hsm } from '../hsm/port';

/** What ends the waiting: a session is open, or the first try failed. Nobody wants a wrong PIN to be tried twice. */
const DECIDING: ReadonlySet<HsmEvent['what']> = new Set(['ready', 'startFailed', 'loginRefused', 'ended']);

/** Waits for the first session with an HSM that was just opened. */
export class FirstSession {
  readonly #decided = new AbortController();

  /** To be told of every event of the HSM. */
  hear({ what }: HsmEvent): void {
    if (DECIDING.has(what)) this.#decided.abort();
  }

  /** @returns '' once a session is open, or why there is none, for people */
  async problem(hsm: Pick<Hsm, 'state'>, withinMs: number): Promise<string> {
    const { condition } = hsm.state();
    if (condition !== 'loginRefused' && condition !== 'loggedOut') {
      await pause(withinMs, undefined, { signal: this.#decided.signal }).catch(() => undefined);
    }
    const { sessions, problem } = hsm.state();
    if (sessions.ready > 0) return '';
    return problem === '' ? 'The HSM did not answer.' : problem;
  }
}
