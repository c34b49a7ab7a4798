import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KeyPlan } from '../../core/keys/template';
import type { TokenAddress, TokenPort } from '../../core/pkcs11/port';
import { openTokenPort } from '../../core/pkcs11/token';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { bytes, code, makeFolder, makeOpenToken, must, profiles, USER_PIN, hasSoftHsm } from './ground';

const CKA_ALLOWED_MECHANISMS = '0x40000600';
const CKA_VALUE = '0x11';

describe.skipIf(!hasSoftHsm)('a module that misbehaves', () => {
  describe.skipIf(!hasCompiler)('as ours does on demand', () => {
    let port: TokenPort;
    let module: FaultyModule;
    let address: TokenAddress;
    let remove: () => Promise<void>;
    let plan: KeyPlan;

    beforeAll(async () => {
      const made = await makeFolder();
      remove = made.remove;
      process.env['SOFTHSM2_CONF'] = made.folder.environment.SOFTHSM2_CONF;
      module = buildFaultyModule(made.home, made.folder.modulePath);
      port = openTokenPort(profiles);
      address = await makeOpenToken(port, { ...made.folder, modulePath: module.path }, 'faulty');
      plan = must(await port.plan({ purpose: 'xks', keySpec: 'AES_256', label: 'probe', ckaId: '0a'.repeat(16) }));
      must(await port.generate(plan));
    });

    afterEach(() => module.faults());

    afterAll(async () => {
      await port.close();
      await remove();
    });

    it('with a locked PIN is not even tried', async () => {
      module.faults('flags 0x40000', 'C_Login 0x30');
      expect(await port.login({ user: 'user', pin: bytes(USER_PIN) })).toEqual({
        ok: false,
        error: { code: 'token.pinLocked', detail: { user: 'user', pinState: 'locked' } },
      });
      module.faults();
      must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
    });

    it('whose PIN locks with this try says so; a final try is shown', async () => {
      module.faults('C_Login 0xa4');
      expect(await port.login({ user: 'user', pin: bytes(USER_PIN) })).toMatchObject({
        ok: false,
        error: { code: 'token.pinLocked', detail: { rv: 'CKR_PIN_LOCKED' } },
      });
      module.faults('flags 0x30000');
      expect(must(await port.open(address)).token.userPin).toBe('finalTry');
      module.faults();
      must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
    });

    it('that ignores an attribute makes that row not ok', async () => {
      module.faults(`mute ${CKA_ALLOWED_MECHANISMS}`);
      const rows = must(await port.readBack(plan)).flatMap((reading) => reading.rows.filter((row) => !row.ok));
      expect(rows).toEqual([{ name: 'CKA_ALLOWED_MECHANISMS', wanted: ['CKM_AES_GCM'], got: null, ok: false }]);
      const [verdict] = must(await port.audit());
      expect(verdict).toMatchObject({ verdict: 'differs' });
    });

    it('that gives the value away, wraps the key, or begins a forbidden operation fails the negative tests', async () => {
      module.faults(`reveal ${CKA_VALUE}`);
      expect(
        must(await port.negativeTests(plan))
          .filter((check) => !check.ok)
          .map((check) => check.rule),
      ).toEqual(['CER-VALUE-HIDDEN']);
      module.faults('C_WrapKey 0x0');
      expect(
        must(await port.negativeTests(plan))
          .filter((check) => !check.ok)
          .map((check) => check.rule),
      ).toEqual(['CER-WRAP-REFUSED']);
      module.faults('C_EncryptInit 0x0');
      expect(
        must(await port.negativeTests(plan))
          .filter((check) => !check.ok)
          .every((check) => check.rule === 'CER-MECHANISM-REFUSED'),
      ).toBe(true);
      module.faults('C_EncryptInit 0x0');
      expect(must(await port.negativeTests(plan)).some((check) => !check.ok)).toBe(true);
    });

    it('that refuses everything proves nothing: a refusal for the wrong reason is not ok', async () => {
      module.faults('C_WrapKey 0x5');
      const wrap = must(await port.negativeTests(plan)).find((check) => check.rule === 'CER-WRAP-REFUSED');
      expect(wrap).toMatchObject({ ok: false, got: 'the trial wrap of a throw-away key failed with CKR_GENERAL_ERROR' });
      module.faults('C_EncryptInit 0x30');
      expect(
        must(await port.negativeTests(plan))
          .filter((check) => !check.ok)
          .map((check) => check.got),
      ).toContain('CKR_DEVICE_ERROR');
    });

    it('leaves no object behind after tests that failed', async () => {
      expect(must(await port.inventory()).map((entry) => entry.label)).toEqual(['probe']);
    });

    it('whose token was pulled answers token.removed, also when it only reports a general error', async () => {
      module.faults('C_GenerateRandom 0x32');
      expect(code(await port.random({ bytes: 16 }))).toBe('token.removed');
      module.faults('C_GenerateRandom 0x5', 'C_GetTokenInfo 0xe0');
      expect(code(await port.random({ bytes: 16 }))).toBe('token.removed');
      module.faults('C_GenerateRandom 0x5');
      expect(code(await port.random({ bytes: 16 }))).toBe('token.device');
    });

    it('whose device is full or vendor-broken answers with the code for it and makes nothing', async () => {
      const next = must(await port.plan({ purpose: 'byok', keySpec: 'AES_256', label: 'next', ckaId: '0b'.repeat(16) }));
      module.faults('C_GenerateKey 0x31');
      expect(code(await port.generate(next))).toBe('token.full');
      module.faults('C_GenerateKey 0x80000042');
      expect(await port.generate(next)).toEqual({ ok: false, error: { code: 'token.device', detail: { rv: '0x80000042' } } });
      module.faults();
      expect(must(await port.find({ ckaId: next.ckaId }))).toEqual([]);
    });

    it('that cannot destroy an object says so', async () => {
      module.faults('C_DestroyObject 0x1b');
      expect(code(await port.destroy({ ckaId: plan.ckaId, label: plan.label }))).toBe('key.notDestroyable');
    });
  });
});
