import type { Check } from '../../keys/evidence';
import { check } from './act';
import type { KeptCall } from './drill-ground';

/** Uses that went through without their line in any log: somebody served them whom nobody counted. */
export function noOrphan(orphans: readonly KeptCall[], wanted: string): Check {
  const ids = orphans.map(({ requestId }) => requestId).join(', ');
  return check('CER-DRILL-NO-ORPHAN', orphans.length === 0, wanted, ids || wanted);
}
