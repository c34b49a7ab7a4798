import { currentMaterial, pendingMaterial, stateOf, type KeyHere } from './key-state';
import { no, yes, type Answer } from './refusal';

/** A material that came in, and what the request said of it. */
export interface AskedMaterial {
  readonly id: string;
  readonly type: 'NEW_KEY_MATERIAL' | 'EXISTING_KEY_MATERIAL' | null;
  readonly namedId: string | null;
  /** base64 */
  readonly bytes: string;
  readonly description: string | null;
  readonly expiresAtMs: number | null;
}

const INCORRECT =
  'The key material in the request is expired, invalid, or is not the same key material that was previously imported into this KMS key.';

/**
 * Takes a material into a key: the first becomes current and stays for ever; a new one waits for its rotation; one the key knows is
 * imported again. Errors: IncorrectKeyMaterialException; KMSInvalidStateException while another one waits.
 */
export function admitMaterial(found: KeyHere, asked: AskedMaterial, now: number): Answer<null> {
  const isFirst = currentMaterial(found.key) === null;
  const type = asked.type ?? (isFirst ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
  const known = found.key.materials.find(({ id }) => id === asked.id);
  if (asked.namedId !== null && asked.namedId !== asked.id) return no('IncorrectKeyMaterialException', INCORRECT);
  if (type === 'EXISTING_KEY_MATERIAL' && !known) return no('IncorrectKeyMaterialException', INCORRECT);
  if (type === 'NEW_KEY_MATERIAL') {
    const added = addNew(found, asked.id, isFirst, known !== undefined);
    if (!added.ok) return added;
  }
  hold(found, asked, now);
  return yes(null);
}

function addNew({ key, arn, region }: KeyHere, id: string, isFirst: boolean, isKnown: boolean): Answer<null> {
  if (region !== key.primaryRegion)
    return no(
      'UnsupportedOperationException',
      `${arn} is a multi-Region replica key: new key material is imported into the primary key.`,
    );
  if (isKnown)
    return no('IncorrectKeyMaterialException', 'The key material in the request is already associated with this KMS key.');
  const pending = pendingMaterial(key);
  if (pending)
    return no(
      'KMSInvalidStateException',
      `New key material (id: ${id}) cannot be imported into KMS key ${arn}, because another key material (id: ${pending.id}) is pending rotation.`,
    );
  key.materials.push({ id, state: isFirst ? 'CURRENT' : 'PENDING_ROTATION', rotatedAtMs: null });
  return yes(null);
}

/** A key that was waiting for material is enabled by it; one that was switched off stays so. */
function hold(found: KeyHere, asked: AskedMaterial, now: number): void {
  const wasWaiting = stateOf(found, now) === 'PendingImport';
  const before = found.here.holdings[asked.id];
  found.here.holdings[asked.id] = {
    bytes: asked.bytes,
    description: asked.description ?? before?.description ?? '',
    expiresAtMs: asked.expiresAtMs,
  };
  if (wasWaiting) found.here.isEnabled = true;
}
