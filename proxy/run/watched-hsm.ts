import { TOOL } from '../../core/contract/tool';
import { watchMachine } from '../../core/control/machine-watch';
import type { Audit } from '../audit/audit';
import { watchHealth, type HealthWatch } from '../health/watch';
import { openHsm } from '../hsm/pool';
import type { Hsm } from '../hsm/port';
import type { Latch } from '../latch';
import type { Log } from '../log';
import type { Settings } from '../settings/settings';
import type { Closing } from './closing';
import { hsmOptions } from './hsm-options';
import { choicesOf, type InForce } from './in-force';
import { checkKeys, type KeyCheck } from './key-check';
import type { PinAtHand } from './pin-at-hand';
import type { Places } from './places';

export interface WatchedParts {
  readonly settings: Settings;
  readonly places: Places;
  /** the state folder */
  readonly folder: string;
  readonly audit: Audit;
  readonly latch: Latch;
  readonly log: Log;
  readonly pin: PinAtHand;
}

const now = (): number => Date.now();

/** How often machine and clocks are looked at, ms. */
const LOOK_MS = 500;
/** After more than this, ms, what was proven of the HSM is of before: its sessions and the network to it may be gone. */
const GAP_MS = 1_000;

/** The HSM, and what watches it. */
export interface Watched {
  readonly hsm: Hsm;
  readonly health: HealthWatch;
  readonly keys: KeyCheck;
}

/** Opens the pool, and everything that looks after it. Closed in the opposite order by `closing`. */
export async function openWatched(parts: WatchedParts, inForce: () => InForce, closing: Closing): Promise<Watched> {
  const { audit, latch, log, pin } = parts;
  const watched: { health?: HealthWatch; keys?: KeyCheck } = {};
  const hsm = openHsm(
    {
      ...(await hsmOptions(parts.settings, parts.places, process.env)),
      pin: () => pin.copy(),
      pinChangedAt: () => pin.changedAt,
      stateFolder: parts.folder,
      isKilled: latch.state().killed,
      now,
      onEvent: ({ what, pid, why }) => {
        const isTrouble = what === 'startFailed' || what === 'condemned' || what === 'hung' || what === 'loginRefused';
        log[isTrouble ? 'warn' : 'info'](`HSM process: ${what}`, { pid, why });
        if (isTrouble) void audit.act(`hsm.${what}`, { pid, why });
        if (what !== 'ready') return;
        void watched.health?.proveNow();
        watched.keys?.look();
      },
    },
    latch,
  );
  closing.add(() => hsm.stop());
  const { intervalMs, fleetSize } = inForce().settings.health;
  const health = watchHealth({
    hsm,
    options: { intervalMs, fleetSize, version: TOOL.version },
    now,
    onChange: ({ state, problem }) => {
      log[state === 'ACTIVE' ? 'info' : 'warn'](`health: ${state}`, { problem });
      void audit.act('healthChanged', { state, problem });
    },
  });
  watched.health = health;
  closing.add(() => health.close());
  const machine = watchMachine({
    everyMs: LOOK_MS,
    toleranceMs: GAP_MS,
    onEvent: ({ what, ...facts }) => {
      log.warn(`the machine: ${what}`, facts);
      void health.proveNow();
    },
  });
  closing.add(() => machine.close());
  watched.keys = checkKeys({
    hsm,
    keys: () => choicesOf(inForce().settings),
    onChange: (problems) => {
      log[problems.length > 0 ? 'warn' : 'info']('keys of the settings that cannot be used', { problems });
      void audit.act('keysChecked', { problems: problems.map((one) => ({ ...one })) });
    },
  });
  closing.add(() => watched.keys?.close());
  return { hsm, health, keys: watched.keys };
}
