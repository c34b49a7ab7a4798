import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CreateKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  KMSClient,
  type AlgorithmSpec,
  type CreateKeyCommandInput,
  type ImportKeyMaterialCommandInput,
  type KeyMetadata,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { startRehearsalKms, type RehearsalKms, type RehearsalKmsOptions } from '../../../../core/rehearsal/kms/start';
import { makeWrappingPair, type WrappingPair } from '../../../../core/rehearsal/kms/wrapping-pair';

export const HOME = 'eu-central-1';
export const ABROAD = 'eu-west-1';

const cleaners: (() => unknown)[] = [];

/** For afterEach: stops and removes what the test made, last first. */
export async function cleanUp(): Promise<void> {
  for (const clean of cleaners.splice(0).reverse()) await clean();
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-kms-'));
  cleaners.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const made = new Map<number, Promise<WrappingPair>>();

/**
 * Wrapping keys made once for each size and process, since most tests are not about them and 4096 bits take seconds. Copies, because
 * the KMS overwrites what it is given.
 */
export async function cachedWrappingPair(bits: number): Promise<WrappingPair> {
  const pair = made.get(bits) ?? makeWrappingPair(bits);
  made.set(bits, pair);
  const { publicKey, privateKey } = await pair;
  return { publicKey: Uint8Array.from(publicKey), privateKey: Uint8Array.from(privateKey) };
}

export async function startKms(options: Partial<RehearsalKmsOptions> = {}): Promise<RehearsalKms> {
  const started = await startRehearsalKms({
    folder: options.folder ?? (await temporaryFolder()),
    regions: [HOME, ABROAD],
    makeWrappingPair: cachedWrappingPair,
    ...options,
  });
  if (!started.ok) throw new Error(`No rehearsal KMS: ${started.error.code}`);
  cleaners.push(() => started.value.stop());
  return started.value;
}

/** The real client of AWS, once per call unless asked otherwise. */
export function clientOf(kms: RehearsalKms, region = HOME, maxAttempts = 1): KMSClient {
  const client = new KMSClient({ region, endpoint: kms.endpoint(region), credentials: kms.credentials, maxAttempts });
  cleaners.push(() => client.destroy());
  return client;
}

export async function makeKey(client: KMSClient, input: CreateKeyCommandInput = {}): Promise<KeyMetadata> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...input }));
  return KeyMetadata!;
}

/** Wraps as RFC 8017 and RFC 5649 say, by OpenSSL, which shares no code with the KMS under test. */
export function wrapWithOpenSsl(algorithm: AlgorithmSpec, spki: Uint8Array, material: Uint8Array): Uint8Array {
  const oaepHash = algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1';
  const key = {
    key: Buffer.from(spki),
    format: 'der',
    type: 'spki',
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash,
  } as const;
  if (algorithm.startsWith('RSAES_')) return publicEncrypt(key, material);
  const aes = randomBytes(32);
  const cipher = createCipheriv('id-aes256-wrap-pad', aes, Buffer.from('a65959a6', 'hex'));
  return Buffer.concat([publicEncrypt(key, aes), cipher.update(material), cipher.final()]);
}

export interface ImportOptions extends Partial<ImportKeyMaterialCommandInput> {
  readonly algorithm?: AlgorithmSpec;
  readonly wrappingKeySpec?: WrappingKeySpec;
}

/** Fetches parameters, wraps and imports; without other wishes for ever, with RSAES_OAEP_SHA_256 under RSA_2048. */
export async function importMaterial(client: KMSClient, keyId: string, material: Uint8Array, options: ImportOptions = {}) {
  const { algorithm = 'RSAES_OAEP_SHA_256', wrappingKeySpec = 'RSA_2048', ...more } = options;
  const parameters = await client.send(
    new GetParametersForImportCommand({ KeyId: keyId, WrappingAlgorithm: algorithm, WrappingKeySpec: wrappingKeySpec }),
  );
  const input: ImportKeyMaterialCommandInput = {
    KeyId: keyId,
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: wrapWithOpenSsl(algorithm, parameters.PublicKey!, material),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    ...more,
  };
  return client.send(new ImportKeyMaterialCommand(input));
}

/** Every record of the trail, oldest first. */
export async function trailOf(kms: RehearsalKms): Promise<readonly Record<string, unknown>[]> {
  const entries = await readdir(kms.trailFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const records = await Promise.all(
    files.map(
      async (file) => (JSON.parse(gunzipSync(await readFile(file)).toString()) as { Records: Record<string, unknown>[] }).Records,
    ),
  );
  return records.flat().sort((a, b) => String(a['eventTime']).localeCompare(String(b['eventTime'])));
}
