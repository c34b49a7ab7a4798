import { canonical } from '../../evidence/canonical';
import { success, type Result } from '../../contract/result';
import type { CeremonyState } from '../../ceremony/state';
import { readExpiry } from '../../keys/expiry';
import type { Expiration, ImportRequest } from '../../kms/port';
import { sha256Text } from '../../pack/sha256';
import { fetchedSets, type ImportSet } from './aws-parameters';
import { kmsPlan, type ImportAs } from './kms-plan';

/** One blob for one key, as the approver approves it. The token itself is not part of it; its hash is. */
export interface PlannedImport {
  readonly n: number;
  readonly region: string;
  readonly keyArn: string;
  readonly importTokenSha256: string;
  readonly blobSha256: string;
  readonly expiration: Expiration;
  readonly importType: ImportRequest['importType'];
  readonly materialDescription: string | null;
}

export interface ImportPlan {
  readonly format: 'keyrite-import-plan-1';
  readonly owner: string;
  readonly imports: readonly PlannedImport[];
}

/** The second of two sets for one key is kept for the proof, and replicas take what their primary has: both must be the same material. */
function importTypeOf(
  set: ImportSet,
  sets: readonly ImportSet[],
  importAs: ImportAs,
): Exclude<ImportRequest['importType'], null> {
  const first = sets.find(({ keyArn }) => keyArn === set.keyArn);
  return importAs === 'existing' || first !== set ? 'EXISTING_KEY_MATERIAL' : 'NEW_KEY_MATERIAL';
}

/** Everything ImportKeyMaterial will be asked for: from the sets that were fetched, the blobs that came back and the expiry that was spoken. */
export function importPlan(state: CeremonyState, blobs: readonly string[], now: Date): Result<ImportPlan> {
  const plan = kmsPlan(state);
  if (!plan.ok) return plan;
  const expiration = readExpiry(state.values['expiry'] ?? '', now);
  if (!expiration.ok) return expiration;
  const symmetric = plan.value.spec === 'SYMMETRIC_DEFAULT';
  const importAs = state.data['aws.replicate'] === undefined ? knownAs(state, plan.value.importAs) : 'existing';
  const sets = fetchedSets(state);
  const imports = sets.map((set): PlannedImport => ({
    n: set.n,
    region: set.region,
    keyArn: set.keyArn,
    importTokenSha256: set.importTokenSha256,
    blobSha256: blobs[set.n - 1] ?? '',
    expiration: expiration.value,
    importType: symmetric ? importTypeOf(set, sets, importAs) : null,
    materialDescription: symmetric ? state.genesis.data.ceremonyId : null,
  }));
  return success({ format: 'keyrite-import-plan-1', owner: state.values['owner'] ?? '', imports });
}

/** A key that never had material takes none again, only its first: an import that was stopped half-way is finished like that. */
function knownAs(state: CeremonyState, importAs: ImportAs): ImportAs {
  const found = state.data['aws.findKey'];
  return importAs === 'existing' && found !== undefined && found['materialId'] === null ? 'new' : importAs;
}

export function importDigest(plan: ImportPlan): string {
  return sha256Text(canonical(plan));
}
