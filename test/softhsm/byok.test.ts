import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsSpecOf } from '../../core/keys/kms-spec';
import { KEY_SPECS, type KeySpec } from '../../core/keys/spec';
import { isPair, SPEC_FACTS } from '../../core/keys/spec-facts';
import type { KeyPlan } from '../../core/keys/template';
import { legalWrappings, wrappedLength, type Wrapping, type WrappingKeySpec } from '../../core/keys/wrapping';
import type { TokenAddress, TokenPort } from '../../core/pkcs11/port';
import { openTokenPort } from '../../core/pkcs11/token';
import { cmacOfBlock } from './aes-cmac';
import { bytes, code, hasSoftHsm, makeFolder, makeOpenToken, must, profile, profiles, SO_PIN, USER_PIN } from './ground';
import { kmsUnwrap } from './kms-unwrap';
import { rawSession } from './raw';

const PAIRS: Readonly<Record<WrappingKeySpec, KeyPairKeyObjectResult>> = {
  RSA_2048: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  RSA_3072: generateKeyPairSync('rsa', { modulusLength: 3072 }),
  RSA_4096: generateKeyPairSync('rsa', { modulusLength: 4096 }),
};

function spkiOf(spec: WrappingKeySpec): Uint8Array {
  return new Uint8Array(PAIRS[spec].publicKey.export({ format: 'der', type: 'spki' }));
}

/** Every combination KMS takes, and whether SoftHSM 2.6.1 can make it. */
const COMBINATIONS = KEY_SPECS.flatMap((keySpec) =>
  legalWrappings(kmsSpecOf(keySpec)).map((wrapping) => ({ keySpec, ...wrapping })),
);

function isPossible({ keySpec, algorithm }: { keySpec: KeySpec } & Wrapping): boolean {
  if (!isPair(keySpec)) return algorithm === 'RSAES_OAEP_SHA_1';
  return keySpec === 'ECC_NIST_P384' && algorithm === 'RSA_AES_KEY_WRAP_SHA_1';
}

describe.skipIf(!hasSoftHsm)('a key on its way from SoftHSM to KMS', () => {
  let port: TokenPort;
  let address: TokenAddress;
  let remove: () => Promise<void>;
  const plans = new Map<KeySpec, KeyPlan>();

  const asUser = async () => must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  const asSecurityOfficer = async () => must(await port.login({ user: 'so', pin: bytes(SO_PIN) }));

  /** The planned key of a spec; made once, because RSA keys take long. */
  async function keyOf(keySpec: KeySpec): Promise<KeyPlan> {
    const made = plans.get(keySpec);
    if (made) return made;
    const ckaId = must(await port.random({ bytes: 16 }));
    const plan = must(await port.plan({ purpose: 'byok', keySpec, label: `key-${keySpec}`, ckaId }));
    must(await port.generate(plan));
    plans.set(keySpec, plan);
    return plan;
  }

  /** The wrapping key, as the security officer makes it; the crypto officer is logged in afterwards. */
  async function imported({ algorithm, wrappingKeySpec }: Wrapping) {
    const ckaId = must(await port.random({ bytes: 16 }));
    const label = `wrapping-${ckaId.slice(0, 8)}`;
    await asSecurityOfficer();
    const { rows } = must(await port.importWrappingKey({ spki: spkiOf(wrappingKeySpec), ckaId, label, algorithm }));
    await asUser();
    return { rows, ckaId, label };
  }

  beforeAll(async () => {
    const made = await makeFolder();
    remove = made.remove;
    process.env['SOFTHSM2_CONF'] = made.folder.environment.SOFTHSM2_CONF;
    port = openTokenPort(profiles);
    address = await makeOpenToken(port, made.folder, 'byok');
  });

  afterAll(async () => {
    await port.close();
    await remove();
  });

  /** Is the unwrapped material the key on the token? Told by what the token does with it. */
  async function expectSameKey(plan: KeyPlan, material: Buffer): Promise<void> {
    const { family, bits } = SPEC_FACTS[plan.keySpec];
    const value = must(await port.checkValue(plan));
    if (family === 'hmac') {
      const message = Buffer.from('a nonce that both sides know');
      const { mac, mechanism } = must(await port.mac({ plan, message }));
      expect(mechanism).toBe(`CKM_SHA${bits}_HMAC`);
      expect(Buffer.from(mac)).toEqual(createHmac(`sha${bits}`, material).update(message).digest());
      expect(value.value).toBe(createHash('sha1').update(material).digest('hex').slice(0, 6).toUpperCase());
    } else if (family === 'aes') {
      expect(value.value).toBe(cmacOfBlock(material, Buffer.alloc(16)).toString('hex').slice(0, 6).toUpperCase());
    } else {
      const key = createPublicKey(createPrivateKey({ key: material, format: 'der', type: 'pkcs8' }));
      expect(Buffer.from(must(await port.publicKey(plan)) ?? [])).toEqual(key.export({ format: 'der', type: 'spki' }));
    }
  }

  it.each(COMBINATIONS.filter(isPossible))('as $keySpec in $algorithm under $wrappingKeySpec arrives whole', async (chosen) => {
    const plan = await keyOf(chosen.keySpec);
    const trial = must(await port.trialWrap({ keySpec: chosen.keySpec, wrapping: wrappingOf(chosen) }));
    expect(trial.filter((check) => !check.ok)).toEqual([]);
    expect(trial.map((check) => check.rule)).toEqual([
      'CER-TRIAL-WRAP',
      'CER-WRAP-LENGTH',
      'CER-WRAP-FORMAT',
      'CER-WRAP-SAME-KEY',
    ]);
    const before = must(await port.inventory());
    const wrappingKey = await imported(chosen);
    expect(wrappingKey.rows.filter((row) => !row.ok)).toEqual([]);
    expect(wrappingKey.rows).toContainEqual({ name: 'CKA_TRUSTED', wanted: true, got: true, ok: true });
    const done = must(await port.wrapKey({ plan, wrappingKey, wrapping: wrappingOf(chosen) }));
    const material = kmsUnwrap(PAIRS[chosen.wrappingKeySpec].privateKey, chosen.algorithm, Buffer.from(done.blob));
    expect(done.blob).toHaveLength(wrappedLength(wrappingOf(chosen), material.length));
    expect(done.spkiSha256).toBe(createHash('sha256').update(spkiOf(chosen.wrappingKeySpec)).digest('hex'));
    expect(done.parameters).toContain('hash SHA-1, MGF1 with SHA-1, empty label');
    await expectSameKey(plan, material);
    expect(must(await port.find({ ckaId: wrappingKey.ckaId }))).toHaveLength(chosen.algorithm.startsWith('RSA_AES') ? 2 : 1);
    must(await port.destroy(wrappingKey));
    expect(must(await port.inventory())).toEqual(before);
  });

  it.each(COMBINATIONS.filter((chosen) => !isPossible(chosen) && chosen.wrappingKeySpec === 'RSA_4096'))(
    'as $keySpec in $algorithm is refused with what this module does wrong',
    async (chosen) => {
      // A plan is enough: nothing of the key is touched.
      const plan = must(
        await port.plan({ purpose: 'byok', keySpec: chosen.keySpec, label: 'no-such-key', ckaId: 'fe'.repeat(16) }),
      );
      const refusal = await port.wrapKey({ plan, wrappingKey: { ckaId: 'fd'.repeat(16) }, wrapping: wrappingOf(chosen) });
      expect(refusal).toMatchObject({
        ok: false,
        error: { code: 'token.wrapDefect', detail: { defect: expect.stringContaining('SoftHSM 2.6.1') as string } },
      });
    },
  );
});

function wrappingOf({ algorithm, wrappingKeySpec }: Wrapping): Wrapping {
  return { algorithm, wrappingKeySpec };
}
