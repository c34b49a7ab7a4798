import { constants, createCipheriv, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import forge from 'node-forge';
import { openBlob } from '../../../core/pkcs11/open-blob';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEK = randomBytes(32);
const KEY = randomBytes(67);
const TWO_STEPS = { hash: 'SHA-256', keyWrap: 'CKM_AES_KEY_WRAP_KWP' } as const;

function oaep(hash: 'sha1' | 'sha256', bytes: Buffer): Buffer {
  return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, bytes);
}

/** SHA-256 for the label and SHA-1 for the mask: what a module gives that minds half of its parameters. */
function mixedOaep(bytes: Buffer): Buffer {
  const key = forge.pki.publicKeyFromPem(publicKey.export({ format: 'pem', type: 'spki' }).toString());
  const options = { md: forge.md.sha256.create(), mgf1: { md: forge.md.sha1.create() } };
  return Buffer.from(key.encrypt(bytes.toString('binary'), 'RSA-OAEP', options), 'binary');
}

function keyWrapped(name: 'id-aes256-wrap-pad' | 'id-aes256-wrap', iv: string, kek: Buffer, bytes: Buffer): Buffer {
  const cipher = createCipheriv(name, kek, Buffer.from(iv, 'hex'));
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function kwp(bytes: Buffer): Buffer {
  return keyWrapped('id-aes256-wrap-pad', 'a65959a6', KEK, bytes);
}

describe('a blob of a throw-away key', () => {
  it('opens to what was wrapped, by OAEP alone and in two steps', () => {
    const single = openBlob(oaep('sha256', KEK), { hash: 'SHA-256', keyWrap: null }, privateKey, 256);
    expect(single.format.ok).toBe(true);
    expect(Buffer.from(single.material ?? [])).toEqual(KEK);
    const double = openBlob(Buffer.concat([oaep('sha256', KEK), kwp(KEY)]), TWO_STEPS, privateKey, 256);
    expect(double.format.ok).toBe(true);
    expect(Buffer.from(double.material ?? [])).toEqual(KEY);
  });

  it.each([
    ['of a module that used another hash', oaep('sha1', KEK), 'the module used SHA-1 whatever it was asked for'],
    ['of a module that used another mask', mixedOaep(KEK), 'its RSA part does not open: the module used other parameters'],
    ['that was cut off', oaep('sha256', KEK).subarray(0, 255), 'its RSA part does not open'],
    [
      'with an AES key of 16 bytes',
      Buffer.concat([oaep('sha256', KEK.subarray(0, 16)), kwp(KEY)]),
      'the key between has 16 bytes',
    ],
    [
      'whose AES part is RFC 3394 over a padding of its own',
      Buffer.concat([
        oaep('sha256', KEK),
        keyWrapped('id-aes256-wrap', 'a6a6a6a6a6a6a6a6', KEK, Buffer.concat([KEY, Buffer.alloc(5, 5)])),
      ]),
      'it is RFC 3394 with a padding of the module’s own, not RFC 5649',
    ],
    [
      'whose AES part is under another key',
      Buffer.concat([oaep('sha256', randomBytes(32)), kwp(KEY)]),
      'its AES part does not open',
    ],
    ['without an AES part', oaep('sha256', KEK), 'its AES part does not open'],
  ])('%s does not open, and says why', (name, blob, why) => {
    const recipe = name.includes('AES') ? TWO_STEPS : ({ hash: 'SHA-256', keyWrap: null } as const);
    const { material, format } = openBlob(blob, recipe, privateKey, 256);
    expect(material).toBeNull();
    expect(format).toMatchObject({ rule: 'CER-WRAP-FORMAT', ok: false, got: expect.stringContaining(why) as string });
  });
});
