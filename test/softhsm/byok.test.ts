import { createHash, createHmac, createPrivateKey, createPublicKey } from 'node:crypto';
import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsSpecOf } from '../../core/keys/kms-spec';
import { KEY_SPECS, type KeySpec } from '../../core/keys/spec';
import { isPair, SPEC_FACTS } from '../../core/keys/spec-facts';
import type { KeyPlan } from '../../core/keys/template';
import { legalWrappings, wrappedLength, type Wrapping } from '../../core/keys/wrapping';
import { openTokenPort } from '../../core/pkcs11/token';
import { cmacOfBlock } from './aes-cmac';
import { byokGround, kmsPair, type ByokGround } from './byok-ground';
import { hasSoftHsm, makeFolder, must, profiles } from './ground';
import { kmsUnwrap } from './kms-unwrap';

interface Combination {
  readonly keySpec: KeySpec;
  readonly wrapping: Wrapping;
  readonly name: string;
}

/** Every combination KMS takes. */
const COMBINATIONS: readonly Combination[] = KEY_SPECS.flatMap((keySpec) =>
  legalWrappings(kmsSpecOf(keySpec)).map((wrapping) => {
    return { keySpec, wrapping, name: `${keySpec} in ${wrapping.algorithm} under ${wrapping.wrappingKeySpec}` };
  }),
);

/** What SoftHSM 2.6.1 can make of them. */
function isPossible({ keySpec, wrapping }: Combination): boolean {
  if (!isPair(keySpec)) return wrapping.algorithm === 'RSAES_OAEP_SHA_1';
  return keySpec === 'ECC_NIST_P384' && wrapping.algorithm === 'RSA_AES_KEY_WRAP_SHA_1';
}

describe.skipIf(!hasSoftHsm)('a key on its way from SoftHSM to KMS', () => {
  let ground: ByokGround;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const made = await makeFolder();
    remove = made.remove;
    process.env['SOFTHSM2_CONF'] = made.folder.environment.SOFTHSM2_CONF;
    ground = await byokGround(openTokenPort(profiles), made.folder, 'byok');
  });

  afterAll(async () => {
    await ground.port.close();
    await remove();
  });

  /** Is the unwrapped material the key on the token? Told by what the token does with it. */
  async function expectSameKey(plan: KeyPlan, material: Buffer): Promise<void> {
    const { family, bits } = SPEC_FACTS[plan.keySpec];
    const { value } = must(await ground.port.checkValue(plan));
    const short = (digest: Buffer) => digest.toString('hex').slice(0, 6).toUpperCase();
    if (family === 'hmac') {
      const message = Buffer.from('a nonce that both sides know');
      const { mac, mechanism } = must(await ground.port.mac({ plan, message }));
      expect(mechanism).toBe(`CKM_SHA${bits}_HMAC`);
      expect(Buffer.from(mac)).toEqual(createHmac(`sha${bits}`, material).update(message).digest());
      expect(material).toHaveLength(bits / 8);
      expect(value).toBe(short(createHash('sha1').update(material).digest()));
    } else if (family === 'aes') {
      expect(material).toHaveLength(32);
      expect(value).toBe(short(cmacOfBlock(material, Buffer.alloc(16))));
    } else {
      const key = createPublicKey(createPrivateKey({ key: material, format: 'der', type: 'pkcs8' }));
      expect(Buffer.from(must(await ground.port.publicKey(plan)) ?? [])).toEqual(key.export({ format: 'der', type: 'spki' }));
    }
  }

  it.each(COMBINATIONS.filter(isPossible))('as $name arrives whole, and leaves nothing behind', async ({ keySpec, wrapping }) => {
    const { port, keyOf, imported } = ground;
    const plan = await keyOf(keySpec);
    const before = must(await port.inventory());
    const trial = must(await port.trialWrap({ keySpec, wrapping }));
    expect(trial.filter((check) => !check.ok)).toEqual([]);
    expect(trial.map((check) => check.rule)).toEqual([
      'CER-TRIAL-WRAP',
      'CER-WRAP-LENGTH',
      'CER-WRAP-FORMAT',
      'CER-WRAP-SAME-KEY',
    ]);

    const wrappingKey = await imported(wrapping);
    const twoSteps = wrapping.algorithm.startsWith('RSA_AES');
    expect(wrappingKey.rows.filter((row) => !row.ok)).toEqual([]);
    expect(wrappingKey.rows).toContainEqual({ name: 'CKA_TRUSTED', wanted: true, got: true, ok: true });
    expect(wrappingKey.rows.some((row) => row.name === 'AES: CKA_TRUSTED')).toBe(twoSteps);
    expect(must(await port.find({ ckaId: wrappingKey.ckaId }))).toHaveLength(twoSteps ? 2 : 1);

    const done = must(await port.wrapKey({ plan, wrappingKey: { ckaId: wrappingKey.ckaId }, wrapping }));
    const kms = kmsPair(wrapping.wrappingKeySpec);
    const material = kmsUnwrap(kms.privateKey, wrapping.algorithm, Buffer.from(done.blob));
    await expectSameKey(plan, material);
    expect(done.blob).toHaveLength(wrappedLength(wrapping, material.length));
    expect(done.spkiSha256).toBe(createHash('sha256').update(kms.spki).digest('hex'));
    expect(done.parameters).toContain('hash SHA-1, MGF1 with SHA-1, empty label');
    expect(done.mechanism).toBe(twoSteps ? 'CKM_RSA_PKCS_OAEP and CKM_AES_KEY_WRAP_PAD' : 'CKM_RSA_PKCS_OAEP');

    must(await port.destroy({ ckaId: wrappingKey.ckaId, label: wrappingKey.label }));
    expect(must(await port.inventory())).toEqual(before);
  });

  it('is unwrapped by an implementation that shares nothing with Node either', async () => {
    const wrapping: Wrapping = { algorithm: 'RSAES_OAEP_SHA_1', wrappingKeySpec: 'RSA_2048' };
    const plan = await ground.keyOf('AES_256');
    const { ckaId } = await ground.imported(wrapping);
    const { blob } = must(await ground.port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping }));
    const pem = kmsPair('RSA_2048').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const options = { md: forge.md.sha1.create(), mgf1: { md: forge.md.sha1.create() } };
    const material = forge.pki.privateKeyFromPem(pem).decrypt(Buffer.from(blob).toString('binary'), 'RSA-OAEP', options);
    await expectSameKey(plan, Buffer.from(material, 'binary'));
  });

  it('can be wrapped again and again, each time into another blob with the same key inside', async () => {
    const wrapping: Wrapping = { algorithm: 'RSA_AES_KEY_WRAP_SHA_1', wrappingKeySpec: 'RSA_2048' };
    const plan = await ground.keyOf('ECC_NIST_P384');
    const { ckaId } = await ground.imported(wrapping);
    const blobs = [1, 2].map(() => ground.port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping }));
    const [first, second] = (await Promise.all(blobs)).map((done) => Buffer.from(must(done).blob));
    if (!first || !second) throw new Error('no blob');
    expect(first.equals(second)).toBe(false);
    const { privateKey } = kmsPair('RSA_2048');
    expect(kmsUnwrap(privateKey, wrapping.algorithm, first)).toEqual(kmsUnwrap(privateKey, wrapping.algorithm, second));
  });

  it.each(COMBINATIONS.filter((one) => !isPossible(one)))(
    'as $name is refused with the sentence that says what this module does wrong',
    async ({ keySpec, wrapping }) => {
      // A plan is enough: nothing on the token is touched.
      const plan = must(await ground.port.plan({ purpose: 'byok', keySpec, label: 'no-such-key', ckaId: 'fe'.repeat(16) }));
      const refusal = await ground.port.wrapKey({ plan, wrappingKey: { ckaId: 'fd'.repeat(16) }, wrapping });
      expect(refusal).toMatchObject({
        ok: false,
        error: { code: 'token.wrapDefect', detail: { defect: expect.stringContaining('SoftHSM 2.6.1') as string } },
      });
    },
  );
});
