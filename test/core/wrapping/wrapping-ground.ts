import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../../core/contract/result';
import type { ImportableSpec } from '../../../core/keys/kms-spec';
import { WRAPPING_KEY_SPECS, type WrappingKeySpec } from '../../../core/keys/wrapping';

/** A stand-in for the key pair of KMS: the private half stays in the memory of the test. */
export interface Wrapper {
  readonly spec: WrappingKeySpec;
  readonly spki: Buffer;
  readonly privateKey: KeyObject;
}

export function makeWrapper(spec: WrappingKeySpec): Wrapper {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: Number(spec.slice(4)) });
  return { spec, spki: publicKey.export({ type: 'spki', format: 'der' }), privateKey };
}

/** One of each size. Some seconds. */
export function makeWrappers(): readonly Wrapper[] {
  return WRAPPING_KEY_SPECS.map(makeWrapper);
}

const RAW: Readonly<Partial<Record<ImportableSpec, number>>> = {
  SYMMETRIC_DEFAULT: 32,
  HMAC_224: 28,
  HMAC_256: 32,
  HMAC_384: 48,
  HMAC_512: 64,
};
const CURVES: Readonly<Partial<Record<ImportableSpec, string>>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};

/** Material as a person with openssl would make it; RSA and EC as PKCS#8 DER. */
export function opensslMaterial(spec: ImportableSpec): Buffer {
  const length = RAW[spec];
  if (length !== undefined) return randomBytes(length);
  const namedCurve = CURVES[spec];
  const { privateKey } = namedCurve
    ? generateKeyPairSync('ec', { namedCurve })
    : generateKeyPairSync('rsa', { modulusLength: Number(spec.slice(4)) });
  return privateKey.export({ type: 'pkcs8', format: 'der' });
}

export interface Places {
  readonly folder: string;
  /** Writes a file of mode 0600 (or another) and answers its path. */
  readonly lay: (name: string, bytes: Uint8Array, mode?: number) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function makePlaces(): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-wrapping-'));
  return {
    folder,
    lay: async (name, bytes, mode = 0o600) => {
      const path = join(folder, name);
      await writeFile(path, bytes, { mode, flag: 'wx' });
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${JSON.stringify(result.error.detail)}`);
  return result.value;
}
