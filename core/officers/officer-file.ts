import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  scrypt,
  sign,
} from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../evidence/canonical';
import { officerId } from '../evidence/officer-id';
import { failure, success, type Result } from '../contract/result';

/**
 * Cost of opening an officer file, scrypt parameters (RFC 7914): 128 MiB and some tenths of a second per guess. Recorded in each
 * file, so it can grow.
 */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const MIN_SCRYPT_N = 2 ** 14;
/** Of an officer for practice, whose passphrase anybody can read: the least that is accepted, so that nobody waits for it. */
const PRACTICE_SCRYPT = { N: MIN_SCRYPT_N, r: 8, p: 1 } as const;
const MAX_SCRYPT_N = 2 ** 20;

const base64 = z.base64();

/** An officer's credential as a file: public part in the clear, the 32-byte Ed25519 seed sealed by scrypt and AES-256-GCM. */
export const officerFile = z.strictObject({
  format: z.literal('keyrite-officer-1'),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string().min(1).max(80),
  publicKey: base64,
  enrolledAt: z.iso.datetime(),
  rehearsal: z.boolean(),
  seal: z.strictObject({
    kdf: z.literal('scrypt'),
    N: z
      .int()
      .min(MIN_SCRYPT_N)
      .max(MAX_SCRYPT_N)
      .refine((n) => (n & (n - 1)) === 0, 'a power of two'),
    r: z.int().min(8).max(16),
    p: z.int().min(1).max(4),
    salt: base64,
    cipher: z.literal('aes-256-gcm'),
    nonce: base64,
    sealed: base64,
    tag: base64,
  }),
});

export type OfficerFile = z.infer<typeof officerFile>;

/** PKCS#8 and SPKI wrappings of a raw Ed25519 key (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** What the seal binds besides the seed: nobody can put another name on a credential. */
function associatedData(file: Pick<OfficerFile, 'format' | 'id' | 'name' | 'publicKey' | 'enrolledAt' | 'rehearsal'>): Buffer {
  const { format, id, name, publicKey, enrolledAt, rehearsal } = file;
  return Buffer.from(canonical({ format, id, name, publicKey, enrolledAt, rehearsal }), 'utf8');
}

function deriveKey(passphrase: Uint8Array, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  const { N, r, p } = cost;
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Fewer bytes than this are refused as a passphrase: the file may lie on a stick that gets lost. */
export const MIN_PASSPHRASE_BYTES = 12;

/**
 * Makes an officer: a new Ed25519 key, sealed by the passphrase (UTF-8 bytes; overwritten by the caller).
 * @returns the file; `auth.passphraseWeak` when the passphrase is too short or one character repeated
 */
export async function makeOfficer(request: {
  name: string;
  passphrase: Uint8Array;
  enrolledAt: Date;
  rehearsal: boolean;
}): Promise<Result<OfficerFile>> {
  const { passphrase, rehearsal } = request;
  if (passphrase.length < MIN_PASSPHRASE_BYTES || new Set(passphrase).size < 4)
    return failure('auth.passphraseWeak', { least: MIN_PASSPHRASE_BYTES });
  const pair = generateKeyPairSync('ed25519');
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  const identity = {
    format: 'keyrite-officer-1' as const,
    id: officerIdOf(raw),
    name: request.name.trim(),
    publicKey: raw.toString('base64'),
    enrolledAt: request.enrolledAt.toISOString(),
    rehearsal,
  };
  const cost = rehearsal ? PRACTICE_SCRYPT : SCRYPT;
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const key = await deriveKey(passphrase, salt, cost);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData(identity));
  const sealed = Buffer.concat([cipher.update(pkcs8.subarray(PKCS8_PREFIX.length)), cipher.final()]);
  key.fill(0);
  pkcs8.fill(0);
  const seal = {
    kdf: 'scrypt' as const,
    ...cost,
    salt: salt.toString('base64'),
    cipher: 'aes-256-gcm' as const,
    nonce: nonce.toString('base64'),
  };
  return success({
    ...identity,
    seal: { ...seal, sealed: sealed.toString('base64'), tag: cipher.getAuthTag().toString('base64') },
  });
}

/**
 * Signs an ASCII text with the officer's key. The seed lives in this call only and is overwritten.
 * @returns the Ed25519 signature as base64; `auth.passphraseWrong`; `auth.officerFile` when the file contradicts itself
 */
export async function signAs(file: OfficerFile, passphrase: Uint8Array, text: string): Promise<Result<string>> {
  const seed = await openSeed(file, passphrase);
  if (seed === null) return failure('auth.passphraseWrong', { name: file.name });
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  seed.fill(0);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  if (publicKey.toString('base64') !== file.publicKey || officerIdOf(publicKey) !== file.id) {
    return failure('auth.officerFile', { name: file.name, why: 'its public key is not the one of its private key' });
  }
  return success(sign(null, Buffer.from(text, 'ascii'), key).toString('base64'));
}

async function openSeed(file: OfficerFile, passphrase: Uint8Array): Promise<Buffer | null> {
  const { seal } = file;
  const key = await deriveKey(passphrase, Buffer.from(seal.salt, 'base64'), seal);
  try {
    const opening = createDecipheriv('aes-256-gcm', key, Buffer.from(seal.nonce, 'base64'), { authTagLength: 16 })
      .setAAD(associatedData(file))
      .setAuthTag(Buffer.from(seal.tag, 'base64'));
    return Buffer.concat([opening.update(Buffer.from(seal.sealed, 'base64')), opening.final()]);
  } catch {
    return null;
  } finally {
    key.fill(0);
  }
}

function officerIdOf(raw: Buffer): string {
  return officerId(raw, (bytes) => createHash('sha256').update(bytes).digest('hex'));
}
