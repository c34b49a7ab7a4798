import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secretCheckValue } from '../../../core/wrapping/check-value';
import { cmacOfBlock } from '../../softhsm/aes-cmac';

describe('the check value of material made in software', () => {
  it('is for AES the CMAC of 16 zero bytes, as an HSM has it', () => {
    for (let run = 0; run < 50; run++) {
      const key = randomBytes(32);
      const mac = cmacOfBlock(key, Buffer.alloc(16));
      expect(secretCheckValue('aes', key)).toEqual({ method: 'CMAC', value: mac.toString('hex', 0, 3).toUpperCase() });
    }
  });

  it('is for HMAC keys the first bytes of their SHA-1, as CKA_CHECK_VALUE of a generic secret', () => {
    const key = randomBytes(48);
    const value = createHash('sha1').update(key).digest('hex').slice(0, 6).toUpperCase();
    expect(secretCheckValue('hmac', key)).toEqual({ method: 'P11-generic', value });
  });
});
