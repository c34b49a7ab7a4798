import type { ProxyStatus } from '../../../core/contract/proxy-status';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { isServing } from '../../../core/contract/serving';

/** The one thing to know first: can KMS use the keys through this station, and if not, why. */
export type Standing =
  | 'serving'
  | 'notServing'
  | 'loggedOut'
  | 'killed'
  | 'starting'
  | 'unresponsive'
  | 'waiting'
  | 'stopping'
  | 'paused'
  | 'failed'
  | 'asking';

/**
 * The latch comes before everything else: killed is killed, whatever the process does. A latch that nobody can read counts as
 * killed, for that is how the proxy would start.
 */
export function standingOf({ latch, process, status }: Pick<ProxySnapshot, 'latch' | 'process' | 'status'>): Standing {
  if (latch.state !== 'armed') return 'killed';
  switch (process.phase) {
    case 'stopped':
      return 'paused';
    case 'ready':
    case 'attached':
      if (status === null) return 'asking';
      if (isServing(status)) return 'serving';
      if (status.hsm.condition === 'loggedOut') return 'loggedOut';
      // the first second of every run: the sessions are being opened, and nothing is wrong yet
      return status.hsm.condition === 'starting' ? 'starting' : 'notServing';
    default:
      return process.phase;
  }
}

/** A process that can be asked what it did. */
export function isRunning({ process }: Pick<ProxySnapshot, 'process'>): boolean {
  return process.phase === 'ready' || process.phase === 'attached' || process.phase === 'unresponsive';
}

/** Does a session with the token exist, or could one come without a person? */
export function mayBeLoggedIn({ process, status }: Pick<ProxySnapshot, 'process' | 'status'>): boolean {
  if (process.phase === 'stopped' || process.phase === 'failed') return false;
  return status === null || status.hsm.loggedOut === 'no';
}

export type Obstacle = 'login' | 'token' | 'health' | 'audit';

/** What stands in the way of an armed proxy that does not serve, with what it says of it itself. */
export function obstaclesOf(status: ProxyStatus): readonly { readonly what: Obstacle; readonly problem: string }[] {
  const { hsm, health, audit } = status;
  const works = hsm.condition === 'serving' || hsm.condition === 'recovering';
  return [
    ...(works ? [] : [{ what: hsm.condition === 'loginRefused' ? 'login' : 'token', problem: hsm.problem } as const]),
    ...(health.state === 'UNAVAILABLE' ? [{ what: 'health', problem: health.problem } as const] : []),
    ...(audit.isRequired && !audit.isWritable ? [{ what: 'audit', problem: audit.problem } as const] : []),
  ];
}
