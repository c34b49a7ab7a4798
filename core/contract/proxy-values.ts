import type { MachineEvent } from './machine-event';
import type { Failure } from './result';
import type { ProxyStatus } from './proxy-status';

/**
 * Where a supervised process is. `waiting`: it ended and is started again at `nextAt`; `failed`: it is not, until a person acts;
 * `attached`: a proxy runs that something else started (a login service, a terminal).
 */
export const PROXY_PHASES = [
  'stopped',
  'starting',
  'ready',
  'unresponsive',
  'waiting',
  'stopping',
  'failed',
  'attached',
] as const;

export type ProxyPhase = (typeof PROXY_PHASES)[number];

/** The proxy's process as its supervisor knows it. Times are ISO 8601 UTC. */
export interface ProxyProcess {
  readonly phase: ProxyPhase;
  /** since when it is in this phase */
  readonly since: string;
  readonly pid: number | null;
  /** why it waits or failed: code with its detail */
  readonly problem: Failure | null;
  /** the last lines it printed, newest last; for people who look for the reason */
  readonly lastWords: readonly string[];
  /** restarts within the window that ends in `failed` */
  readonly restarts: number;
  readonly restartLimit: number;
  readonly nextAt: string | null;
}

/** Everything the app knows of this station's proxy, as one whole. */
export interface ProxySnapshot {
  /** false: no proxy was set up on this station; everything else is empty then */
  readonly isSetUp: boolean;
  /** true: a practice proxy, over the embedded token */
  readonly rehearsal: boolean;
  readonly process: ProxyProcess;
  /** what the running proxy says of itself; null: none answers */
  readonly status: ProxyStatus | null;
  /**
   * The latch as the screen must show it: of the running proxy, else of its file. `unknown` comes with a problem and counts as
   * killed, because that is how the proxy would start.
   */
  readonly latch: {
    readonly state: 'armed' | 'killed' | 'unknown';
    readonly by: string;
    readonly why: string;
    readonly at: string;
    readonly problem: string;
  };
  /** the PIN has to be entered before it can start */
  readonly needsPin: boolean;
  /** a login service of this machine keeps the proxy running without the app */
  readonly service: 'none' | 'installed' | 'running';
  /** addresses the settings listen on that this machine does not have now (a cable, a VPN) */
  readonly addressesGone: readonly string[];
  /** what happened to this machine since the app runs, newest first: at most ten */
  readonly machine: readonly MachineEvent[];
  /** the switch outside of this window */
  readonly switches: ProxySwitches;
}

/** Where the kill switch can be reached besides the screen and the menu. */
export interface ProxySwitches {
  /** the shortcut that kills from anywhere on this desktop, as Electron writes it; '' where there is no desktop */
  readonly shortcut: string;
  /** false: another program has taken it, or the desktop does not let programs have any */
  readonly isShortcutOn: boolean;
  /** false: this desktop shows no tray, so closing the window asks what shall become of the proxy */
  readonly hasTray: boolean;
}

/** How a kill from the app went. The latch holds after a restart unless `problem` says otherwise. */
export interface KillOutcome {
  readonly how: 'acknowledged' | 'notRunning' | 'forced' | 'failed';
  /** from the call to the answer that no operation runs any more, ms */
  readonly tookMs: number;
  readonly problem: string;
}
