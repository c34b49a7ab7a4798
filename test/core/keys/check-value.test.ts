import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CHECK_VALUE_METHODS, checkValueMethod, GCM_TAG_PLAINTEXT, shortCheckValue } from '../../../core/keys/check-value';
import { legalCombinations } from '../../../core/keys/policy';
import { cmacOfBlock } from '../../softhsm/aes-cmac';

const ZEROS = Buffer.alloc(16);
const COUNTING = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

function ecb(key: Buffer): Buffer {
  return createCipheriv(`aes-${key.length * 8}-ecb`, key, null).update(ZEROS);
}

describe('a key check value', () => {
  it('has a named method for every legal key', () => {
    for (const { purpose, keySpec } of legalCombinations())
      expect(CHECK_VALUE_METHODS).toHaveProperty(checkValueMethod(purpose, keySpec));
  });

  it('has the published CMAC vectors: the zero key, the counting key, AES-128', () => {
    const values = [Buffer.alloc(32), COUNTING, COUNTING.subarray(0, 16)].map((key) => shortCheckValue(cmacOfBlock(key, ZEROS)));
    expect(values).toEqual(['921105', '377822', 'BE7ED6']);
  });

  it('of a GCM key is not the PKCS#11 value, which would be a part of the GHASH subkey', () => {
    for (const { purpose, keySpec } of legalCombinations()) {
      expect(checkValueMethod(purpose, keySpec)).not.toBe('P11');
    }
    const gcm = createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12));
    gcm.update(GCM_TAG_PLAINTEXT, 'ascii');
    gcm.final();
    expect(shortCheckValue(ecb(Buffer.alloc(32)))).toBe('DC95C0');
    expect(shortCheckValue(gcm.getAuthTag())).not.toBe('DC95C0');
  });

  it('takes 16 bytes of public plaintext and shows six upper-case digits', () => {
    expect(Buffer.from(GCM_TAG_PLAINTEXT, 'ascii')).toHaveLength(16);
    expect(shortCheckValue(Uint8Array.of(0, 10, 255, 9))).toBe('000AFF');
  });
});
