import { stat, statfs } from 'node:fs/promises';
import type { Credential } from '../auth/credentials';
import { loadSecret, loadSecretAccessKey, type SecretTools } from '../settings/secrets';
import type { CredentialSettings, KeyStoreSettings, SecretSource, Settings, SettingsRemark } from '../settings/settings';

/** Credentials with their secrets, by prefix of their key store. */
export type CredentialsByPrefix = ReadonlyMap<string, readonly Credential[]>;

export type Loaded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly remarks: readonly SettingsRemark[] };

function remark(key: string, { problem, remedy }: { readonly problem: string; readonly remedy: string }): SettingsRemark {
  return { severity: 'error', key, problem, remedy };
}

/** A descriptor can be read once: what it gave stays good for as long as the settings name it. */
function kept(before: CredentialsByPrefix, { prefix }: KeyStoreSettings, credential: CredentialSettings): Credential | undefined {
  if (credential.secret.from !== 'descriptor') return undefined;
  const known = before.get(prefix)?.find(({ accessKeyId }) => accessKeyId === credential.accessKeyId);
  return known && { ...known, since: credential.since };
}

/**
 * Fetches the secret of every credential. All that cannot be had are named.
 * @param before what is at hand already; empty at start
 */
export async function loadCredentials(
  { keyStores }: Settings,
  before: CredentialsByPrefix,
  tools: SecretTools,
): Promise<Loaded<CredentialsByPrefix>> {
  const remarks: SettingsRemark[] = [];
  const byPrefix = new Map<string, readonly Credential[]>();
  for (const [n, store] of keyStores.entries()) {
    const credentials: Credential[] = [];
    for (const credential of store.credentials) {
      const { accessKeyId, since, secret } = credential;
      const known = kept(before, store, credential);
      const read = known ? null : await loadSecretAccessKey(secret, `${store.name}/${accessKeyId}`, tools);
      if (known) credentials.push(known);
      else if (read?.ok) credentials.push({ accessKeyId, secret: read.value, since });
      else if (read) remarks.push(remark(`external_key_stores[${n}] credential ${accessKeyId}`, read));
    }
    byPrefix.set(store.prefix, credentials);
  }
  return remarks.length === 0 ? { ok: true, value: byPrefix } : { ok: false, remarks };
}

/** The token's PIN, and when its source last changed (epoch ms), null where that tells nothing. */
export interface Pin {
  readonly bytes: Uint8Array;
  readonly changedAt: number | null;
}

export async function loadPin(source: SecretSource, tools: SecretTools): Promise<Loaded<Pin>> {
  const changedAt = await changeOf(source);
  const read = await loadSecret(source, 'pin', tools);
  if (!read.ok) return { ok: false, remarks: [remark('hsm.pin', read)] };
  return { ok: true, value: { bytes: read.value, changedAt } };
}

/** TMPFS_MAGIC and RAMFS_MAGIC of statfs(2). */
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/**
 * What a service manager or a container runtime mounts is written anew at each start, the same PIN with a new time: were that a change,
 * a wrong PIN would be tried at every restart until the token is locked. So only a file that stays tells something.
 */
async function changeOf(source: SecretSource): Promise<number | null> {
  if (source.from !== 'file') return null;
  try {
    if (process.platform === 'linux' && IN_MEMORY.has((await statfs(source.path)).type)) return null;
    return (await stat(source.path)).mtimeMs;
  } catch {
    return null; // reading it says what is wrong
  }
}
