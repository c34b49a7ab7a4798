import { describe, expect, it } from 'vitest';
import { cdiv } from '../../../core/xks/cdiv';
import { refusal } from '../../../core/xks/errors';
import { fakeHsm, fakeKey, generationId, sha256 } from '../fake-hsm';
import { ground, STORE } from '../server-ground';
import { decryptBody, encryptBody, METADATA } from '../xks-call';

const bytesOf = (text: unknown): Buffer => Buffer.from(String(text), 'base64');
const AAD = Buffer.from('project=nile,department=marketing').toString('base64');

describe('Encrypt', () => {
  it.each([
    ['without AAD', {}],
    ['with AAD', { additionalAuthenticatedData: AAD }],
    ['with an integrity value', { ciphertextDataIntegrityValueAlgorithm: 'SHA_256' }],
    ['with both', { additionalAuthenticatedData: AAD, ciphertextDataIntegrityValueAlgorithm: 'SHA_256' }],
    [
      'with members nobody knows',
      { future: { a: 1 }, requestMetadata: { ...METADATA, kmsOperation: 'Future', sourceIdentity: 'x' } },
    ],
    ['with null for what is not there', { additionalAuthenticatedData: null, ciphertextDataIntegrityValueAlgorithm: null }],
  ])('answers what Decrypt opens again, %s', async (_how, more: Readonly<Record<string, unknown>>) => {
    const { call } = await ground();
    const { status, headers, json } = await call('keys/foo/encrypt', encryptBody('Hello World!', more));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(bytesOf(json['ciphertext'])).toHaveLength(12);
    expect(bytesOf(json['initializationVector'])).toHaveLength(12);
    expect(bytesOf(json['authenticationTag'])).toHaveLength(16);
    expect(bytesOf(json['ciphertextMetadata']).length).toBeLessThanOrEqual(20);
    const aad = more['additionalAuthenticatedData'] ? { additionalAuthenticatedData: AAD } : {};
    const opened = await call('keys/foo/decrypt', decryptBody(json, aad));
    expect(opened.json).toEqual({ plaintext: Buffer.from('Hello World!').toString('base64') });
  });

  it.each(['Encrypt', 'ReEncrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'Decrypt', 'x'.repeat(2048)])(
    'serves the kmsOperation %s, and records it',
    async (kmsOperation) => {
      const { call, records } = await ground();
      const requestMetadata = { ...METADATA, kmsOperation };
      const { status, json } = await call('keys/foo/encrypt', encryptBody('Hello World!', { requestMetadata }));
      expect(status).toBe(200);
      expect((await call('keys/foo/decrypt', decryptBody(json, { requestMetadata }))).status).toBe(200);
      expect(records.map((record) => record.kmsOperation)).toEqual([kmsOperation, kmsOperation]);
    },
  );

  it('adds an integrity value over what it answers, where it is asked for, and not otherwise', async () => {
    const { call } = await ground();
    const asked = { additionalAuthenticatedData: AAD, ciphertextDataIntegrityValueAlgorithm: 'SHA_256' };
    const { json } = await call('keys/foo/encrypt', encryptBody('Hello World!', asked));
    const value = cdiv(
      {
        aad: bytesOf(AAD),
        metadata: bytesOf(json['ciphertextMetadata']),
        iv: bytesOf(json['initializationVector']),
        ciphertext: bytesOf(json['ciphertext']),
        tag: bytesOf(json['authenticationTag']),
      },
      sha256,
    );
    expect(json['ciphertextDataIntegrityValue']).toBe(Buffer.from(value).toString('base64'));
    const plain = await call('keys/foo/encrypt', encryptBody('Hello World!'));
    expect(plain.json).not.toHaveProperty('ciphertextDataIntegrityValue');
  });

  it('takes the sizes every proxy has to take', async () => {
    const { call } = await ground();
    const arn = 'a'.repeat(2048);
    const requestMetadata = { ...METADATA, awsPrincipalArn: arn, kmsKeyArn: arn, awsSourceVpc: 'vpc-1', awsSourceVpce: 'vpce-1' };
    const body = encryptBody(Buffer.alloc(4300, 1), {
      requestMetadata,
      additionalAuthenticatedData: Buffer.alloc(8192, 2).toString('base64'),
    });
    expect((await call('keys/foo/encrypt', body)).status).toBe(200);
  });

  it.each([
    ['a plaintext that is missing', { plaintext: undefined }, 'plaintext'],
    ['a plaintext that is a number', { plaintext: 5 }, 'plaintext'],
    ['a plaintext of URL-safe base64', { plaintext: '_-__' }, 'plaintext'],
    ['a plaintext with blanks', { plaintext: 'AA AA' }, 'plaintext'],
    ['a plaintext without its padding', { plaintext: 'AA' }, 'plaintext'],
    ['a plaintext with stray bits', { plaintext: 'AB==' }, 'plaintext'],
    ['a plaintext of nothing', { plaintext: '' }, 'plaintext'],
    ['AAD that is no base64', { additionalAuthenticatedData: '%' }, 'additionalAuthenticatedData'],
    ['another algorithm', { encryptionAlgorithm: 'AES_CBC' }, 'encryptionAlgorithm'],
    ['no algorithm', { encryptionAlgorithm: undefined }, 'encryptionAlgorithm'],
    ['another integrity value', { ciphertextDataIntegrityValueAlgorithm: 'MD5' }, 'ciphertextDataIntegrityValueAlgorithm'],
    ['no metadata', { requestMetadata: undefined }, 'requestMetadata'],
    ['empty metadata', { requestMetadata: {} }, 'requestMetadata'],
    ['an ARN beyond 2,048 characters', { requestMetadata: { ...METADATA, kmsKeyArn: 'a'.repeat(2049) } }, 'kmsKeyArn'],
  ])('refuses %s as invalid, naming the member', async (_what, more, member) => {
    const { call, hsm } = await ground();
    const { status, json } = await call('keys/foo/encrypt', encryptBody('x', more));
    expect(status).toBe(400);
    expect(json['errorName']).toBe('ValidationException');
    expect(json['errorMessage']).toContain(member);
    expect(hsm.counts.encrypt).toBe(0);
  });

  it.each(['', 'null', '[]', '"text"', '{', '{"requestMetadata":', '\u0000'])('refuses the body %j as invalid', async (body) => {
    const { call } = await ground();
    expect(await call('keys/foo/encrypt', body)).toMatchObject({ status: 400, json: { errorName: 'ValidationException' } });
  });

  it('refuses more than the settings allow as not supported', async () => {
    const { call } = await ground({ serving: { limits: { plaintextBytes: 4300, aadBytes: 8192 } } });
    const over = await call('keys/foo/encrypt', encryptBody(Buffer.alloc(4301)));
    expect(over).toMatchObject({ status: 501, json: { errorName: 'UnsupportedOperationException' } });
    const aad = { additionalAuthenticatedData: Buffer.alloc(8193).toString('base64') };
    expect((await call('keys/foo/encrypt', encryptBody('x', aad))).status).toBe(501);
    expect((await call('keys/foo/encrypt', encryptBody(Buffer.alloc(4300)))).status).toBe(200);
  });

  it('knows the keys of its own key store only', async () => {
    const other = { ...STORE, name: 'second', prefix: '/second', keys: new Set(['bar']) };
    const { call } = await ground({ stores: [{ ...STORE, keys: new Set(['foo']) }, other] });
    expect(await call('keys/bar/encrypt', encryptBody('x'))).toMatchObject({
      status: 404,
      json: { errorName: 'KeyNotFoundException' },
    });
    expect((await call('/second/kms/xks/v1/keys/bar/encrypt', encryptBody('x'))).status).toBe(200);
    expect((await call('/second/kms/xks/v1/keys/foo/encrypt', encryptBody('x'))).status).toBe(404);
  });

  it('passes on what the HSM refuses', async () => {
    const { call, hsm } = await ground();
    expect(await call('keys/gone/encrypt', encryptBody('x'))).toMatchObject({
      status: 404,
      json: { errorName: 'KeyNotFoundException' },
    });
    expect(await call('keys/decrypt-only/encrypt', encryptBody('x'))).toMatchObject({
      status: 400,
      json: { errorName: 'InvalidKeyUsageException' },
    });
    for (const [name, status] of [
      ['ThrottlingException', 429],
      ['InternalException', 500],
      ['DependencyTimeoutException', 503],
    ] as const) {
      hsm.failNext('encrypt', refusal(name, 'CKR_X', 'Why it is so, with Umlaut: \u00fc').error);
      const { status: answered, json } = await call('keys/foo/encrypt', encryptBody('x'));
      expect([answered, json]).toEqual([status, { errorName: name, errorMessage: 'Why it is so, with Umlaut: ?' }]);
    }
  });

  it('hands the HSM the generation the settings chose', async () => {
    const hsm = fakeHsm({ keys: [fakeKey('foo', '01'), fakeKey('foo', '02')] });
    const { call, records } = await ground({ hsm, serving: { keys: new Map([['foo', { current: '02', legacy: null }]]) } });
    const { json, status } = await call('keys/foo/encrypt', encryptBody('x'));
    expect(status).toBe(200);
    expect(bytesOf(json['ciphertextMetadata']).subarray(3).toString('hex')).toBe(generationId('02'));
    expect(records[0]?.generation).toBe(generationId('02'));
  });

  it('overwrites the plaintext when the HSM has answered', async () => {
    const hsm = fakeHsm({ keys: [fakeKey('foo')] });
    let kept: Uint8Array | undefined;
    const { call } = await ground({
      parts: { hsm: { ...hsm, encrypt: (order) => hsm.encrypt(((kept = order.plaintext), order)) } },
    });
    await call('keys/foo/encrypt', encryptBody('secret'));
    expect(kept).toEqual(Buffer.alloc(6));
  });
});
