import { networkInterfaces } from 'node:os';

/** Interfaces that carry an address other than the loopback's. */
export function connectedInterfaces(): string[] {
  return Object.entries(networkInterfaces())
    .filter(([, addresses]) => addresses?.some(({ internal }) => !internal))
    .map(([name]) => name);
}
