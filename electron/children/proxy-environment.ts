import { join } from 'node:path';
import { childEnvironment } from '../../core/pkcs11/environment';
import { loadProfiles } from '../../core/pkcs11/profile';

/**
 * What the proxy's process gets of our environment: the short list, and what the vendors' libraries of all profiles read; with the
 * embedded token, where that lies. Nothing else, and nothing that loads code.
 */
export async function proxyEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  folders: { readonly resources: string; readonly rehearsal: string },
  isTokenEmbedded: boolean,
): Promise<Record<string, string>> {
  const profiles = await loadProfiles(join(folders.resources, 'profiles'));
  const names = profiles.ok ? profiles.value.flatMap(({ environment }) => [...environment]) : [];
  return childEnvironment(from, names, isTokenEmbedded ? { SOFTHSM2_CONF: join(folders.rehearsal, 'softhsm2.conf') } : {});
}
