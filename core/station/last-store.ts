import { join } from 'node:path';
import type { Script } from '../ceremony/script';
import type { Inputs } from '../ceremony/variant';
import { listPacks } from '../pack/list';
import { stateOfRecord } from './record-state';

/** Ids of the ceremonies that say which keys belong to a key store begin so: the one that sets it up, and the one that follows its key. */
const TELLING = /^xks-(store|rotate-key)-/;

/** Does this script begin with a key store that exists, or with a KMS key alone? It names one, and no address for a new store. */
export function isAboutStore({ inputs }: Pick<Script, 'inputs'>): boolean {
  const isKmsKeyAlone = 'kmsKeyArn' in inputs && !('keySpec' in inputs);
  return ('storeName' in inputs || isKmsKeyAlone) && !('proxyHost' in inputs);
}

/** Inputs by which the later ceremonies of a key store name it. */
const SHARED = ['place', 'fleetSize', 'storeName', 'keyLabel', 'awsAccount', 'awsRegion', 'awsPrincipal'] as const;

/**
 * The key store that was set up last at this station, as the later ceremonies ask for it: its name, the HSM key and the KMS key. Empty
 * where there is none, or its record is not whole: this only fills in a form.
 */
export async function lastStore(evidenceFolder: string): Promise<Inputs> {
  const packs = await listPacks(evidenceFolder);
  if (!packs.ok) return {};
  for (const { ceremonyId } of packs.value.filter((pack) => TELLING.test(pack.ceremonyId))) {
    const found = await storeOf(join(evidenceFolder, ceremonyId)).catch(() => null);
    if (found !== null) return found;
  }
  return {};
}

async function storeOf(packFolder: string): Promise<Inputs | null> {
  const state = await stateOfRecord(packFolder);
  const kmsKeyArn = (state?.data['aws.createStoreKey'] ?? state?.data['aws.findStoreKey'])?.['keyArn'];
  const ckaId = (state?.data['token.generate'] ?? state?.data['token.locate'])?.['ckaId'];
  if (state === null || typeof kmsKeyArn !== 'string' || typeof ckaId !== 'string') return null;
  const { inputs } = state.genesis.data;
  const shared = SHARED.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]] as const]));
  return { ...Object.fromEntries(shared), kmsKeyArn, ckaId };
}
