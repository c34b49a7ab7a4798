import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyRecord, secretKeyFingerprint, type KeyRecord } from '../../../core/keys/fingerprint';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const record: KeyRecord = keyRecord(
  { tokenSerial: '199a741830dc5a02', ckaId: 'ab', label: 'k', keySpec: 'AES_256' },
  { method: 'CMAC', value: '921105' },
  [{ class: 'secret', rows: [{ name: 'CKA_LOCAL', got: true }] }],
);

describe('the fingerprint of a secret key', () => {
  it('is the SHA-256 of the JCS form of its record', () => {
    const text =
      '{"attributes":[{"name":"CKA_LOCAL","value":true}],"checkValue":{"method":"CMAC","value":"921105"},"ckaId":"ab","keySpec":"AES_256","label":"k","tokenSerial":"199a741830dc5a02"}';
    expect(secretKeyFingerprint(record, sha256)).toBe(sha256(text));
  });

  it('changes with token, id, label, check value, method and any attribute', () => {
    const others: KeyRecord[] = [
      { ...record, tokenSerial: '0' },
      { ...record, ckaId: 'ac' },
      { ...record, label: 'l' },
      { ...record, checkValue: { method: 'CMAC', value: '921106' } },
      { ...record, checkValue: { method: 'P11', value: '921105' } },
      { ...record, attributes: [{ name: 'CKA_LOCAL', value: false }] },
    ];
    const prints = [record, ...others].map((one) => secretKeyFingerprint(one, sha256));
    expect(new Set(prints).size).toBe(prints.length);
  });
});
