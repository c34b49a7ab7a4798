import { fstatSync } from 'node:fs';
import type { Remarks } from './remarks';
import { withSecretFile, type SecretProblem } from './secret-file';
import { credentialPath } from './secrets';
import type { SecretSource, Settings } from './settings';

type Environment = Readonly<Record<string, string | undefined>>;

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

/** null: as far as can be told without reading it, the secret is there. Files are opened and not read. */
async function problemOf(source: SecretSource, env: Environment): Promise<SecretProblem | null> {
  if (source.from === 'file') return withSecretFile<SecretProblem | null>(source.path, 'own', async () => null);
  if (source.from === 'credential') {
    const path = credentialPath(source.name, env);
    return typeof path === 'string' ? withSecretFile<SecretProblem | null>(path, 'credential', async () => null) : path;
  }
  if (source.from !== 'descriptor' || isOpen(source.number)) return null;
  return {
    ok: false,
    problem: `descriptor ${source.number} is not open`,
    remedy: `Open it when the proxy is started: keyrite proxy ${source.number}< FILE.`,
  };
}

const END = { inline: '', file: '_file', credential: '_credential', descriptor: '_descriptor', supervisor: '_from' } as const;

/** Looks at the places of all secrets, never at the secrets. */
export async function checkSecrets({ hsm, keyStores }: Settings, env: Environment, remarks: Remarks): Promise<void> {
  const credentials = keyStores.flatMap(({ name, credentials: each }) =>
    each.map(({ accessKeyId, secret }) => ({ key: `secret of ${accessKeyId} in the key store "${name}"`, source: secret })),
  );
  for (const { key, source } of [{ key: `hsm.pin${END[hsm.pin.from]}`, source: hsm.pin }, ...credentials]) {
    const problem = await problemOf(source, env);
    if (problem) remarks.error(key, problem.problem, problem.remedy);
  }
}
