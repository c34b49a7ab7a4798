import { resolve } from 'node:path';
import type { Places } from '../../proxy/run/places';

/** Also true of a file built from this one: both lie two folders below the repository. */
export const RESOURCES = resolve(import.meta.dirname, '../../resources');

export function places(hsmProcess: string): Places {
  return { hsmProcess, resources: RESOURCES };
}
