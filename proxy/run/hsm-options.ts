import { join } from 'node:path';
import { childEnvironment } from '../../core/pkcs11/environment';
import { loadProfiles, type Profile } from '../../core/pkcs11/profile';
import type { HsmOptions } from '../hsm/options';
import type { Settings } from '../settings/settings';
import type { Places } from './places';

type FromSettings = Pick<
  HsmOptions,
  | 'processEntry'
  | 'startProcess'
  | 'module'
  | 'profile'
  | 'token'
  | 'iv'
  | 'mechanism'
  | 'pool'
  | 'legacyMetadata'
  | 'healthKey'
  | 'environment'
>;

/** @throws where our own profiles cannot be read: a broken installation */
async function profileOf(id: string | null, { resources }: Places): Promise<Profile | null> {
  if (id === null) return null;
  const profiles = await loadProfiles(join(resources, 'profiles'));
  const found = profiles.ok ? profiles.value.find((profile) => profile.id === id) : undefined;
  if (found === undefined) throw new Error(`There is no profile ${id}.`);
  return found;
}

/** Without a profile nobody told what the library reads from its environment; SoftHSM's and the sample's variables are the usual ones. */
const WITHOUT_PROFILE = ['SOFTHSM2_CONF', 'ChrystokiConfigurationPath', 'NFAST_HOME'];

/** What the settings say about the HSM side. */
export async function hsmOptions(
  { hsm, pool, ciphertexts, health }: Settings,
  places: Places,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FromSettings> {
  const profile = await profileOf(hsm.profile, places);
  return {
    processEntry: places.hsmProcess,
    startProcess: places.startHsmProcess ?? null,
    module: hsm.module,
    profile,
    token: hsm.token,
    iv: hsm.iv,
    mechanism: profile?.gcm.mechanism ?? 'CKM_AES_GCM',
    pool,
    legacyMetadata: ciphertexts.legacyMetadata,
    healthKey: health.key,
    environment: childEnvironment(env, profile?.environment ?? WITHOUT_PROFILE),
  };
}
