import { join } from 'node:path';
import type { ProxyStatus } from '../contract/proxy-status';
import { failure } from '../contract/result';
import { ask } from '../control/ask';
import { PLACE } from '../control/place';
import { lockHolder, type LockHolder } from '../pack/lock';
import type { RunPlaces } from './run-places';
import type { Supervisor } from './supervisor';

/** How often it is looked whether somebody else runs a proxy here, ms; and how long its answer is waited for. */
const LOOK_MS = 1_000;
/** Every so many looks people are told, whatever was seen: the latch or the settings may have been changed in a terminal. */
const TELL_EVERY = 5;

/** A process with the state folder of this station's proxy that the supervisor did not start. */
export interface OtherProcess {
  /** null: there is none, or it does not say */
  readonly pid: () => number | null;
  /** what it says of itself */
  readonly status: () => ProxyStatus | null;
  /** `proxy.othersProcess` while it is there: what is asked of ours cannot be done. */
  readonly refusal: () => ReturnType<typeof failure> | null;
  readonly look: () => Promise<void>;
  /** Looks, or waits for the look that is under way. */
  readonly lookOnce: () => Promise<void>;
  readonly close: () => void;
}

/** Looks for it as long as none of ours runs, and tells the supervisor that it came or went. */
export function watchOtherProcess(supervisor: Supervisor, places: RunPlaces['now'], tell: () => void): OtherProcess {
  let other: LockHolder | null = null;
  let status: ProxyStatus | null = null;
  let isClosed = false;

  /** A process of ours runs, or nobody listens any more: what was found out meanwhile is of no use. */
  const isOurTurn = (): boolean => supervisor.isAlive || isClosed;

  function forget(): void {
    other = null;
    status = null;
  }

  async function look(): Promise<void> {
    if (isOurTurn()) {
      forget();
      return;
    }
    const { glance, state } = await places();
    const holder = glance === null ? null : await lockHolder(join(state, PLACE.lock)).catch(() => null);
    if (isOurTurn()) return;
    // This program itself writes the latch of a proxy that does not run under the same lock.
    if (holder === null || holder.pid === process.pid) {
      forget();
      if (supervisor.phase === 'attached') supervisor.handle({ what: 'freed' });
      return;
    }
    other = holder;
    const said = await ask(state, { verb: 'status' }, { timeoutMs: LOOK_MS });
    if (isOurTurn()) return;
    status = said.ok ? said.value : null;
    supervisor.handle({ what: 'attached' });
  }

  let looking: Promise<void> | null = null;
  const lookOnce = (): Promise<void> => (looking ??= look().finally(() => (looking = null)));
  let looks = 0;
  const timer = setInterval(() => {
    void lookOnce();
    if (!supervisor.isAlive && (looks += 1) % TELL_EVERY === 0) tell();
  }, LOOK_MS);
  timer.unref();

  return {
    pid: () => other?.pid ?? null,
    status: () => status,
    refusal: () =>
      supervisor.phase === 'attached' ? failure('proxy.othersProcess', other === null ? {} : { pid: other.pid }) : null,
    look,
    lookOnce,
    close: () => {
      isClosed = true;
      clearInterval(timer);
    },
  };
}
