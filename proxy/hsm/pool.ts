import type { HsmOptions } from './options';
import type { Hsm, HsmRules } from './port';

/** The HSM behind a pool of processes. Answers at once; `state` tells how the start goes. */
export function openHsm(_options: HsmOptions, _rules: HsmRules): Hsm {
  throw new Error('not yet');
}
