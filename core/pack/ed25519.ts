import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { base64Bytes } from '../evidence/base64';

/** SubjectPublicKeyInfo of an Ed25519 key up to the 32 raw bytes (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The participants of one transcript; more than this many different keys are not worth remembering. */
const MAX_KEYS = 64;
const keys = new Map<string, KeyObject>();

function publicKeyObject(publicKey: string): KeyObject | null {
  const known = keys.get(publicKey);
  if (known) return known;
  const raw = base64Bytes(publicKey);
  if (raw?.length !== 32) return null;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(publicKey, key);
  return key;
}

/** Does `signature` (base64, 64 bytes) over the UTF-8 `text` verify with the raw Ed25519 public key (base64)? RFC 8032. */
export function verifyEd25519(publicKey: string, text: string, signature: string): boolean {
  const key = publicKeyObject(publicKey);
  const bytes = base64Bytes(signature);
  if (key === null || bytes?.length !== 64) return false;
  return verify(null, Buffer.from(text, 'utf8'), key, bytes);
}
