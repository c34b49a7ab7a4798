import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFields, safeText } from '../../../proxy/log/redact';

const CANARY = 'c4n4ry-of-the-secret';

describe('what is logged', () => {
  it('holds no value under a name that secrets have, however deep', () => {
    const names = [
      'pin',
      'userPin',
      'user_pin',
      'secret',
      'sigv4_secret_access_key',
      'rawSecretAccessKey',
      'password',
      'passphrase',
      'authorization',
      'Authorization',
      'signature',
      'plaintext',
      'ciphertext',
      'privateKey',
      'key',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.constantFrom('settings', 'hsm', 'inner'), { maxLength: 6 }),
        (name, path) => {
          const inner: Record<string, unknown> = { [name]: { from: 'inline', value: CANARY }, port: 1 };
          const fields = path.reduce((below, above) => ({ [above]: below, list: [below] }), inner);
          expect(JSON.stringify(safeFields(fields))).not.toContain(CANARY);
        },
      ),
    );
  });

  it('keeps names that only look like it, and numbers', () => {
    const fields = {
      keyId: 'pay-key',
      kmsKeyArn: 'arn',
      accessKeyId: 'AKIA',
      ping: 'good',
      pinLength: 6,
      keys: ['a'],
      token: { label: 'hsm' },
    };
    expect(safeFields(fields)).toEqual(fields);
  });

  it('holds no bytes, whatever their name', () => {
    expect(safeFields({ a: Buffer.from(CANARY), b: new Uint8Array(3), c: [new ArrayBuffer(2)] })).toEqual({
      a: '[bytes]',
      b: '[bytes]',
      c: ['[bytes]'],
    });
  });

  it('holds no signature, private key or password in a text', () => {
    const pem = `-----BEGIN EC PRIVATE KEY-----\n${CANARY}\n-----END EC PRIVATE KEY-----`;
    const texts = [
      `AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=${'ab'.repeat(32)}`,
      `bad: ${pem} end`,
      pem.slice(0, 50),
      `http://user:${CANARY}@host/`,
    ];
    for (const text of texts) {
      const { error } = safeFields({ error: new Error(text, { cause: new Error(text) }) });
      for (const safe of [safeText(text), JSON.stringify(error)]) {
        expect(safe).not.toContain(CANARY);
        expect(safe).not.toContain('abababab');
      }
    }
  });

  it('tells of an error its name, message, code, place and cause', () => {
    const error = Object.assign(new Error('outer', { cause: new RangeError('inner') }), { code: 'EIO', pin: CANARY });
    const { failed } = safeFields({ failed: error });
    expect(failed).toMatchObject({
      name: 'Error',
      message: 'outer',
      code: 'EIO',
      stack: expect.stringContaining('redact.test') as string,
      cause: { name: 'RangeError', message: 'inner' },
    });
    expect(JSON.stringify(failed)).not.toContain(CANARY);
  });

  it('ends, for circles and for endless texts', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(JSON.stringify(safeFields(circle))).toContain('[deeper]');
    expect(safeText('x'.repeat(1_000_000)).length).toBeLessThan(5000);
    expect(JSON.stringify(safeFields({ set: new Set([1n]), none: null, nothing: undefined }))).toBe('{"set":["1"],"none":null}');
  });
});
