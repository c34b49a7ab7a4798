import type { ProxyPhase } from '../contract/proxy-values';
import type { Failure } from '../contract/result';

/** Limits of the supervision. Milliseconds of a clock that only goes forward. */
export const LIMITS = {
  /** from the start of the process until it says that it serves; its HSM may come later */
  readyMs: 30_000,
  /** between two questions whether it is still there */
  beatMs: 1_000,
  /** questions without an answer until people are told */
  unresponsiveAfter: 2,
  /** the same until it is ended */
  endedAfter: 5,
  /** a timer that fires this much too late says that this machine slept or we did, and nothing about the proxy */
  lateMs: 2_000,
  /** for requests under way, after it was asked to stop */
  drainMs: 8_000,
  /** before the first, second, ... restart of a window */
  backOffMs: [0, 100, 500, 2_000, 5_000],
  restarts: 5,
  windowMs: 600_000,
} as const;

/** Where the supervision stands. Only `policy` makes a new one. */
export interface Standing {
  readonly phase: ProxyPhase;
  /** a process of ours was started and has not been seen to end */
  readonly isAlive: boolean;
  /** SIGKILL was sent to it */
  readonly isEnding: boolean;
  /** a person wants it to run, and nothing terminal has happened since */
  readonly isWanted: boolean;
  /** a kill is under way: nothing is started until its latch is written */
  readonly isKilling: boolean;
  /** its next end was asked for (a drill, a kill) and counts as no crash */
  readonly isAsked: boolean;
  /** why it waits or failed */
  readonly problem: Failure | null;
  /** said by the process, or found out about it: it must not be started again, and ends */
  readonly verdict: Failure | null;
  /** when it was restarted after crashes, oldest first, of the window that counts */
  readonly restarts: readonly number[];
  readonly isBeatOpen: boolean;
  readonly missed: number;
  /** when `due` is to come; null: nothing is waited for */
  readonly dueAt: number | null;
}

export const AT_REST: Standing = {
  phase: 'stopped',
  isAlive: false,
  isEnding: false,
  isWanted: false,
  isKilling: false,
  isAsked: false,
  problem: null,
  verdict: null,
  restarts: [],
  isBeatOpen: false,
  missed: 0,
  dueAt: null,
};

/** How a process ended: by itself as it was asked to, with something starting again cannot help, or otherwise. */
export type Ending = 'done' | 'unusable' | 'crash';

export type SupervisionEvent =
  /** a person wants it to run, or to be started anew */
  | { readonly what: 'start' }
  /** a person wants it to pause */
  | { readonly what: 'stop' }
  /** a person pulled the switch; `killed` follows */
  | { readonly what: 'kill' }
  /** `isAcknowledged`: the process said so itself; `unkept`: why a start would not surely come up killed, null where it would */
  | { readonly what: 'killed'; readonly isAcknowledged: boolean; readonly unkept: Failure | null }
  /** a drill: SIGKILL, as a crash would */
  | { readonly what: 'crash' }
  | { readonly what: 'ready' }
  /** the process said why it does not start; its end follows */
  | { readonly what: 'refused'; readonly problem: Failure }
  /** the token refused the PIN that this process was started with */
  | { readonly what: 'loginRefused'; readonly problem: Failure }
  | { readonly what: 'exited'; readonly how: Ending; readonly problem: Failure }
  | { readonly what: 'answered' }
  | { readonly what: 'due' }
  /** the machine slept until now */
  | { readonly what: 'woke' }
  /** a process that is not ours runs with the state folder, or does not any more */
  | { readonly what: 'attached' }
  | { readonly what: 'freed' };

/** What has to be done. `beat`: ask whether it is there; `drain`: ask it to stop; `end`: SIGKILL. */
export type Order = 'start' | 'beat' | 'drain' | 'end' | 'forgetPin';

export interface Step {
  readonly standing: Standing;
  readonly orders: readonly Order[];
}
