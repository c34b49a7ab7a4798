import type { Act } from '../control/act';
import type { Answer, ControlRequest, ControlVerb } from '../control/contract';
import type { KillEnd } from '../control/kill';
import type { ProxyStatus } from '../contract/proxy-status';
import type { Failure, Result } from '../contract/result';

/** The XKS proxy of this station, under its supervisor. Everything it needs lies in one folder of its own. */
export interface StationProxy {
  /** `settings.toml`, and beside it `state`, `audit`, `secrets`, `tls` and `policy.cedar`; mode 0700, made on first use */
  readonly folder: () => Promise<Result<string>>;
  /**
   * Starts it with the settings that are there now, or starts it anew. The PIN goes to the process in one message and is overwritten;
   * null: the one it was given before, or none is needed. Answers when the proxy serves (killed counts as serving its refusals), or
   * with why it does not: a wrong PIN, settings it cannot use, a port that is taken, a token that is missing.
   */
  readonly start: (pin: Uint8Array | null) => Promise<Result<ProxyStatus>>;
  /** Requests under way are answered, then the process ends. */
  readonly stop: () => Promise<Result<null>>;
  /** Its settings name the token for practice. */
  readonly isForPractice: () => Promise<boolean>;
  readonly ask: <V extends ControlVerb>(request: Extract<ControlRequest, { verb: V }>) => Promise<Result<Answer<V>>>;
  /** The switch: works whatever state proxy and HSM are in. */
  readonly kill: (act: Act) => Promise<KillEnd>;
  /**
   * What keeps it from running, where it will not come by itself: `proxy.pinNeeded`, `proxy.notRunning`, or what it ended with. null:
   * it runs, comes up, or is started again in a moment.
   */
  readonly standstill: () => Promise<Failure | null>;
  /** For drills: SIGKILL for the process, as a crash or a reboot would; the supervisor starts it again. Answers when it is up again. */
  readonly crash: () => Promise<Result<ProxyStatus>>;
}
