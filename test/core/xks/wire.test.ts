import { describe, expect, it } from 'vitest';
import { isKeyId, isPrefix, pathOf } from '../../../core/xks/uri';
import { decryptRequest, encryptRequest, healthRequest, keyMetadataRequest } from '../../../core/xks/wire';

const asker = { kmsOperation: 'Encrypt', kmsRequestId: 'any text at all', awsPrincipalArn: 'a'.repeat(2048) };
const encryption = { requestMetadata: { ...asker, kmsKeyArn: 'not an ARN' }, plaintext: 'AA==', encryptionAlgorithm: 'AES_GCM' };

describe('the shapes of requests', () => {
  it('take members and operations nobody knows yet, and leave the members behind', () => {
    const known = { ...encryption, nitro: { pcr0: '00' } };
    const body = { ...known, requestMetadata: { ...known.requestMetadata, kmsOperation: 'DoSomethingNew', sourceIdentity: 'x' } };
    const read = encryptRequest.parse(body);
    expect(read.requestMetadata.kmsOperation).toBe('DoSomethingNew');
    expect(read).not.toHaveProperty('nitro');
  });

  it('do not let a member named __proto__ come to life', () => {
    const body: unknown = JSON.parse(JSON.stringify(encryption).replace('{', '{"__proto__":{"isAdmin":true},'));
    const read = encryptRequest.parse(body);
    expect((read as unknown as { readonly isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('take null for a member that may be missing', () => {
    expect(encryptRequest.safeParse({ ...encryption, additionalAuthenticatedData: null }).success).toBe(true);
    expect(encryptRequest.safeParse({ ...encryption, plaintext: null }).success).toBe(false);
  });

  it.each([
    ['no metadata', { ...encryption, requestMetadata: undefined }],
    ['metadata that is a list', { ...encryption, requestMetadata: [] }],
    ['no caller', { ...encryption, requestMetadata: { ...encryption.requestMetadata, awsPrincipalArn: undefined } }],
    ['no key ARN', { ...encryption, requestMetadata: asker }],
    ['an ARN too long', { ...encryption, requestMetadata: { ...encryption.requestMetadata, kmsKeyArn: 'a'.repeat(2049) } }],
    ['a number for a text', { ...encryption, plaintext: 7 }],
    ['another algorithm', { ...encryption, encryptionAlgorithm: 'AES_CBC' }],
    ['another integrity value', { ...encryption, ciphertextDataIntegrityValueAlgorithm: 'SHA_512' }],
    ['a list', [encryption]],
    ['null', null],
  ])('refuse %s', (_what, body) => {
    expect(encryptRequest.safeParse(body).success).toBe(false);
  });

  it('ask of each call what the specification asks of it', () => {
    expect(healthRequest.safeParse({ requestMetadata: { kmsOperation: 'KmsHealthCheck', kmsRequestId: '1' } }).success).toBe(
      true,
    );
    expect(healthRequest.safeParse({ requestMetadata: {} }).success).toBe(false);
    expect(keyMetadataRequest.safeParse({ requestMetadata: asker }).success).toBe(true);
    expect(decryptRequest.safeParse({ ...encryption, ciphertext: '' }).success).toBe(false);
  });
});

describe('names in paths', () => {
  it('are those the specification allows', () => {
    expect(isKeyId('A-z_0.9')).toBe(true);
    expect(isKeyId('a'.repeat(128))).toBe(true);
    for (const id of ['', 'a'.repeat(129), 'a/b', 'a%20', 'ä', 'a b', 'a\n']) expect(isKeyId(id)).toBe(false);
    for (const prefix of ['', '/a', '/a/b-c_d', `/${'a'.repeat(116)}`]) expect(isPrefix(prefix)).toBe(true);
    for (const prefix of ['/', 'a', '/a/', '//a', '/a.b', '/a%41', `/${'a'.repeat(117)}`]) expect(isPrefix(prefix)).toBe(false);
  });

  it('make the paths KMS calls', () => {
    expect(pathOf('/a', 'Encrypt', 'k')).toBe('/a/kms/xks/v1/keys/k/encrypt');
    expect(pathOf('', 'GetKeyMetadata', 'k')).toBe('/kms/xks/v1/keys/k/metadata');
    expect(pathOf('/a/b', 'GetHealthStatus', '')).toBe('/a/b/kms/xks/v1/health');
  });
});
