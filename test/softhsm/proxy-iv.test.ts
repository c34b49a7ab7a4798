import { createDecipheriv } from 'node:crypto';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hsmAad, type Sha256Of } from '../../core/xks/aad';
import type { HsmOptions } from '../../proxy/hsm/options';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { hasSoftHsm } from './ground';
import { choice, good, HEALTH, proxyGround, said, serving, type OpenHsm, type ProxyGround } from './proxy-ground';

const KEY = Buffer.alloc(32, 1);
const AAD = Buffer.from('project=nile');
const PLAINTEXT = Buffer.from('an IV of the device');

const sha256: Sha256Of = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

describe.skipIf(!hasSoftHsm || !hasCompiler)('a device that makes the IVs of AES-GCM itself', () => {
  let ground: ProxyGround;
  let module: FaultyModule;
  let hsm: OpenHsm | null = null;

  beforeAll(async () => {
    ground = await proxyGround();
    module = buildFaultyModule(ground.home, ground.modulePath);
    ground.put({ label: 'nile', ckaId: '0a', value: KEY });
    ground.put({ label: HEALTH, ckaId: 'ff', value: Buffer.alloc(32, 9) });
  });

  afterEach(async () => {
    await hsm?.stop();
    module.faults();
  });

  afterAll(() => ground.remove());

  async function open(iv: HsmOptions['iv']): Promise<OpenHsm> {
    hsm = ground.open({
      module: module.path,
      iv,
      pool: { sessions: 1, processes: 1, queue: 10, deadlineMs: 3000, hungMs: 9000 },
    });
    await serving(hsm);
    return hsm;
  }

  const encrypt = (pool: OpenHsm, wantsCdiv = false) =>
    pool.encrypt({ key: choice('nile'), plaintext: PLAINTEXT, aad: AAD, wantsCdiv });

  it.each([
    ['appended', 'appended 12', 12],
    ['appended', 'appended 16', 16],
    ['prepended', 'prepended 12', 12],
    ['hidden', 'init 12', 12],
    ['hidden', 'late 12', 12],
  ] as const)('%s (%s) gives ciphertexts that anybody with the key can decrypt', async (iv, fault, ivBytes) => {
    module.faults(`iv ${fault}`);
    const pool = await open(iv);
    const seen = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const sealed = good(await encrypt(pool, i % 2 === 1));
      expect(sealed.iv).toHaveLength(ivBytes);
      seen.add(Buffer.from(sealed.iv).toString('hex'));
      const opener = createDecipheriv('aes-256-gcm', KEY, sealed.iv);
      opener.setAAD(hsmAad('spec', AAD, sealed.metadata, sha256)).setAuthTag(sealed.tag);
      expect(Buffer.concat([opener.update(sealed.ciphertext), opener.final()])).toEqual(PLAINTEXT);
      const back = good(await pool.decrypt({ key: choice('nile'), aad: AAD, foreignFramings: [], ...sealed }));
      expect(Buffer.from(back.plaintext)).toEqual(PLAINTEXT);
    }
    expect(seen.size).toBe(5);
    expect(good(await pool.probe())).toBe('ACTIVE');
  });

  it.each([
    ['appended', 'appended'],
    ['prepended', 'prepended'],
    ['hidden', 'init'],
  ] as const)('%s is refused when it gives the same IV again', async (iv, fault) => {
    module.faults(`iv ${fault}`, 'ivfixed 1');
    const pool = await open(iv);
    const [first, second] = [said(await encrypt(pool)), said(await encrypt(pool))];
    expect([first, second].filter((text) => text === 'ok').length).toBeLessThanOrEqual(1);
    expect(second).toBe('InternalException ivRepeats');
  });

  it('is not believed to make IVs when it does not: SoftHSM takes none for one, and zeros as they are', async () => {
    for (const [iv, reason] of [
      ['appended', 'ivLength'],
      ['prepended', 'ivLength'],
      ['hidden', 'ivMissing'],
    ] as const) {
      const pool = await open(iv);
      expect(said(await encrypt(pool))).toBe(`InternalException ${reason}`);
      await pool.stop();
    }
  });

  it('is found out where the settings say that the caller makes them', async () => {
    module.faults('iv late 12');
    const pool = await open('caller');
    // It wrote its own IV over ours, into the memory we answer from: the answer has the IV that was used.
    const sealed = good(await encrypt(pool, true));
    const opener = createDecipheriv('aes-256-gcm', KEY, sealed.iv);
    opener.setAAD(hsmAad('spec', AAD, sealed.metadata, sha256)).setAuthTag(sealed.tag);
    expect(Buffer.concat([opener.update(sealed.ciphertext), opener.final()])).toEqual(PLAINTEXT);
  });
});
