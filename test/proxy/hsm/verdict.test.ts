import { describe, expect, it } from 'vitest';
import { isLoginRefused, isNothingDone, scopeOf } from '../../../core/pkcs11/data-scope';
import { knownReturnNames } from '../../../core/pkcs11/return-value';
import { XKS_STATUS } from '../../../core/xks/errors';
import { isBadCiphertext, verdictOf } from '../../../proxy/hsm/verdict';

/** xks.md 2.7 and its criticism, written down a second time. Everything that is not here is InternalException for every act. */
const ENCRYPT: Readonly<Record<string, string>> = {
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'InvalidKeyUsageException',
  CKR_KEY_TYPE_INCONSISTENT: 'InvalidKeyUsageException',
  CKR_KEY_SIZE_RANGE: 'InvalidKeyUsageException',
  CKR_DATA_LEN_RANGE: 'UnsupportedOperationException',
};

const DECRYPT: Readonly<Record<string, string>> = {
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'InvalidKeyUsageException',
  CKR_KEY_TYPE_INCONSISTENT: 'InvalidKeyUsageException',
  CKR_KEY_SIZE_RANGE: 'InvalidKeyUsageException',
  CKR_ENCRYPTED_DATA_INVALID: 'InvalidCiphertextException',
  CKR_ENCRYPTED_DATA_LEN_RANGE: 'InvalidCiphertextException',
  CKR_AEAD_DECRYPT_FAILED: 'InvalidCiphertextException',
  CKR_DATA_INVALID: 'InvalidCiphertextException',
  CKR_DATA_LEN_RANGE: 'InvalidCiphertextException',
  CKR_SIGNATURE_INVALID: 'InvalidCiphertextException',
  CKR_GENERAL_ERROR: 'InvalidCiphertextException',
  CKR_FUNCTION_FAILED: 'InvalidCiphertextException',
};

const NAMES = [...knownReturnNames(), '0x80000042'];

describe('what a return value becomes', () => {
  it('for the client, of a token that is well', () => {
    for (const name of NAMES) {
      expect([name, verdictOf(name, 'encrypt', false).name]).toEqual([name, ENCRYPT[name] ?? 'InternalException']);
      expect([name, verdictOf(name, 'decrypt', false).name]).toEqual([name, DECRYPT[name] ?? 'InternalException']);
      expect(verdictOf(name, 'other', false).name).toBe('InternalException');
      expect(verdictOf(name, 'decrypt', false).reason).toBe(name);
    }
  });

  it('for the client, of a token that is sick: nothing the client sent is to blame', () => {
    for (const name of NAMES) {
      expect(verdictOf(name, 'decrypt', true).name).toBe('InternalException');
      expect(verdictOf(name, 'encrypt', true).name).toBe('InternalException');
    }
  });

  it('in words that may be sent', () => {
    for (const name of NAMES)
      for (const act of ['encrypt', 'decrypt', 'other'] as const) {
        const { name: error, message } = verdictOf(name, act, false);
        expect(Object.keys(XKS_STATUS)).toContain(error);
        expect(message).toMatch(/^[\x20-\x7e]{1,500}$/);
      }
  });

  it('never blames a ciphertext for what is not about this one request', () => {
    for (const name of NAMES.filter(isBadCiphertext)) expect(scopeOf(name)).toBe('request');
  });

  it('is done again only where nothing was done, and the session or the handle was at fault', () => {
    for (const name of NAMES.filter(isNothingDone)) expect(['session', 'key']).toContain(scopeOf(name));
  });

  it('of a login never leads to another try when it may be about the PIN', () => {
    for (const name of NAMES.filter((one) => /_PIN(_|$)/.test(one))) expect([name, isLoginRefused(name)]).toEqual([name, 'yes']);
    for (const name of ['CKR_GENERAL_ERROR', 'CKR_FUNCTION_FAILED', '0x80000042']) expect(isLoginRefused(name)).toBe('perhaps');
    for (const name of ['CKR_DEVICE_ERROR', 'CKR_DEVICE_REMOVED', 'CKR_TOKEN_NOT_PRESENT'])
      expect(isLoginRefused(name)).toBe('no');
  });
});
