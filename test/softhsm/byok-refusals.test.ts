import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../core/keys/evidence';
import type { KeySpec } from '../../core/keys/spec';
import type { AttributeRow } from '../../core/keys/template';
import type { Wrapping, WrappingAlgorithm } from '../../core/keys/wrapping';
import { encodeAttribute } from '../../core/pkcs11/attribute-codec';
import { openTokenPort } from '../../core/pkcs11/token';
import { byokGround, kmsPair, type ByokGround } from './byok-ground';
import { code, hasSoftHsm, makeFolder, must, profile } from './ground';
import { rawSession } from './raw';

/** SoftHSM as it would be taken if nobody had measured it: what is found here is found without being told. */
const naive = { ...profile('softhsm'), id: 'naive', byok: { keyWrap: 'CKM_AES_KEY_WRAP_PAD', defects: [] } };
const OAEP: Wrapping = { algorithm: 'RSAES_OAEP_SHA_1', wrappingKeySpec: 'RSA_2048' };
const TWO_STEPS: Wrapping = { algorithm: 'RSA_AES_KEY_WRAP_SHA_1', wrappingKeySpec: 'RSA_2048' };

function failed(checks: readonly Check[]): readonly (readonly [string, string])[] {
  return checks.filter((check) => !check.ok).map((check) => [check.rule, check.got]);
}

describe.skipIf(!hasSoftHsm)('wrapping with SoftHSM', () => {
  let ground: ByokGround;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const made = await makeFolder();
    remove = made.remove;
    process.env['SOFTHSM2_CONF'] = made.folder.environment.SOFTHSM2_CONF;
    ground = await byokGround(openTokenPort([profile('softhsm'), naive]), made.folder, 'refusals');
  });

  afterAll(async () => {
    await ground.port.close();
    await remove();
  });

  /** Puts an object past the port onto the token, as a crypto officer with tools of his own would. */
  function put(rows: readonly AttributeRow[]): () => void {
    const { api, session } = rawSession(ground.address.modulePath, ground.address.serial);
    const object = api.C_CreateObject(
      session,
      rows.map((row) => encodeAttribute(row, session.length === 4 ? 4 : 8)),
    );
    return () => {
      api.C_DestroyObject(session, object);
      api.C_CloseSession(session);
    };
  }

  function foreignWrappingKey(ckaId: string, label: string): () => void {
    const { n = '', e = '' } = kmsPair('RSA_2048').publicKey.export({ format: 'jwk' });
    return put([
      { name: 'CKA_CLASS', value: 'CKO_PUBLIC_KEY' },
      { name: 'CKA_KEY_TYPE', value: 'CKK_RSA' },
      { name: 'CKA_TOKEN', value: true },
      { name: 'CKA_PRIVATE', value: false },
      { name: 'CKA_ID', value: ckaId },
      { name: 'CKA_LABEL', value: label },
      { name: 'CKA_WRAP', value: true },
      { name: 'CKA_MODULUS', value: Buffer.from(n, 'base64url').toString('hex') },
      { name: 'CKA_PUBLIC_EXPONENT', value: Buffer.from(e, 'base64url').toString('hex') },
    ]);
  }

  describe('tried with a throw-away key', () => {
    async function found(
      keySpec: KeySpec,
      algorithm: WrappingAlgorithm,
      wrappingKeySpec: Wrapping['wrappingKeySpec'] = 'RSA_2048',
    ) {
      must(await ground.port.open({ ...ground.address, profile: 'naive' }));
      await ground.asUser();
      const before = must(await ground.port.inventory());
      const checks = must(await ground.port.trialWrap({ keySpec, wrapping: { algorithm, wrappingKeySpec } }));
      expect(must(await ground.port.inventory())).toEqual(before);
      return failed(checks);
    }

    it('is found to know OAEP with SHA-1 only', async () => {
      expect(await found('AES_256', 'RSAES_OAEP_SHA_256')).toEqual([['CER-TRIAL-WRAP', 'CKR_ARGUMENTS_BAD']]);
      expect(await found('ECC_NIST_P384', 'RSA_AES_KEY_WRAP_SHA_256')).toEqual([['CER-TRIAL-WRAP', 'CKR_ARGUMENTS_BAD']]);
    });

    it('is found to wrap no private key with OAEP', async () => {
      expect(await found('ECC_NIST_P256', 'RSAES_OAEP_SHA_1')).toEqual([['CER-TRIAL-WRAP', 'CKR_KEY_NOT_WRAPPABLE']]);
    });

    it.each(['ECC_NIST_P256', 'ECC_NIST_P521'] as const)('is found to put zeros behind a key of %s', async (keySpec) => {
      const [[rule, got] = ['', '']] = await found(keySpec, 'RSA_AES_KEY_WRAP_SHA_1');
      expect(rule).toBe('CER-WRAP-SAME-KEY');
      expect(got).toMatch(/zero|more bytes|follow/i);
    });

    it.each(['RSA_2048', 'RSA_3072'] as const)(
      'is found to fill up an %s key, even if this one happens to fit',
      async (keySpec) => {
        const findings = await found(keySpec, 'RSA_AES_KEY_WRAP_SHA_1');
        expect(findings).toContainEqual(['CER-WRAP-PADDING', 'with 32']);
      },
    );

    it('is called defective where the profile knows it, also when the trial went well by luck', async () => {
      must(await ground.port.open({ ...ground.address, profile: 'softhsm' }));
      await ground.asUser();
      const checks = must(await ground.port.trialWrap({ keySpec: 'RSA_2048', wrapping: TWO_STEPS }));
      const defect = checks.find((check) => check.rule === 'CER-WRAP-DEFECT');
      expect(defect).toMatchObject({ ok: false, got: expect.stringContaining('SoftHSM 2.6.1') as string });
    });

    it('is not even tried with what KMS does not take', async () => {
      const wrapping = { algorithm: 'RSA_AES_KEY_WRAP_SHA_1', wrappingKeySpec: 'RSA_2048' } as const;
      expect(code(await ground.port.trialWrap({ keySpec: 'AES_256', wrapping }))).toBe('policy.wrappingIllegal');
    });
  });

  describe('by a crypto officer alone', () => {
    it.each(['AES_256', 'HMAC_224', 'ECC_NIST_P384', 'RSA_2048'] as const)('is refused by a key of %s', async (keySpec) => {
      const plan = await ground.keyOf(keySpec);
      const before = must(await ground.port.inventory());
      const checks = must(await ground.port.refusesUntrusted(plan));
      expect(checks.map(({ rule, ok, got }) => [rule, ok, got])).toEqual([
        ['CER-TRUSTED-SO-ONLY', true, 'CKR_ATTRIBUTE_READ_ONLY'],
        ['CER-WRAP-UNTRUSTED-REFUSED', true, 'CKR_KEY_NOT_WRAPPABLE'],
      ]);
      expect(must(await ground.port.inventory())).toEqual(before);
    });

    it('is told apart from a key that asks for no trusted wrapper', async () => {
      const resident = must(
        await ground.port.plan({ purpose: 'resident', keySpec: 'HMAC_256', label: 'stays', ckaId: 'b0'.repeat(16) }),
      );
      expect(code(await ground.port.refusesUntrusted(resident))).toBe('input.invalid');
      expect(code(await ground.port.wrapKey({ plan: resident, wrappingKey: { ckaId: 'aa' }, wrapping: OAEP }))).toBe(
        'input.invalid',
      );
    });

    it('gets no wrapping key imported', async () => {
      const request = { spki: kmsPair('RSA_2048').spki, ckaId: 'a0'.repeat(16), label: 'mine', algorithm: OAEP.algorithm };
      expect(await ground.port.importWrappingKey(request)).toEqual({
        ok: false,
        error: { code: 'token.notLoggedIn', detail: { user: 'so' } },
      });
      expect(must(await ground.port.find({ ckaId: request.ckaId }))).toEqual([]);
    });

    it('fails with a wrapping key of his own, which nobody trusts', async () => {
      const plan = await ground.keyOf('AES_256');
      const remove = foreignWrappingKey('a1'.repeat(16), 'foreign');
      try {
        const answer = await ground.port.wrapKey({ plan, wrappingKey: { ckaId: 'a1'.repeat(16) }, wrapping: OAEP });
        expect(answer).toMatchObject({
          ok: false,
          error: { code: 'key.attributeDiffers', detail: { wanted: 'false', got: 'true' } },
        });
      } finally {
        remove();
      }
    });
  });

  describe('with a wrapping key', () => {
    const request = { ckaId: 'c0'.repeat(16), label: 'kms-wrapping-key', algorithm: OAEP.algorithm };

    it('that is not as KMS gives it is refused before the token is asked', async () => {
      await ground.asSecurityOfficer();
      const pem = new TextEncoder().encode(kmsPair('RSA_2048').publicKey.export({ format: 'pem', type: 'spki' }).toString());
      const answer = await ground.port.importWrappingKey({ ...request, spki: pem });
      expect(answer).toMatchObject({
        error: { code: 'key.wrappingKeyInvalid', detail: { problem: expect.stringContaining('PEM') as string } },
      });
      const { spki } = kmsPair('RSA_2048');
      expect(code(await ground.port.importWrappingKey({ ...request, spki, label: 'has blank' }))).toBe('input.pattern');
      await ground.asUser();
      expect(must(await ground.port.find({ ckaId: request.ckaId }))).toEqual([]);
    });

    it('under an id or label that is taken makes nothing', async () => {
      const { spki } = kmsPair('RSA_2048');
      await ground.asSecurityOfficer();
      must(await ground.port.importWrappingKey({ ...request, spki }));
      expect(code(await ground.port.importWrappingKey({ ...request, spki }))).toBe('key.duplicate');
      expect(code(await ground.port.importWrappingKey({ ...request, spki, ckaId: 'c1'.repeat(16) }))).toBe('key.duplicate');
      expect(must(await ground.port.destroy({ ckaId: request.ckaId, label: request.label }))).toEqual({ destroyed: 1 });
      await ground.asUser();
      expect(must(await ground.port.find({ ckaId: 'c1'.repeat(16) }))).toEqual([]);
    });

    it('whose caller goes on using its bytes finds them untouched', async () => {
      const { spki } = kmsPair('RSA_2048');
      const copy = Uint8Array.from(spki);
      await ground.asSecurityOfficer();
      must(await ground.port.importWrappingKey({ ...request, spki }));
      must(await ground.port.destroy({ ckaId: request.ckaId, label: request.label }));
      await ground.asUser();
      expect(spki).toEqual(copy);
    });

    it('of another size than was agreed is not used', async () => {
      const plan = await ground.keyOf('AES_256');
      const { ckaId } = await ground.imported(OAEP);
      const wrapping = { ...OAEP, wrappingKeySpec: 'RSA_4096' } as const;
      expect(await ground.port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping })).toMatchObject({
        error: { code: 'key.attributeDiffers', detail: { name: 'CKA_MODULUS', wanted: '4096 bits', got: '2048 bits' } },
      });
    });

    it('that is gone, half gone, or has company is not used', async () => {
      const { port } = ground;
      const wrap = async (keySpec: KeySpec, ckaId: string, wrapping: Wrapping) =>
        port.wrapKey({ plan: await ground.keyOf(keySpec), wrappingKey: { ckaId }, wrapping });
      expect(await wrap('AES_256', 'c2'.repeat(16), OAEP)).toMatchObject({
        error: { code: 'key.notFound', detail: { class: 'public' } },
      });
      const single = await ground.imported(OAEP);
      expect(await wrap('ECC_NIST_P384', single.ckaId, TWO_STEPS)).toMatchObject({
        error: { code: 'key.notFound', detail: { class: 'secret' } },
      });
      const remove = foreignWrappingKey(single.ckaId, 'beside');
      expect(code(await wrap('AES_256', single.ckaId, OAEP))).toBe('key.duplicate');
      remove();
      expect(code(await wrap('AES_256', single.ckaId, OAEP))).toBe('ok');
      const double = await ground.imported(TWO_STEPS);
      expect(code(await wrap('AES_256', double.ckaId, OAEP))).toBe('key.duplicate');
    });

    it('in a combination that KMS does not take is not used', async () => {
      const plan = await ground.keyOf('AES_256');
      const answer = await ground.port.wrapKey({ plan, wrappingKey: { ckaId: 'c3'.repeat(16) }, wrapping: TWO_STEPS });
      expect(answer).toMatchObject({
        error: { code: 'policy.wrappingIllegal', detail: { because: expect.stringContaining('OAEP') as string } },
      });
    });
  });

  it('shows nothing and does nothing for somebody who is not logged in', async () => {
    const plan = await ground.keyOf('HMAC_224');
    const { ckaId, label } = await ground.imported(OAEP);
    must(await ground.port.logout());
    const answers = [
      await ground.port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping: OAEP }),
      await ground.port.trialWrap({ keySpec: 'AES_256', wrapping: OAEP }),
      await ground.port.refusesUntrusted(plan),
      await ground.port.mac({ plan, message: new Uint8Array(1) }),
      await ground.port.destroy({ ckaId, label }),
    ];
    expect(answers.map(code)).toEqual(answers.map(() => 'token.notLoggedIn'));
    await ground.asUser();
    must(await ground.port.destroy({ ckaId, label }));
  });

  it('lets the security officer destroy wrapping keys and nothing else', async () => {
    const pair = await ground.keyOf('ECC_NIST_P384');
    await ground.asSecurityOfficer();
    expect(code(await ground.port.destroy({ ckaId: pair.ckaId, label: pair.label }))).toBe('token.notLoggedIn');
    await ground.asUser();
    expect(must(await ground.port.find({ ckaId: pair.ckaId }))).toHaveLength(2);
  });

  it('makes MACs with HMAC keys only', async () => {
    const plan = await ground.keyOf('AES_256');
    expect(code(await ground.port.mac({ plan, message: new Uint8Array(1) }))).toBe('input.invalid');
  });
});
