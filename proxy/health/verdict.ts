import type { HealthState } from '../../core/xks/wire';
import type { HsmState } from '../hsm/port';

/** A health answer may be at most this old (XKS proxy API specification, "GetHealthStatus"). */
export const OLDEST_MS = 60_000;

/** A probe that takes longer than this, in ms, would eat most of the 250 ms that KMS waits. */
export const SLOW_PROBE_MS = 150;

/** The last try to encrypt and decrypt with the health key. */
export interface Probe {
  /** epoch ms at its end */
  readonly at: number;
  readonly tookMs: number;
  /** the whole round trip was right; DEGRADED: it answered, but there is no health key to prove it with */
  readonly found: HealthState;
  /** why, for people; '' when all is well */
  readonly problem: string;
}

export interface HealthVerdict {
  readonly state: HealthState;
  /** for people, '' when ACTIVE */
  readonly problem: string;
}

const unavailable = (problem: string): HealthVerdict => ({ state: 'UNAVAILABLE', problem });
const degraded = (problem: string): HealthVerdict => ({ state: 'DEGRADED', problem });

/** Why the pool cannot serve at all, '' when it can. */
function outage({ condition, problem, sessions }: HsmState): string {
  switch (condition) {
    case 'killed':
      return 'The kill switch is on.';
    case 'loginRefused':
      return problem === '' ? 'The token refused the PIN; a person has to act.' : problem;
    case 'loggedOut':
      return problem;
    case 'starting':
    case 'stopped':
      return problem === '' ? 'No session with the HSM is open yet.' : problem;
    default:
      return sessions.ready === 0 ? problem || 'No session with the HSM is open.' : '';
  }
}

function shortage({ condition, problem, sessions }: HsmState): string {
  if (sessions.hung > 0) return `${sessions.hung} of ${sessions.wanted} sessions hang in the PKCS#11 module.`;
  if (condition === 'recovering') return problem || 'Sessions with the HSM are being opened again.';
  return sessions.ready < sessions.wanted ? `${sessions.ready} of ${sessions.wanted} sessions are open.` : '';
}

/**
 * What the three states mean here. ACTIVE: a round trip with the health key was right within the last minute, fast enough, with
 * every session open. DEGRADED: KMS is served, but something of that is missing. UNAVAILABLE: no request would succeed, or nothing
 * has been proven for a minute.
 */
export function judge(hsm: HsmState, probe: Probe | null, now: number): HealthVerdict {
  const out = outage(hsm);
  if (out !== '') return unavailable(out);
  if (probe === null) return unavailable('The HSM has not been proven yet.');
  if (now - probe.at > OLDEST_MS) return unavailable('The last proof of the HSM is more than a minute old.');
  if (probe.found === 'UNAVAILABLE') return unavailable(probe.problem);
  const short = shortage(hsm);
  if (short !== '') return degraded(short);
  if (probe.found === 'DEGRADED') return degraded(probe.problem);
  if (probe.tookMs > SLOW_PROBE_MS)
    return degraded(`The HSM took ${Math.round(probe.tookMs)} ms for the proof; KMS waits 250 ms.`);
  return { state: 'ACTIVE', problem: '' };
}
