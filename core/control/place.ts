import { join } from 'node:path';

/** What lies in a state folder. */
export const PLACE = { latch: 'latch.json', lock: 'lock', socket: 'control.sock' } as const;

export function latchPath(stateFolder: string): string {
  return join(stateFolder, PLACE.latch);
}
