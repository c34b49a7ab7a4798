import { createCipheriv, createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeySpec, Purpose } from '../../core/keys/spec';
import { SPEC_FACTS } from '../../core/keys/spec-facts';
import type { TokenAddress, TokenPort } from '../../core/pkcs11/port';
import { openTokenPort } from '../../core/pkcs11/token';
import { cmacOfBlock } from './aes-cmac';
import { makeFolder, makeOpenToken, must, profiles, hasSoftHsm } from './ground';
import { createPlanned, rawSession } from './raw';

const ZEROS = Buffer.alloc(32);
const COUNTING = Buffer.from(Array.from({ length: 64 }, (_, i) => i));

function short(bytes: Buffer): string {
  return bytes.subarray(0, 3).toString('hex').toUpperCase();
}

/** The check value as node:crypto gives it. */
function expected(purpose: Purpose, keySpec: KeySpec, value: Buffer): { method: string; value: string } {
  if (SPEC_FACTS[keySpec].family === 'hmac')
    return { method: 'P11-generic', value: short(createHash('sha1').update(value).digest()) };
  if (purpose === 'byok') return { method: 'CMAC', value: short(cmacOfBlock(value, Buffer.alloc(16))) };
  const gcm = createCipheriv('aes-256-gcm', value, Buffer.alloc(12));
  gcm.update('keyrite-kcv-gcm1', 'ascii');
  gcm.final();
  return { method: 'GCM-TAG', value: short(gcm.getAuthTag()) };
}

describe.skipIf(!hasSoftHsm)('check values of keys whose value is known', () => {
  let port: TokenPort;
  let address: TokenAddress;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const made = await makeFolder();
    remove = made.remove;
    process.env['SOFTHSM2_CONF'] = made.folder.environment.SOFTHSM2_CONF;
    port = openTokenPort(profiles);
    address = await makeOpenToken(port, made.folder, 'known-values');
  });

  afterAll(async () => {
    await port.close();
    await remove();
  });

  it('equal the published vectors and the independent computation', async () => {
    const cases: [Purpose, KeySpec, Buffer][] = [
      ['byok', 'AES_256', ZEROS],
      ['byok', 'AES_256', COUNTING.subarray(0, 32)],
      ['xks', 'AES_256', ZEROS],
      ['resident', 'AES_256', COUNTING.subarray(0, 32)],
      ['byok', 'HMAC_224', COUNTING.subarray(0, 28)],
      ['byok', 'HMAC_256', ZEROS],
      ['resident', 'HMAC_384', COUNTING.subarray(0, 48)],
      ['resident', 'HMAC_512', COUNTING],
    ];
    const { api, session } = rawSession(address.modulePath, address.serial);
    const values: string[] = [];
    for (const [purpose, keySpec, value] of cases) {
      const plan = must(await port.plan({ purpose, keySpec, label: 'known', ckaId: must(await port.random({ bytes: 16 })) }));
      const object = createPlanned(api, session, plan, value);
      const got = must(await port.checkValue(plan));
      expect(got).toEqual(expected(purpose, keySpec, value));
      values.push(got.value);
      api.C_DestroyObject(session, object);
    }
    // ceremony vectors: CMAC of the zero key and the counting key; SHA-1 of 32 zero bytes
    expect([values[0], values[1], values[5]]).toEqual(['921105', '377822', 'DE8A84']);
  });

  it('do not make an imported key pass for a generated one', async () => {
    const { api, session } = rawSession(address.modulePath, address.serial);
    const plan = must(await port.plan({ purpose: 'xks', keySpec: 'AES_256', label: 'imported', ckaId: 'aa'.repeat(16) }));
    createPlanned(api, session, plan, ZEROS);
    const wrong = must(await port.readBack(plan)).flatMap((reading) => reading.rows.filter((row) => !row.ok));
    expect(wrong.map((row) => row.name).toSorted()).toEqual([
      'CKA_ALWAYS_SENSITIVE',
      'CKA_KEY_GEN_MECHANISM',
      'CKA_LOCAL',
      'CKA_NEVER_EXTRACTABLE',
    ]);
    const [verdict] = must(await port.audit()).filter((key) => key.label === 'imported');
    expect(verdict).toMatchObject({ verdict: 'differs', purpose: 'xks' });
  });
});
