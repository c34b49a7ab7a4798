import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Wrapping } from '../../core/keys/wrapping';
import { childEnvironment } from '../../core/pkcs11/environment';
import { forkTokenProcess, type ForkedTokenProcess } from '../../core/pkcs11/fork';
import { openTokenPort } from '../../core/pkcs11/token';
import type { TokenFolder } from '../../core/rehearsal/softhsm';
import { buildTokenChild, type BuiltChild } from './build-child';
import { byokGround, kmsPair, type ByokGround } from './byok-ground';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { bytes, code, hasSoftHsm, makeFolder, must, profiles, PROFILES_FOLDER, USER_PIN } from './ground';
import { kmsUnwrap } from './kms-unwrap';

const CKA_TRUSTED = '0x86';
const OAEP: Wrapping = { algorithm: 'RSAES_OAEP_SHA_1', wrappingKeySpec: 'RSA_2048' };
const TWO_STEPS: Wrapping = { algorithm: 'RSA_AES_KEY_WRAP_SHA_1', wrappingKeySpec: 'RSA_2048' };

describe.skipIf(!hasSoftHsm || !hasCompiler)('wrapping with a module that misbehaves', () => {
  let folder: TokenFolder;
  let module: FaultyModule;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const made = await makeFolder();
    remove = made.remove;
    module = buildFaultyModule(made.home, made.folder.modulePath);
    folder = { ...made.folder, modulePath: module.path };
    process.env['SOFTHSM2_CONF'] = made.folder.environment.SOFTHSM2_CONF;
  });

  afterEach(() => module.faults());
  afterAll(() => remove());

  describe('in this process', () => {
    let ground: ByokGround;

    beforeAll(async () => void (ground = await byokGround(openTokenPort(profiles), folder, 'faults')));
    afterAll(() => ground.port.close());

    it('hands out no blob of another length than the algorithm gives', async () => {
      const plan = await ground.keyOf('AES_256');
      const { ckaId } = await ground.imported(OAEP);
      module.faults('C_WrapKey 0x0');
      expect(await ground.port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping: OAEP })).toEqual({
        ok: false,
        error: { code: 'key.blobLength', detail: { wanted: '256 bytes', got: '8192 bytes' } },
      });
      const pair = await ground.keyOf('ECC_NIST_P384');
      const double = await ground.imported(TWO_STEPS);
      module.faults('C_WrapKey 0x0 1');
      expect(code(await ground.port.wrapKey({ plan: pair, wrappingKey: { ckaId: double.ckaId }, wrapping: TWO_STEPS }))).toBe(
        'key.blobLength',
      );
    });

    it('sees in the trial that a blob is damaged', async () => {
      module.faults('C_WrapKey flip 1');
      const trial = must(await ground.port.trialWrap({ keySpec: 'AES_256', wrapping: OAEP }));
      expect(trial.filter((check) => !check.ok).map((check) => check.rule)).toEqual(['CER-WRAP-FORMAT']);
    });

    it('says in the trial what the token said, and fails where not even a throw-away key can be made', async () => {
      module.faults('C_WrapKey 0x70');
      const trial = must(await ground.port.trialWrap({ keySpec: 'AES_256', wrapping: OAEP }));
      expect(trial.map(({ rule, ok, got }) => [rule, ok, got])).toEqual([['CER-TRIAL-WRAP', false, 'CKR_MECHANISM_INVALID']]);
      module.faults('C_GenerateKey 0x31');
      expect(code(await ground.port.trialWrap({ keySpec: 'AES_256', wrapping: OAEP }))).toBe('token.full');
    });

    it('counts no refusal of a wrapper that does not work, nor one for another reason', async () => {
      const plan = await ground.keyOf('AES_256');
      const found = async () =>
        must(await ground.port.refusesUntrusted(plan)).find((check) => check.rule === 'CER-WRAP-UNTRUSTED-REFUSED');
      module.faults('C_WrapKey 0x5');
      expect(await found()).toMatchObject({ ok: false, got: 'the trial wrap of a throw-away key failed with CKR_GENERAL_ERROR' });
      module.faults('C_WrapKey 0x0');
      expect(await found()).toMatchObject({ ok: false, got: expect.stringContaining('the key is compromised') as string });
    });

    it('leaves no half of a wrapping key behind when the other half cannot be made', async () => {
      await ground.asSecurityOfficer();
      module.faults('C_GenerateKey 0x30');
      const request = { spki: kmsPair('RSA_2048').spki, ckaId: 'd0'.repeat(16), label: 'half', algorithm: TWO_STEPS.algorithm };
      expect(code(await ground.port.importWrappingKey(request))).toBe('token.device');
      module.faults();
      await ground.asUser();
      expect(must(await ground.port.find({ ckaId: request.ckaId }))).toEqual([]);
    });

    it('shows that nothing says the key is trusted, and does not wrap with it', async () => {
      const plan = await ground.keyOf('AES_256');
      module.faults(`mute ${CKA_TRUSTED}`);
      const { rows, ckaId } = await ground.imported(OAEP);
      expect(rows.filter((row) => !row.ok)).toEqual([{ name: 'CKA_TRUSTED', wanted: true, got: null, ok: false }]);
      expect(await ground.port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping: OAEP })).toMatchObject({
        error: { code: 'key.attributeDiffers', detail: { name: 'CKA_TRUSTED' } },
      });
    });
  });

  describe('in a child', () => {
    let built: BuiltChild;
    const children: ForkedTokenProcess[] = [];

    function start(): ForkedTokenProcess {
      const environment = childEnvironment(process.env, ['SOFTHSM2_CONF'], folder.environment);
      const child = forkTokenProcess({ script: built.script, profilesFolder: PROFILES_FOLDER, environment });
      children.push(child);
      return child;
    }

    beforeAll(async () => void (built = await buildTokenChild()));
    afterEach(async () => {
      await Promise.all(children.splice(0).map((child) => child.stop()));
    });
    afterAll(() => built.remove());

    it('loses nothing when it crashes between the two steps: key and wrapping key are there for the next child', async () => {
      const ground = await byokGround(start().port, folder, 'crash');
      const plan = await ground.keyOf('ECC_NIST_P384');
      const { ckaId } = await ground.imported(TWO_STEPS);
      module.faults('C_WrapKey pass 1', 'C_WrapKey crash');
      expect(await ground.port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping: TWO_STEPS })).toMatchObject({
        ok: false,
        error: { code: 'token.moduleCrashed' },
      });
      module.faults();
      const { port } = start();
      must(await port.open(ground.address));
      must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
      const done = must(await port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping: TWO_STEPS }));
      expect(done.blob).toBeInstanceOf(Uint8Array);
      expect(kmsUnwrap(kmsPair('RSA_2048').privateKey, TWO_STEPS.algorithm, Buffer.from(done.blob))).toHaveLength(80);
    });

    it('answers token.moduleCrashed when it is ended while the module hangs in the trial', async () => {
      const child = start();
      const ground = await byokGround(child.port, folder, 'hang');
      module.faults('C_WrapKey hang');
      const calls = module.calls('C_WrapKey');
      const trial = ground.port.trialWrap({ keySpec: 'AES_256', wrapping: OAEP });
      await expect.poll(() => module.calls('C_WrapKey'), { timeout: 20_000 }).toBeGreaterThan(calls);
      await child.stop();
      expect(code(await trial)).toBe('token.moduleCrashed');
    });
  });
});
