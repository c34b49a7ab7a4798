import { join } from 'node:path';
import { importedKey } from '../core/rehearsal/practice-key';
import type { FindImported } from './kms-key';

/** The tag of a key comes from AWS and could hold anything: only what is an id of a ceremony becomes a folder's name. */
const CEREMONY_ID = /^[a-z0-9][a-z0-9-]{3,80}$/;

/** Looks into this station's evidence. A record that is not here, or not whole, says nothing: it only fills in a form. */
export function findImported(evidenceFolder: string): FindImported {
  return async (ceremonyId) => {
    if (!CEREMONY_ID.test(ceremonyId)) return null;
    try {
      const found = await importedKey(join(evidenceFolder, ceremonyId));
      return found.ok ? { label: found.value.keyLabel, ckaId: found.value.ckaId, kmsKeyArn: found.value.kmsKeyArn } : null;
    } catch {
      // No such folder, or a line that is no JSON: `importedKey` is for records that are known to be whole.
      return null;
    }
  };
}
