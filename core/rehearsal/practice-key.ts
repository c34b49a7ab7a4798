import type { Script } from '../ceremony/script';
import type { Inputs } from '../ceremony/variant';
import type { VerbName } from '../ceremony/verbs';
import { failure, success, type Result } from '../contract/result';
import { stateOfRecord } from '../station/record-state';

/** A key that a ceremony made, and its KMS key, as a later one asks for it. */
export interface ImportedKey {
  readonly kmsKeyArn: string;
  readonly ckaId: string;
  readonly keyLabel: string;
  /** hex, without its method */
  readonly checkValue: string;
}

/** What is done with a key store that is there, its proxy or its KMS key. */
const BEGIN_WITH_STORE: ReadonlySet<VerbName> = new Set(['aws.findStore', 'proxy.planArm', 'aws.planDisable']);

/** The ceremony whose work a script begins with: an import, the set-up of a key store, or none. */
export function groundworkOf(script: Script): 'byok' | 'xks-store' | null {
  const verbs = script.acts.flatMap(({ steps }) => steps.flatMap(({ do: act }) => (act.action === 'act' ? [act.verb] : [])));
  if (verbs.includes('proxy.start')) return null;
  if (verbs.some((verb) => BEGIN_WITH_STORE.has(verb))) return 'xks-store';
  return 'kmsKeyArn' in script.inputs ? 'byok' : null;
}

/** What the record of an import or of a key store says of its key. `file.damaged` where it is none. */
export async function importedKey(packFolder: string): Promise<Result<ImportedKey>> {
  const state = await stateOfRecord(packFolder);
  const made = state?.data['aws.createKey'] ?? state?.data['aws.createStoreKey'];
  const [kmsKeyArn, ckaId] = [made?.['keyArn'], state?.data['token.plan']?.['ckaId']];
  if (state === null || typeof kmsKeyArn !== 'string' || typeof ckaId !== 'string')
    return failure('file.damaged', { what: 'not the record of an import' });
  const [, checkValue = ''] = (state.values['key.checkValue'] ?? '').split(' ');
  return success({ kmsKeyArn, ckaId, keyLabel: state.genesis.data.inputs['keyLabel'] ?? '', checkValue });
}

/** The inputs by which a script names the key. Where it has no CKA_ID, its label is that of a new key. */
export function namedIn(script: Script, key: ImportedKey): Inputs {
  const inputs: Inputs = { ...key, authorisation: 'Rehearsal, no paper' };
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => name in script.inputs && (name !== 'keyLabel' || 'ckaId' in script.inputs)),
  );
}

/** What an enter-twice form asks for of a key that is to be destroyed: read off the authorisation. */
export function authorisedEntries({ keyLabel, checkValue }: Inputs): Inputs {
  return { authorisedLabel: keyLabel ?? '', authorisedCheckValue: checkValue ?? '', copies: 'none' };
}
