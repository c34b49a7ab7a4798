import { setTimeout as pause } from 'node:timers/promises';
import type { ProxyStatus } from '../contract/proxy-status';
import { failure, success, type Result } from '../contract/result';
import type { Act } from '../control/act';
import type { StationProxy } from '../station/proxy-port';
import type { SettingsGlance } from './settings-glance';
import { isUp, type Supervisor } from './supervisor';

export interface TokenLoginParts {
  readonly supervisor: Supervisor;
  /** of a proxy that something else started */
  readonly askThem: StationProxy['ask'];
  /** Looks at that one anew. */
  readonly look: () => Promise<void>;
  readonly glance: () => Promise<SettingsGlance | null>;
  /** The PIN that no person has to give, for these settings. */
  readonly practicePinFor: (glance: SettingsGlance | null) => Uint8Array | null;
  /** Nobody but a person can give the PIN. */
  readonly isPinWanted: (glance: SettingsGlance | null) => boolean;
  /** Ends our process, and has it stay ended until a person starts it. */
  readonly stop: (how: { readonly isAtOnce: boolean }) => Promise<Result<null>>;
}

export interface TokenLogin {
  /** Errors: `proxy.pinNeeded`, `proxy.overtaken` (a log-out came after it and counts), `proxy.loginRefused`, `proxy.noSession`; what the process ended with; its own refusals. */
  readonly login: (act: Act, pin: Uint8Array | null) => Promise<Result<ProxyStatus>>;
  /** How often `logOut` was called: a login or a start that waited for something compares, for a log-out meanwhile counts. */
  readonly logOuts: () => number;
  /** Errors: `proxy.logOutNotKept`, and those of asking a proxy that something else started. */
  readonly logOut: (act: Act) => Promise<Result<null>>;
}

/** How long a proxy may take to answer, ms. */
const ANSWER_MS = 10_000;
/** How long a process of ours may take to log out, ms: what has not left its HSM process by half a second is ended there. */
const LOG_OUT_MS = 3_000;
/** Loading a library, finding the token, logging in: how long a login waits for a session, ms. */
const SESSION_MS = 20_000;
const SETTLE_MS = 40;

/**
 * Login and log-out of a proxy that runs. To a process of ours a PIN goes over its own channel, as bytes, and is kept for its next
 * crash; the PIN of another program's process is not ours to keep.
 */
export function tokenLogin(parts: TokenLoginParts): TokenLogin {
  const { supervisor, askThem } = parts;
  let logOuts = 0;

  /** Waits for what the token says to a login that is tried now; killed, it waits for the arming. */
  async function loggedIn(): Promise<Result<ProxyStatus>> {
    const until = performance.now() + SESSION_MS;
    for (;;) {
      const status = await supervisor.ask({ verb: 'status' }, ANSWER_MS);
      if (!supervisor.isAlive && supervisor.problem !== null) return { ok: false, error: supervisor.problem };
      if (!status.ok || isUp(status.value)) return status;
      const { condition, problem } = status.value.hsm;
      if (condition === 'loginRefused') {
        supervisor.pin.forget();
        return failure('proxy.loginRefused', { problem });
      }
      if (performance.now() > until) return failure('proxy.noSession', { problem });
      await pause(SETTLE_MS);
    }
  }

  async function loginOurs(act: Act, pin: Uint8Array | null): Promise<Result<ProxyStatus>> {
    const before = logOuts;
    const glance = await parts.glance();
    if (logOuts !== before) return failure('proxy.overtaken');
    if (pin === null && parts.isPinWanted(glance)) return failure('proxy.pinNeeded');
    const given = pin ?? (supervisor.pin.isEmpty ? parts.practicePinFor(glance) : null);
    const done = await supervisor.ask({ verb: 'login', act, pin: given }, ANSWER_MS);
    if (!done.ok) return done;
    if (logOuts !== before) return failure('proxy.overtaken');
    // Not before: what the process said earlier of its log-out has come by now, and had the PIN forgotten.
    if (given !== null) supervisor.pin.hold(given);
    return loggedIn();
  }

  async function loginTheirs(act: Act, pin: Uint8Array | null): Promise<Result<ProxyStatus>> {
    const done = await askThem({ verb: 'login', act, pin });
    if (!done.ok) return done;
    await parts.look();
    return askThem({ verb: 'status' });
  }

  async function logOutTheirs(act: Act): Promise<Result<null>> {
    const done = await askThem({ verb: 'logout', act });
    await parts.look();
    if (!done.ok) return done;
    return done.value.isKept ? success(null) : failure('proxy.logOutNotKept');
  }

  async function logOutOurs(act: Act): Promise<Result<null>> {
    supervisor.pin.forget();
    const done = await supervisor.ask({ verb: 'logout', act }, LOG_OUT_MS);
    if (done.ok && done.value.isKept) return success(null);
    // its sessions end with it
    return parts.stop({ isAtOnce: !done.ok });
  }

  return {
    login: async (act, pin) => {
      try {
        return await (supervisor.isAlive ? loginOurs(act, pin) : loginTheirs(act, pin));
      } finally {
        pin?.fill(0);
      }
    },
    logOuts: () => logOuts,
    logOut: (act) => {
      logOuts += 1;
      return supervisor.phase === 'attached' ? logOutTheirs(act) : logOutOurs(act);
    },
  };
}
