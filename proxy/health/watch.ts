import type { HealthAnswer, HealthState } from '../../core/xks/wire';
import type { Hsm, HsmAnswer } from '../hsm/port';
import { judge, type HealthVerdict, type Probe } from './verdict';

/** While the last proof failed, the next one comes sooner than the interval, in ms: nobody should wait long to hear that all is well. */
const SOON_MS = 1000;

/** The longest pause between two proofs, ms: with the time a proof takes, the last one must not grow older than a minute. */
const LATEST_MS = 50_000;

export interface HealthOptions {
  readonly intervalMs: number;
  readonly fleetSize: number;
  /** product and version, for xksProxyModel */
  readonly version: string;
}

export interface HealthWatch {
  /** The body of GetHealthStatus, from what is known now: never waits for the HSM. */
  readonly answer: () => HealthAnswer;
  readonly verdict: () => HealthVerdict;
  /** when the last proof ended, epoch ms; null before the first */
  readonly provenAt: () => number | null;
  /** Proves the HSM now; resolves when that is done. */
  readonly proveNow: () => Promise<void>;
  /** A request failed as if the HSM did: proves it now, once a second at most. */
  readonly doubt: () => void;
  readonly configure: (options: HealthOptions) => void;
  readonly close: () => void;
}

export interface HealthParts {
  readonly hsm: Pick<Hsm, 'probe' | 'state'>;
  readonly options: HealthOptions;
  readonly now: () => number;
  /** called when the state differs from the last one */
  readonly onChange: (verdict: HealthVerdict) => void;
}

const WITHOUT_KEY = 'There is no health key, so only the session was proven. Make one: keyrite proxy --make-health-key.';

function probeOf(answer: HsmAnswer<HealthState>, at: number, tookMs: number): Probe {
  if (!answer.ok) return { at, tookMs, found: 'UNAVAILABLE', problem: `${answer.error.message} (${answer.error.reason})` };
  return { at, tookMs, found: answer.value, problem: answer.value === 'ACTIVE' ? '' : WITHOUT_KEY };
}

function unopened(at: number): Probe {
  return { at, tookMs: 0, found: 'UNAVAILABLE', problem: 'No session with the HSM is open.' };
}

/** Proves the HSM in the background, so that a health call costs it nothing and is answered at once. */
export function watchHealth({ hsm, options: first, now, onChange }: HealthParts): HealthWatch {
  let options = first;
  let probe: Probe | null = null;
  let timer: NodeJS.Timeout | undefined;
  let last: HealthVerdict['state'] | null = null;
  let isClosed = false;
  let underWay: Promise<void> | null = null;

  const verdict = (): HealthVerdict => judge(hsm.state(), probe, now());

  const report = (): void => {
    const found = verdict();
    if (found.state === last) return;
    last = found.state;
    onChange(found);
  };

  const prove = async (): Promise<void> => {
    clearTimeout(timer);
    const began = now();
    // Without a session a proof would only wait for its deadline.
    probe = hsm.state().sessions.ready === 0 ? unopened(began) : probeOf(await hsm.probe(), now(), now() - began);
    if (isClosed) return;
    report();
    timer = setTimeout(() => void proveNow(), Math.min(options.intervalMs, probe.found === 'UNAVAILABLE' ? SOON_MS : LATEST_MS));
    timer.unref();
  };

  const proveNow = (): Promise<void> => {
    underWay ??= prove().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  void proveNow();
  return {
    verdict,
    provenAt: () => probe?.at ?? null,
    proveNow,
    doubt: () => {
      if (now() - (probe?.at ?? 0) > SOON_MS) void proveNow();
    },
    answer: () => healthAnswer(hsm.state().token, options, verdict().state),
    configure: (next) => {
      options = next;
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function healthAnswer(
  token: ReturnType<Hsm['state']>['token'],
  { fleetSize, version }: HealthOptions,
  healthStatus: HealthState,
): HealthAnswer {
  return {
    xksProxyFleetSize: fleetSize,
    xksProxyVendor: 'Keyrite',
    xksProxyModel: `Keyrite XKS proxy ${version}`,
    ekmVendor: token?.manufacturer || 'unknown',
    ekmFleetDetails: [{ id: token?.serial || 'unknown', model: token?.model || 'unknown', healthStatus }],
  };
}
