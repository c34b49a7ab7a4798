import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { asciiBytes, base64Ascii, joined } from '../deployment/secret-text';

const LINE = 64;

/** PEM (RFC 7468) of a PKCS#8 key in bytes of its own; `der` is overwritten. */
function pemOfKey(der: Uint8Array): Uint8Array {
  const digits = base64Ascii(der);
  der.fill(0);
  const lines = Array.from({ length: Math.ceil(digits.length / LINE) }, (_, i) => digits.subarray(i * LINE, (i + 1) * LINE));
  const newline = asciiBytes('\n');
  const pem = joined(
    asciiBytes('-----BEGIN PRIVATE KEY-----\n'),
    ...lines.flatMap((line) => [line, newline]),
    asciiBytes('-----END PRIVATE KEY-----\n'),
  );
  digits.fill(0);
  return pem;
}

const newPair = promisify(generateKeyPair);

/** A new RSA key, made by Node's own library, as PEM bytes (PKCS#8, no passphrase). The caller overwrites them. */
export async function newRsaKey(bits: 2048 | 3072): Promise<Uint8Array> {
  const { privateKey } = await newPair('rsa', { modulusLength: bits, publicExponent: 65_537 });
  return pemOfKey(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

/** The key in a PEM file that certificates can be requested with: RSA of at least 2048 bits. null for any other file. */
export function readRsaKey(pem: Uint8Array): KeyObject | null {
  try {
    const key = createPrivateKey({ key: Buffer.from(pem.buffer, pem.byteOffset, pem.length), format: 'pem' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= 2048 ? key : null;
  } catch {
    // said by whoever asked; OpenSSL's words may quote the file
    return null;
  }
}

/** Of a private key, its public half as PEM. */
export function publicPemOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

/** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: the same for a key, its request and its certificate. */
export function publicKeyDigest(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
