import { createCipheriv, createHash } from 'node:crypto';
import { shortCheckValue, type CheckValueMethod } from '../keys/check-value';

export interface CheckValue {
  readonly method: CheckValueMethod;
  readonly value: string;
}

/** Doubling in GF(2^128), in place (NIST SP 800-38B, 6.1). */
function double(block: Uint8Array): void {
  const carry = (block[0] ?? 0) >> 7;
  for (let i = 0; i < block.length; i++) block[i] = ((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7);
  block[15] = (block[15] ?? 0) ^ (carry * 0x87);
}

/** AES-CMAC of one block of zeros: the cipher of the first subkey (NIST SP 800-38B, 6.2). */
function cmacOfZeros(key: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  const subkey = cipher.update(new Uint8Array(16));
  double(subkey);
  const mac = cipher.update(subkey);
  cipher.final();
  subkey.fill(0);
  return mac;
}

/** The check value of a secret key, by the methods an HSM gives for a BYOK key, so that the two can be compared. */
export function secretCheckValue(kind: 'aes' | 'hmac', key: Uint8Array): CheckValue {
  if (kind === 'aes') return { method: 'CMAC', value: shortCheckValue(cmacOfZeros(key)) };
  return { method: 'P11-generic', value: shortCheckValue(createHash('sha1').update(key).digest()) };
}
