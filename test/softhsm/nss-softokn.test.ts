import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pkcs11 from 'pkcs11js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY_SPECS } from '../../core/keys/spec';
import { isPair } from '../../core/keys/spec-facts';
import { findModule } from '../../core/pkcs11/module-file';
import type { TokenPort } from '../../core/pkcs11/port';
import type { Profile } from '../../core/pkcs11/profile';
import { openTokenPort } from '../../core/pkcs11/token';
import { bytes, code, must, profile, profiles, USER_PIN } from './ground';

const modulePath = await findModule(profile('nss-softokn'));
if (modulePath === '')
  console.warn('SKIPPED: the tests with NSS softokn, a second real module. Debian, Ubuntu: apt install libnss3.');

const ADDRESS = { modulePath, profile: 'nss-softokn', serial: '0000000000000000', label: 'NSS Certificate DB' };

/** The profile as it would be of somebody who takes the older name for the same mechanism. */
const otherFormat: Profile = {
  ...profile('nss-softokn'),
  id: 'other-format',
  byok: { keyWrap: 'CKM_AES_KEY_WRAP_PAD', defects: [] },
};

/** Gives the database its PIN: NSS wants an empty security officer's PIN for that. */
function setPin(): void {
  const api = new pkcs11.PKCS11();
  api.load(modulePath);
  const slot = api.C_GetSlotList(true).find((one) => api.C_GetTokenInfo(one).label.trim() === ADDRESS.label);
  if (!slot) throw new Error('no NSS token');
  const session = api.C_OpenSession(slot, pkcs11.CKF_RW_SESSION | pkcs11.CKF_SERIAL_SESSION);
  api.C_Login(session, pkcs11.CKU_SO, '');
  api.C_InitPIN(session, USER_PIN);
  api.C_Logout(session);
  api.C_CloseSession(session);
}

describe.skipIf(modulePath === '')('NSS softokn, a module that enforces less than it is asked for', () => {
  let port: TokenPort;
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'keyrite-nss-'));
    process.env['NSS_DB_DIR'] = home;
    port = openTokenPort([...profiles, otherFormat]);
    must(await port.list(ADDRESS));
    setPin();
    must(await port.open(ADDRESS));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  });

  afterAll(async () => {
    await port.close();
    await rm(home, { recursive: true, force: true });
  });

  it('is loaded with its parameters and chosen by label where serials are all alike', async () => {
    expect(must(await port.list(ADDRESS)).map((token) => token.serial)).toEqual([ADDRESS.serial, ADDRESS.serial]);
    expect(must(await port.open(ADDRESS)).token.label).toBe(ADDRESS.label);
    expect(code(await port.open({ ...ADDRESS, label: 'other' }))).toBe('token.notFound');
    must(await port.open(ADDRESS));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  });

  it('makes a key whose read-back says what it cannot prove, and is caught when it wraps that key', async () => {
    const plan = must(await port.plan({ purpose: 'xks', keySpec: 'AES_256', label: 'soft', ckaId: 'ab'.repeat(16) }));
    must(await port.generate(plan));
    const rows = must(await port.readBack(plan)).flatMap((reading) => reading.rows);
    expect(rows.filter((row) => !row.ok)).toEqual([]);
    const unprovable = rows.filter((row) => String(row.got).startsWith('not provable: ')).map((row) => row.name);
    expect(unprovable.toSorted()).toEqual([
      'CKA_ALLOWED_MECHANISMS',
      'CKA_COPYABLE',
      'CKA_DESTROYABLE',
      'CKA_KEY_GEN_MECHANISM',
      'CKA_LOCAL',
      'CKA_WRAP_WITH_TRUSTED',
    ]);
    const checks = must(await port.negativeTests(plan));
    expect(checks.filter((check) => !check.ok).map((check) => [check.rule, check.got])).toEqual([
      ['CER-WRAP-REFUSED', 'the token wrapped the key: the key is compromised'],
    ]);
    expect(checks.some((check) => check.rule === 'CER-MECHANISM-REFUSED' && check.got.startsWith('not provable'))).toBe(true);
    expect(must(await port.functionalTest(plan)).ok).toBe(true);
    expect(must(await port.destroy({ ckaId: plan.ckaId, label: plan.label }))).toEqual({ destroyed: 1 });
  });

  it.each(KEY_SPECS.filter((keySpec) => !['HMAC_384', 'HMAC_512'].includes(keySpec)))(
    'wraps a key of %s as KMS unwraps it, with SHA-256',
    async (keySpec) => {
      const algorithm = isPair(keySpec) ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256';
      const checks = must(await port.trialWrap({ keySpec, wrapping: { algorithm, wrappingKeySpec: 'RSA_2048' } }));
      expect(checks.filter((check) => !check.ok)).toEqual([]);
      expect(checks.map((check) => check.rule)).toContain('CER-WRAP-SAME-KEY');
    },
  );

  it('is found to mean another format with CKM_AES_KEY_WRAP_PAD than KMS does', async () => {
    must(await port.open({ ...ADDRESS, profile: 'other-format' }));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
    const wrapping = { algorithm: 'RSA_AES_KEY_WRAP_SHA_256', wrappingKeySpec: 'RSA_2048' } as const;
    const checks = must(await port.trialWrap({ keySpec: 'ECC_NIST_P256', wrapping }));
    expect(checks.filter((check) => !check.ok).map((check) => [check.rule, check.got])).toEqual([
      ['CER-WRAP-FORMAT', 'it is RFC 3394 with a padding of the module’s own, not RFC 5649'],
    ]);
    must(await port.open(ADDRESS));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  });

  it('is caught when it lets a crypto officer make a trusted wrapping key', async () => {
    const plan = must(await port.plan({ purpose: 'byok', keySpec: 'AES_256', label: 'leaves', ckaId: 'ac'.repeat(16) }));
    must(await port.generate(plan));
    const checks = must(await port.refusesUntrusted(plan));
    expect(checks.map(({ rule, ok, got }) => [rule, ok, got])).toEqual([
      ['CER-TRUSTED-SO-ONLY', false, 'a crypto officer made a trusted wrapping key: anybody’s key could take ours'],
      ['CER-WRAP-UNTRUSTED-REFUSED', true, 'not provable: NSS softokn ignores it.'],
    ]);
    must(await port.destroy({ ckaId: plan.ckaId, label: plan.label }));
  });

  it('is refused in pre-flight for keys it cannot make', async () => {
    const checks = must(await port.preflight({ purpose: 'byok', keySpec: 'HMAC_512', label: 'big', ckaId: null }));
    expect(checks.filter((check) => !check.ok).map((check) => check.rule)).toEqual(['CER-MECHANISM-OFFERED']);
  });
});
