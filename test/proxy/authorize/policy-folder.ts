import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAuthorizer, type Authorizer, type AuthorizationQuery } from '../../../proxy/authorize/authorizer';

const folders: string[] = [];

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-policy-'));
  folders.push(folder);
  return folder;
}

/** For afterAll. */
export async function removeTemporaryFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** A file of its own with this content, whatever the umask. */
export async function fileWith(content: string | Uint8Array, name = 'policy.cedar', mode = 0o644): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

export function shippedPolicy(name: string): string {
  return fileURLToPath(new URL(`../../../resources/policies/${name}`, import.meta.url));
}

/** Loads a file that has to be good. */
export async function authorizerOf(file: string): Promise<Authorizer> {
  const loaded = await loadAuthorizer(file, (what) => {
    throw new Error(`fault: ${what}`);
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.value;
}

const KMS_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

/** An Encrypt of a person, with what a test wants to be different. */
export function query(differs: Partial<AuthorizationQuery> = {}): AuthorizationQuery {
  return {
    store: 'blue',
    keyId: 'foo',
    kmsKeyArn: KMS_KEY,
    caller: 'arn:aws:iam::111122223333:user/minerva',
    kmsOperation: 'Encrypt',
    api: 'Encrypt',
    via: '',
    vpc: '',
    vpce: '',
    ...differs,
  };
}

/** What KMS sends when a key is created. */
export const CREATE_KEY: Partial<AuthorizationQuery> = { api: 'GetKeyMetadata', kmsOperation: 'CreateKey', kmsKeyArn: '' };
