import { networkInterfaces } from 'node:os';
import type { CeremonyState } from '../../ceremony/state';
import type { RunMode } from '../../ceremony/view-model';
import { failure, success, type Result } from '../../contract/result';
import type { Check } from '../../keys/evidence';
import { check } from './act';

/** Interfaces that carry an address other than the loopback's. */
export function connectedInterfaces(): string[] {
  return Object.entries(networkInterfaces())
    .filter(([, addresses]) => addresses?.some(({ internal }) => !internal))
    .map(([name]) => name);
}

/**
 * An offline station has no network. In a rehearsal two people may waive that, and the waiver stands in the record; in production
 * there is nothing to waive: `policy.illegalCombination`.
 */
export function networkCheck(
  station: { readonly kind: 'online' | 'offline' },
  runMode: RunMode,
  isWaived = false,
): Result<Check> {
  const up = connectedInterfaces();
  const offline = station.kind === 'offline';
  if (offline && up.length > 0 && runMode === 'production')
    return failure('policy.illegalCombination', { because: STILL_UP(up) });
  const waived = isWaived && runMode === 'rehearsal' && up.length > 0 ? ', waived at the start of this rehearsal' : '';
  const got = up.length === 0 ? 'no network interface is up' : `up: ${up.join(', ')}${waived}`;
  const holds = !offline || up.length === 0 || waived !== '';
  return success(check('CER-STATION-NETWORK', holds, offline ? 'no network interface is up' : 'online station', got));
}

/** Why the half with the HSM may not be run here in production, or null. Asked before anything is begun. */
export function whyNotOffline(station: { readonly kind: 'online' | 'offline' }): string | null {
  if (station.kind !== 'offline')
    return 'This station is declared online. The half with the HSM runs at a station that is declared offline, under Settings.';
  const up = connectedInterfaces();
  return up.length === 0 ? null : STILL_UP(up);
}

const STILL_UP = (up: readonly string[]): string =>
  `This station is declared offline, and a network interface is up: ${up.join(', ')}. Pull the cable and switch the radio off.`;

/** Two people let a rehearsal go on at the preflight although a network interface was up. */
export function isNetworkWaived({ exceptions }: CeremonyState): boolean {
  return exceptions.some(
    ({ opened, decided }) => opened.expected.includes('CER-STATION-NETWORK') && decided?.decision === 'continue',
  );
}
