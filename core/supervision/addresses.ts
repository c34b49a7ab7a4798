import { networkInterfaces } from 'node:os';
import type { SettingsGlance } from './settings-glance';

/** Addresses that the settings listen on and this machine does not have. */
export function addressesGone(glance: SettingsGlance): readonly string[] {
  const here = new Set(Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address)));
  const wanted = [glance.server?.ip ?? '', glance.metrics?.ip ?? ''];
  return wanted.filter((ip) => ip !== '' && ip !== '0.0.0.0' && ip !== '::' && ip !== 'localhost' && !here.has(ip));
}
