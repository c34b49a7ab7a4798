import pkcs11 from 'pkcs11js';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../core/contract/errors';
import { knownReturnNames, meaningOf, returnName, tokenFailure } from '../../../core/pkcs11/return-value';

const NAMES = Object.keys(pkcs11).filter((name) => name.startsWith('CKR_') && name !== 'CKR_OK');

describe('return values of a module', () => {
  it('have a meaning each: every CKR the binding knows is in the table, and every meaning is a code of the house or a bug', () => {
    expect(knownReturnNames()).toEqual(expect.arrayContaining(NAMES));
    for (const name of knownReturnNames()) expect([...ERROR_CODES, 'bug']).toContain(meaningOf(name));
  });

  it('mean the device when a vendor defined them', () => {
    const error = new pkcs11.Pkcs11Error('Error: CKR_VENDOR_DEFINED:2147483714', 0, 'C_Login');
    expect(tokenFailure(error)).toEqual({ ok: false, error: { code: 'token.device', detail: { rv: '0x80000042' } } });
  });

  it('are read from errors that the binding throws unwrapped', () => {
    expect(returnName(new Error('CKR_OPERATION_ACTIVE:144'))).toBe('CKR_OPERATION_ACTIVE');
  });

  it('do not swallow bugs', () => {
    const bug = new TypeError('not ours');
    expect(returnName(bug)).toBeNull();
    expect(() => tokenFailure(bug)).toThrow(bug);
    expect(() => tokenFailure(new pkcs11.Pkcs11Error('CKR_BUFFER_TOO_SMALL:336', 0, ''))).toThrow();
  });
});
