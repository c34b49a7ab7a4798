import { createCipheriv, createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hsmAad, type Framing, type Sha256Of } from '../../core/xks/aad';
import { cdiv } from '../../core/xks/cdiv';
import { refusal } from '../../core/xks/errors';
import type { Hsm } from '../../proxy/hsm/port';
import { generationOf } from '../../core/pack/generation';
import { hasSoftHsm } from './ground';
import { choice, good, HEALTH, proxyGround, said, serving, until, type ProxyGround } from './proxy-ground';

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

  it('decrypts hand-made ciphertexts of the specification and of the sample proxy, by the framings it is told', async () => {
    for (const aad of [AAD, NONE, null]) {
      const spec = byHand('spec', KEY, 'by the specification', aad, NONE, Buffer.alloc(12, 4));
      const sample = byHand('sample', KEY, 'by the sample', aad, NONE, Buffer.alloc(16, 5));
      const open = async (sealed: typeof spec, foreignFramings: readonly Framing[]) =>
        hsm.decrypt({ key: choice('nile'), foreignFramings, ...sealed });
      const text = async (answer: ReturnType<typeof open>) => Buffer.from(good(await answer).plaintext).toString();
      expect(await text(open(spec, ['spec']))).toBe('by the specification');
      expect(await text(open(sample, ['sample']))).toBe('by the sample');
      expect(await text(open(sample, ['spec', 'sample']))).toBe('by the sample');
      expect(await text(open(spec, ['sample', 'spec']))).toBe('by the specification');
      expect(said(await open(spec, []))).toBe('InvalidCiphertextException foreign');
      if (aad !== null) expect(said(await open(sample, ['spec']))).toBe('InvalidCiphertextException CKR_GENERAL_ERROR');
    }
    expect(hsm.state().counts.workersReplaced).toBe(0);
  });

  it('decrypts the vector of the reference, whose metadata is another proxy’s', async () => {
    const metadata = Buffer.from('key_version=1');
    const legacy = ground.open({ legacyMetadata: metadata });
    await serving(legacy);
    const vector = {
      key: choice('nile'),
      aad: AAD,
      metadata,
      iv: Buffer.from('HMrlRw85cAJUd5Ax', 'base64'),
      ciphertext: Buffer.from('8EzWc4/GZoxJiOVp', 'base64'),
      tag: Buffer.from('RbJnqHt4/tkjzRp1FUWUKw==', 'base64'),
    };
    const answer = good(await legacy.decrypt({ ...vector, foreignFramings: ['spec'] }));
    expect(Buffer.from(answer.plaintext).toString()).toBe('Hello World!');
    expect(said(await hsm.decrypt({ ...vector, foreignFramings: ['spec'] }))).toBe('InvalidCiphertextException metadataUnknown');
    await legacy.stop();
  });

  it('binds the metadata: changed, cut off or put into the additional data, it decrypts nothing', async () => {
    const sealed = good(await hsm.encrypt({ key: choice('nile'), plaintext: Buffer.from('x'), aad: AAD, wantsCdiv: false }));
    const order = { key: choice('nile'), aad: AAD, foreignFramings: ['spec', 'sample'] as const, ...sealed };
    for (let bit = 0; bit < sealed.metadata.length * 8; bit += 5) {
      const metadata = Buffer.from(sealed.metadata);
      metadata[bit >> 3]! ^= 1 << (bit & 7);
      expect(said(await hsm.decrypt({ ...order, metadata }))).toMatch(/^InvalidCiphertextException/);
    }
    const moved = Buffer.concat([AAD, Buffer.of(sealed.metadata.length), sealed.metadata]);
    expect(said(await hsm.decrypt({ ...order, metadata: NONE }))).toMatch(/^InvalidCiphertextException/);
    expect(said(await hsm.decrypt({ ...order, metadata: NONE, aad: moved }))).toMatch(/^InvalidCiphertextException/);
  });

  it('uses the generation that settings choose, and decrypts what older ones encrypted', async () => {
    ground.put({ label: 'turns', ckaId: '01', value: Buffer.alloc(32, 0x11) });
    const plaintext = Buffer.from('old');
    const old = good(await hsm.encrypt({ key: choice('turns'), plaintext, aad: null, wantsCdiv: true }));
    ground.put({ label: 'turns', ckaId: '02', value: Buffer.alloc(32, 0x22) });
    hsm.forgetKeys();
    const order = { plaintext, aad: null, wantsCdiv: true };
    expect(said(await hsm.encrypt({ key: choice('turns'), ...order }))).toBe('InternalException duplicateLabel');
    expect(said(await hsm.describe(choice('turns')))).toBe('InternalException duplicateLabel');
    const now = choice('turns', '02', '01');
    const fresh = good(await hsm.encrypt({ key: now, ...order }));
    expect([old.generation, fresh.generation]).toEqual([generationOf('01'), generationOf('02')]);
    for (const sealed of [old, fresh]) {
      const opened = good(await hsm.decrypt({ key: now, aad: null, foreignFramings: [], ...sealed }));
      expect([Buffer.from(opened.plaintext).toString(), opened.generation]).toEqual(['old', sealed.generation]);
    }
    const foreign = byHand('sample', Buffer.alloc(32, 0x11), 'legacy', AAD, NONE, Buffer.alloc(12, 8));
    expect(said(await hsm.decrypt({ key: now, foreignFramings: ['sample'], ...foreign }))).toBe('ok');
    expect(said(await hsm.decrypt({ key: choice('turns', '02'), foreignFramings: ['sample'], ...foreign }))).toMatch(/^Invalid/);
    expect(said(await hsm.encrypt({ key: choice('turns', '03'), ...order }))).toBe('InternalException generationMissing');
    expect(good(await hsm.describe(now))).toMatchObject({ id: generationOf('02'), ckaId: '02', aesBits: 256 });
  });

  it('refuses two keys under one label and one CKA_ID, whatever settings choose', async () => {
    for (const value of [1, 2]) ground.put({ label: 'twins', ckaId: '77', value: Buffer.alloc(32, value) });
    const order = { key: choice('twins', '77'), plaintext: Buffer.from('x'), aad: null, wantsCdiv: false };
    expect(said(await hsm.encrypt(order))).toBe('InternalException duplicateId');
    expect(said(await hsm.describe(choice('twins', '77')))).toBe('InternalException duplicateId');
    expect(hsm.state().counts.workersReplaced).toBe(0);
  });

  it('finds a new generation by itself when a ciphertext names it', async () => {
    ground.put({ label: 'moves', ckaId: '0a', value: Buffer.alloc(32, 3) });
    const order = { key: choice('moves', '0a'), plaintext: Buffer.from('x'), aad: null, wantsCdiv: false };
    expect(said(await hsm.encrypt(order))).toBe('ok');
    ground.put({ label: 'moves', ckaId: '0b', value: Buffer.alloc(32, 4) });
    ground.put({ label: 'moves', ckaId: '0c', value: Buffer.alloc(32, 5) });
    await until(
      async () => said(await hsm.encrypt({ ...order, key: choice('moves', '0b') })) === 'ok',
      'a search that is worth another one',
    );
  });

  it('knows a key that is not there, is no AES-256 key or must not do it', async () => {
    const encrypt = async (label: string) =>
      said(await hsm.encrypt({ key: choice(label), plaintext: Buffer.from('x'), aad: null, wantsCdiv: false }));
    const sealed = byHand('spec', KEY, 'x', null, NONE, Buffer.alloc(12, 6));
    const decrypt = async (label: string) =>
      said(await hsm.decrypt({ key: choice(label), foreignFramings: ['spec'], ...sealed }));
    ground.put({ label: 'short', ckaId: '01', value: Buffer.alloc(16, 1) });
    ground.put({ label: 'only-encrypts', ckaId: '01', value: KEY, decrypt: false });
    ground.put({ label: 'only-decrypts', ckaId: '01', value: KEY, encrypt: false });
    expect(await encrypt('nobody')).toBe('KeyNotFoundException noKey');
    expect(await decrypt('nobody')).toBe('KeyNotFoundException noKey');
    expect(said(await hsm.describe(choice('nobody')))).toBe('KeyNotFoundException noKey');
    expect([await encrypt('short'), await decrypt('short')]).toEqual([
      'InvalidKeyUsageException keyType',
      'InvalidKeyUsageException keyType',
    ]);
    // Nobody could open what such a key encrypts.
    expect(await encrypt('only-encrypts')).toBe('InvalidKeyUsageException usage');
    expect(await decrypt('only-encrypts')).toBe('InvalidKeyUsageException usage');
    expect([await encrypt('only-decrypts'), await decrypt('only-decrypts')]).toEqual(['InvalidKeyUsageException usage', 'ok']);
    expect(good(await hsm.describe(choice('only-encrypts')))).toMatchObject({ aesBits: 256, usages: ['ENCRYPT'] });
    expect(good(await hsm.describe(choice('short')))).toMatchObject({ aesBits: 128 });
    expect(hsm.state().counts.workersReplaced).toBe(0);
  });

  it('lets nothing empty, too long or misshapen reach the module', async () => {
    const key = choice('nile');
    const encrypt = async (plaintext: Buffer, aad: Buffer) => said(await hsm.encrypt({ key, plaintext, aad, wantsCdiv: true }));
    expect(await encrypt(NONE, AAD)).toBe('ValidationException emptyPlaintext');
    expect(await encrypt(Buffer.alloc(4300), Buffer.alloc(8192))).toBe('ok');
    expect(await encrypt(Buffer.alloc(500_000), Buffer.alloc(0xffff))).toBe('ok');
    expect(await encrypt(Buffer.alloc(1), Buffer.alloc(0x10000))).toBe('UnsupportedOperationException size');
    expect(await encrypt(Buffer.alloc(1024 * 1024 + 1), AAD)).toBe('UnsupportedOperationException size');
    const sealed = byHand('spec', KEY, 'x', AAD, NONE, Buffer.alloc(12, 6));
    const decrypt = async (changes: object) => said(await hsm.decrypt({ key, foreignFramings: ['spec'], ...sealed, ...changes }));
    expect(await decrypt({ ciphertext: NONE })).toBe('InvalidCiphertextException emptyCiphertext');
    expect(await decrypt({ iv: NONE })).toBe('InvalidCiphertextException lengths');
    expect(await decrypt({ tag: Buffer.alloc(12) })).toBe('InvalidCiphertextException lengths');
    expect(hsm.state().counts.workersReplaced).toBe(0);
  });

  it('never uses an IV twice, over hundreds of encryptions on several threads', async () => {
    const order = { key: choice('nile'), plaintext: Buffer.from('x'), aad: null, wantsCdiv: false };
    const before = hsm.state().counts.encryptions['nile'] ?? 0;
    const sealed = await Promise.all(Array.from({ length: 400 }, () => hsm.encrypt(order)));
    expect(new Set(sealed.map((one) => Buffer.from(good(one).iv).toString('hex'))).size).toBe(400);
    expect(hsm.state().counts.encryptions['nile']).toBe(before + 400);
  });

  it('answers for each block that comes while operations wait or run', async () => {
    ground.put({ label: 'elbe', ckaId: '0e', value: Buffer.alloc(32, 14) });
    let blocked = '';
    const blocks = {
      mayUse: (label: string) => (label === blocked ? refusal('InvalidStateException', 'blocked', 'Blocked.').error : null),
    };
    const other = ground.open({}, blocks);
    await serving(other);
    const order = { key: choice('nile'), plaintext: Buffer.alloc(4096), aad: null, wantsCdiv: true };
    const running = Array.from({ length: 50 }, () => other.encrypt(order));
    const free = Array.from({ length: 50 }, () => other.encrypt({ ...order, key: choice('elbe') }));
    blocked = 'nile';
    other.blocksChanged();
    const answers = (await Promise.all(running)).map(said);
    // Two threads had one each; what was under way may have ended before the block reached it, all the others had not begun.
    expect(answers.filter((text) => text === 'InvalidStateException blocked').length).toBeGreaterThanOrEqual(48);
    expect((await Promise.all(free)).map(said).every((text) => text === 'ok')).toBe(true);
    expect(said(await other.describe(choice('nile')))).toBe('InvalidStateException blocked');
    blocked = '';
    other.blocksChanged();
    expect(said(await other.encrypt(order))).toBe('ok');
    await other.stop();
  });

  it('makes the health key once, as the policy of XKS keys has it', async () => {
    const own = ground.open({ healthKey: 'own-health' });
    await serving(own);
    expect(await own.probe()).toMatchObject({ ok: true, value: 'DEGRADED' });
    expect(said(await own.makeHealthKey())).toBe('ok');
    expect(await own.probe()).toMatchObject({ ok: true, value: 'ACTIVE' });
    expect(good(await own.describe(choice('own-health')))).toMatchObject({ aesBits: 256, usages: ['ENCRYPT', 'DECRYPT'] });
    expect(said(await own.makeHealthKey())).toBe('InternalException key.duplicate');
    await own.stop();
    expect(said(await own.probe())).toBe('InternalException stopped');
  });

  it('throttles beyond its queue, and answers the others', async () => {
    const small = ground.open({ pool: { sessions: 1, processes: 1, queue: 5, deadlineMs: 5000, hungMs: 10_000 } });
    await serving(small);
    const order = { key: choice('nile'), plaintext: Buffer.from('x'), aad: null, wantsCdiv: false };
    await small.encrypt(order);
    const answers = (await Promise.all(Array.from({ length: 20 }, () => small.encrypt(order)))).map(said);
    expect(answers.filter((text) => text === 'ok')).toHaveLength(6);
    expect(answers.filter((text) => text === 'ThrottlingException queueFull')).toHaveLength(14);
    expect(small.state().counts.throttled).toBe(14);
    await small.stop();
  });
});
