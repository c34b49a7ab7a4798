import { createCipheriv, createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hsmAad, type Framing, type Sha256Of } from '../../core/xks/aad';
import { cdiv } from '../../core/xks/cdiv';
import type { Hsm } from '../../proxy/hsm/port';
import { generationOf } from '../../proxy/hsm/read-keys';
import { hasSoftHsm } from './ground';
import { choice, good, HEALTH, proxyGround, said, serving, type ProxyGround } from './proxy-ground';

const sha256: Sha256Of = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const KEY = Buffer.alloc(32, 1);
const AAD = Buffer.from('project=nile,department=marketing');
const NONE = Buffer.alloc(0);

/** A ciphertext as another program makes it. */
function byHand(
  framing: Framing,
  key: Uint8Array,
  plaintext: string,
  aad: Uint8Array | null,
  metadata: Uint8Array,
  iv: Uint8Array,
) {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(hsmAad(framing, aad, metadata, sha256));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { ciphertext, iv, tag: cipher.getAuthTag(), metadata, aad };
}

describe.skipIf(!hasSoftHsm)('the HSM behind the proxy', () => {
  let ground: ProxyGround;
  let hsm: Hsm;

  beforeAll(async () => {
    ground = await proxyGround();
    ground.put({ label: 'nile', ckaId: '0a', value: KEY });
    ground.put({ label: HEALTH, ckaId: 'ff', value: Buffer.alloc(32, 9) });
    hsm = ground.open();
    await serving(hsm);
  });

  afterAll(() => ground.remove());

  it('decrypts what it encrypted, with an integrity value over the fields of the answer', async () => {
    const plaintext = Buffer.from('Hello World!');
    const sealed = good(await hsm.encrypt({ key: choice('nile'), plaintext, aad: AAD, wantsCdiv: true }));
    expect(sealed.ciphertext).toHaveLength(12);
    expect(sealed.iv).toHaveLength(12);
    expect(sealed.generation).toBe(generationOf('0a'));
    expect(Buffer.from(sealed.cdiv!)).toEqual(cdiv({ ...sealed, aad: AAD }, sha256));
    const opened = good(await hsm.decrypt({ key: choice('nile'), aad: AAD, foreignFramings: [], ...sealed }));
    expect(Buffer.from(opened.plaintext)).toEqual(plaintext);
    expect(opened.generation).toBe(sealed.generation);
  });

  it('says what is wrong with the ciphertext, and stays well', async () => {
    const sealed = byHand('spec', KEY, 'x', AAD, NONE, Buffer.alloc(12, 3));
    const order = { key: choice('nile'), foreignFramings: ['spec'] as const, ...sealed };
    expect(said(await hsm.decrypt(order))).toBe('ok');
    expect(said(await hsm.decrypt({ ...order, tag: Buffer.alloc(16) }))).toBe('InvalidCiphertextException CKR_GENERAL_ERROR');
    expect(hsm.state().counts.workersReplaced).toBe(0);
    expect(await hsm.probe()).toMatchObject({ ok: true, value: 'ACTIVE' });
  });
});
