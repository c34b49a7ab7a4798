import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hsmAad } from '../../../core/xks/aad';
import { fakeHsm, fakeKey, sha256 } from '../fake-hsm';
import { ground } from '../server-ground';
import { decryptBody, encryptBody } from '../xks-call';

const b64 = (length: number): string => Buffer.alloc(length, 7).toString('base64');
const AAD = Buffer.from('project=nile').toString('base64');

describe('Decrypt', () => {
  it.each([
    ['another AAD', { additionalAuthenticatedData: Buffer.from('project=blue').toString('base64') }],
    ['no AAD', { additionalAuthenticatedData: undefined }],
    ['another ciphertext', { ciphertext: b64(12) }],
    ['another IV', { initializationVector: b64(12) }],
    ['an IV of 16 bytes', { initializationVector: b64(16) }],
    ['an IV of 11 bytes', { initializationVector: b64(11) }],
    ['an empty IV', { initializationVector: '' }],
    ['another tag', { authenticationTag: b64(16) }],
    ['a tag of 12 bytes', { authenticationTag: b64(12) }],
    ['an empty tag', { authenticationTag: '' }],
    ['an empty ciphertext', { ciphertext: '' }],
    ['other metadata', { ciphertextMetadata: b64(11) }],
    ['no metadata', { ciphertextMetadata: undefined }],
    ['metadata of 21 bytes', { ciphertextMetadata: b64(21) }],
  ])('finds a ciphertext corrupt with %s', async (_what, change) => {
    const { call } = await ground();
    const { json } = await call('keys/foo/encrypt', encryptBody('Hello World!', { additionalAuthenticatedData: AAD }));
    const body = decryptBody(json, { additionalAuthenticatedData: AAD, ...change });
    expect(await call('keys/foo/decrypt', body)).toMatchObject({
      status: 400,
      json: { errorName: 'InvalidCiphertextException' },
    });
  });

  it.each([
    ['no ciphertext', { ciphertext: undefined }, 'ciphertext'],
    ['no IV', { initializationVector: undefined }, 'initializationVector'],
    ['no tag', { authenticationTag: undefined }, 'authenticationTag'],
    ['a ciphertext of URL-safe base64', { ciphertext: '_-__' }, 'ciphertext'],
    ['an IV that is no base64', { initializationVector: '!' }, 'initializationVector'],
    ['a tag with a line break', { authenticationTag: `${b64(16)}\n` }, 'authenticationTag'],
    ['AAD that is a list', { additionalAuthenticatedData: [] }, 'additionalAuthenticatedData'],
    ['metadata with stray bits', { ciphertextMetadata: 'AB==' }, 'ciphertextMetadata'],
    ['another algorithm', { encryptionAlgorithm: 'RSA' }, 'encryptionAlgorithm'],
  ])('refuses %s as invalid, naming the member', async (_what, change, member) => {
    const { call, hsm } = await ground();
    const body = decryptBody({ ciphertext: b64(12), initializationVector: b64(12), authenticationTag: b64(16) }, change);
    const { status, json } = await call('keys/foo/decrypt', body);
    expect([status, json['errorName']]).toEqual([400, 'ValidationException']);
    expect(json['errorMessage']).toContain(member);
    expect(hsm.counts.decrypt).toBe(0);
  });

  it('opens what the sample proxy sealed: its framing, no metadata', async () => {
    const secret = randomBytes(32);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(
      hsmAad('sample', Buffer.from(AAD, 'base64'), new Uint8Array(), sha256),
    );
    const ciphertext = Buffer.concat([cipher.update('old'), cipher.final()]).toString('base64');
    const sealed = {
      ciphertext,
      initializationVector: iv.toString('base64'),
      authenticationTag: cipher.getAuthTag().toString('base64'),
    };
    const { call } = await ground({ hsm: fakeHsm({ keys: [fakeKey('foo', '01', secret)] }) });
    const body = decryptBody(sealed, { additionalAuthenticatedData: AAD });
    expect((await call('keys/foo/decrypt', body)).json).toEqual({ plaintext: Buffer.from('old').toString('base64') });
  });

  it('tells an empty AAD from an absent one, as the sample proxy did', async () => {
    const seen: (Uint8Array | null)[] = [];
    const hsm = fakeHsm({ keys: [fakeKey('foo')] });
    const { call } = await ground({ parts: { hsm: { ...hsm, decrypt: (order) => hsm.decrypt((seen.push(order.aad), order)) } } });
    const sealed = { ciphertext: b64(12), initializationVector: b64(12), authenticationTag: b64(16) };
    await call('keys/foo/decrypt', decryptBody(sealed));
    await call('keys/foo/decrypt', decryptBody(sealed, { additionalAuthenticatedData: '' }));
    expect(seen).toEqual([null, Buffer.alloc(0)]);
  });

  it('refuses more than the settings allow, and keys that may not decrypt', async () => {
    const { call } = await ground({ serving: { limits: { plaintextBytes: 4300, aadBytes: 8192 } } });
    const sealed = { ciphertext: b64(4301), initializationVector: b64(12), authenticationTag: b64(16) };
    expect((await call('keys/foo/decrypt', decryptBody(sealed))).status).toBe(501);
    const { json } = await call('keys/encrypt-only/encrypt', encryptBody('x'));
    expect(await call('keys/encrypt-only/decrypt', decryptBody(json))).toMatchObject({
      status: 400,
      json: { errorName: 'InvalidKeyUsageException' },
    });
  });

  it('overwrites the plaintext once it is in the answer', async () => {
    const hsm = fakeHsm({ keys: [fakeKey('foo')] });
    let kept: Uint8Array | undefined;
    const { call } = await ground({
      parts: {
        hsm: {
          ...hsm,
          decrypt: async (order) => {
            const answer = await hsm.decrypt(order);
            if (answer.ok) kept = answer.value.plaintext;
            return answer;
          },
        },
      },
    });
    const { json } = await call('keys/foo/encrypt', encryptBody('secret'));
    expect((await call('keys/foo/decrypt', decryptBody(json))).json).toEqual({
      plaintext: Buffer.from('secret').toString('base64'),
    });
    expect(kept).toEqual(Buffer.alloc(6));
  });
});
