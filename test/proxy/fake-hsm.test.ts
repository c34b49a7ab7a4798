import { describe, expect, it } from 'vitest';
import { refusal } from '../../core/xks/errors';
import { fakeHsm, fakeKey } from './fake-hsm';

const key = { label: 'k', current: null, legacy: null };
const aad = Buffer.from('project=nile');

describe('the fake HSM', () => {
  it('decrypts what it encrypted, and refuses what was changed', async () => {
    const hsm = fakeHsm({ keys: [fakeKey('k')] });
    const sealed = await hsm.encrypt({ key, plaintext: Buffer.from('Hello World!'), aad, wantsCdiv: true });
    if (!sealed.ok) throw new Error(sealed.error.message);
    const order = { key, aad, foreignFramings: [], ...sealed.value };
    expect(await hsm.decrypt(order)).toMatchObject({ ok: true, value: { plaintext: Buffer.from('Hello World!') } });
    expect(await hsm.decrypt({ ...order, aad: null })).toMatchObject({ error: { name: 'InvalidCiphertextException' } });
  });

  it('fails and waits when it is told to', async () => {
    const hsm = fakeHsm({ keys: [fakeKey('k')] });
    hsm.failNext('describe', refusal('InternalException', 'CKR_DEVICE_ERROR', 'gone').error);
    expect(await hsm.describe(key)).toMatchObject({ ok: false, error: { reason: 'CKR_DEVICE_ERROR' } });
    const held = hsm.hold('describe');
    const answer = hsm.describe(key);
    await held.waiting(1);
    held.release();
    expect(await answer).toMatchObject({ ok: true, value: { aesBits: 256 } });
  });
});
