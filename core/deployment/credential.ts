import { createHash, randomBytes } from 'node:crypto';
import { asciiBytes, base64Ascii } from './secret-text';

/** What AWS KMS signs its requests with. The secret is the caller's, who overwrites it when it has been handed on. */
export interface NewCredential {
  /** 29 characters of A-Z and 2-7: base32 of 18 random bytes */
  readonly accessKeyId: string;
  /** ASCII: base64 of 32 random bytes, 44 characters */
  readonly secret: Uint8Array;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ID_BYTES = 18;
const SECRET_BYTES = 32;
const FINGERPRINT_LABEL = 'keyrite xks secret access key v1\n';

/** Base32 (RFC 4648, 6) without padding. */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits.map((digit) => BASE32[Number.parseInt(digit.padEnd(5, '0'), 2)] ?? '').join('');
}

/** Makes a credential within the rules of AWS KMS (CreateCustomKeyStore): id 20 to 30 of A-Z 2-7, secret 43 to 64 characters. */
export function newCredential(): NewCredential {
  const random = randomBytes(SECRET_BYTES);
  const secret = base64Ascii(random);
  random.fill(0);
  return { accessKeyId: base32(randomBytes(ID_BYTES)), secret };
}

/**
 * 16 hex digits that tell two secrets apart in evidence. From 256 random bits nobody guesses back; the label keeps it from being the
 * digest that another program would print of the same file.
 */
export function credentialFingerprint(secret: Uint8Array): string {
  return createHash('sha256').update(asciiBytes(FINGERPRINT_LABEL)).update(secret).digest('hex').slice(0, 16);
}
