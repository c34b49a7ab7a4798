import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenAddress, TokenPort } from '../../core/pkcs11/port';
import { openTokenPort } from '../../core/pkcs11/token';
import { blankToken, makeToken, type TokenFolder } from '../../core/rehearsal/softhsm';
import { bytes, code, makeFolder, makeOpenToken, must, profiles, SO_PIN, USER_PIN, hasSoftHsm } from './ground';
import { createPlanned, rawSession } from './raw';

const XKS = { purpose: 'xks', keySpec: 'AES_256' } as const;

describe.skipIf(!hasSoftHsm)('a SoftHSM token through the port', () => {
  let port: TokenPort;
  let folder: TokenFolder;
  let home: string;
  let remove: () => Promise<void>;
  let address: TokenAddress;

  beforeAll(async () => {
    ({ folder, home, remove } = await makeFolder());
    process.env['SOFTHSM2_CONF'] = folder.environment.SOFTHSM2_CONF;
    port = openTokenPort(profiles);
    address = await makeOpenToken(port, folder, 'desk');
  });

  afterAll(async () => {
    await port.close();
    await remove();
  });

  it('is described with its module, its hash and its PIN states', async () => {
    const { token, mechanisms } = must(await port.open(address));
    expect(token).toMatchObject({
      serial: address.serial,
      label: 'desk',
      initialised: true,
      userPinSet: true,
      userPin: 'ok',
      soPin: 'ok',
    });
    expect(token.module).toMatchObject({ path: folder.modulePath, cryptoki: '2.40', manufacturer: 'SoftHSM' });
    expect(token.module.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([token.freePrivateMemory, token.clock]).toEqual([null, null]);
    expect(mechanisms.find((one) => one.name === 'CKM_AES_GCM')?.flags).toEqual(expect.arrayContaining(['encrypt', 'decrypt']));
  });

  it('keeps the login when it is opened again', async () => {
    must(await port.open(address));
    expect(code(await port.inventory())).toBe('ok');
  });

  it('refuses a wrong PIN once, says what state the PIN is in, and forgets the count with the right one', async () => {
    const wrong = await port.login({ user: 'user', pin: bytes('99999999') });
    expect(wrong).toEqual({
      ok: false,
      error: { code: 'token.pinIncorrect', detail: { rv: 'CKR_PIN_INCORRECT', user: 'user', pinState: 'countLow' } },
    });
    expect(code(await port.inventory())).toBe('token.notLoggedIn');
    expect(must(await port.open(address)).token.userPin).toBe('countLow');
    expect(must(await port.login({ user: 'user', pin: bytes(USER_PIN) }))).toEqual({ pinState: 'ok' });
  });

  it('looks at the PIN even when somebody is logged in already', async () => {
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
    expect(code(await port.login({ user: 'user', pin: bytes('99999999') }))).toBe('token.pinIncorrect');
    expect(code(await port.login({ user: 'so', pin: bytes(SO_PIN) }))).toBe('ok');
    expect(code(await port.inventory())).toBe('token.notLoggedIn');
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  });

  it('overwrites the PIN it was given', async () => {
    const right = bytes(USER_PIN);
    must(await port.login({ user: 'user', pin: right }));
    const broken = Uint8Array.of(0xff, 0xfe, 0x31, 0x32);
    expect(code(await port.login({ user: 'user', pin: broken }))).toBe('token.pinInvalid');
    expect([...right, ...broken].every((byte) => byte === 0)).toBe(true);
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  });

  it('sets no user PIN without the security officer, and none that is too short', async () => {
    expect(code(await port.setUserPin({ pin: bytes('12345678') }))).toBe('token.notLoggedIn');
    must(await port.login({ user: 'so', pin: bytes(SO_PIN) }));
    expect(code(await port.setUserPin({ pin: bytes('1') }))).toBe('token.pinInvalid');
    expect(await port.setUserPin({ pin: bytes(SO_PIN) })).toMatchObject({
      error: { code: 'token.pinInvalid', detail: { problem: expect.stringContaining('security officer') as string } },
    });
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  });

  it('is found by serial and label, never by one of them', async () => {
    expect(code(await port.open({ ...address, label: 'other' }))).toBe('token.notFound');
    must(await port.open(address));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  });

  it('refuses a label that is too long or not plain, in plan and pre-flight', async () => {
    const ckaId = 'ab'.repeat(16);
    expect(code(await port.plan({ ...XKS, label: 'x'.repeat(256), ckaId }))).toBe('input.labelTooLong');
    expect(code(await port.plan({ ...XKS, label: 'has blank', ckaId }))).toBe('input.pattern');
    const checks = must(await port.preflight({ ...XKS, label: 'x'.repeat(256), ckaId }));
    expect(checks.filter((check) => !check.ok).map((check) => check.rule)).toEqual(['CER-LABEL-FITS']);
  });

  it('refuses a purpose and spec that do not go together', async () => {
    expect(code(await port.preflight({ purpose: 'xks', keySpec: 'RSA_2048', label: 'a', ckaId: null }))).toBe(
      'policy.illegalCombination',
    );
    expect(code(await port.plan({ purpose: 'xks', keySpec: 'HMAC_256', label: 'a', ckaId: 'aa' }))).toBe(
      'policy.illegalCombination',
    );
  });

  it('makes the next key of a label only where the one it follows has that label', async () => {
    const [first, second, third] = ['a1', 'a2', 'a3'].map((byte) => byte.repeat(16)) as [string, string, string];
    const plan = async (ckaId: string, follows: string, label = 'generations') =>
      must(await port.plan({ ...XKS, label, ckaId, follows }));
    expect(code(await port.generate(await plan(second, first))), 'there is none to follow').toBe('key.duplicate');
    must(await port.generate(must(await port.plan({ ...XKS, label: 'generations', ckaId: first }))));
    const alone = must(await port.plan({ ...XKS, label: 'generations', ckaId: second }));
    expect(code(await port.generate(alone)), 'it follows nobody').toBe('key.duplicate');
    expect(code(await port.generate(await plan(second, third))), 'a stranger has the label').toBe('key.duplicate');
    expect(code(await port.generate(await plan(second, first, 'another-label'))), 'under another label').toBe('key.duplicate');
    expect(code(await port.generate(await plan(first, first))), 'itself').toBe('key.duplicate');
    const next = await plan(second, first);
    must(await port.generate(next));
    expect(must(await port.readBack(next)).flatMap(({ rows }) => rows.filter(({ ok }) => !ok))).toEqual([]);
    must(await port.generate(await plan(third, second)));
    const labelled = must(await port.inventory()).filter(({ label }) => label === 'generations');
    expect(labelled.map(({ ckaId }) => ckaId).toSorted()).toEqual([first, second, third]);
    for (const ckaId of [first, second, third]) must(await port.destroy({ ckaId, label: 'generations' }));
  });

  it('sees what is under the planned label or id, and makes nothing then', async () => {
    const plan = must(await port.plan({ ...XKS, label: 'taken', ckaId: '01'.repeat(16) }));
    must(await port.generate(plan));
    expect(code(await port.generate(plan))).toBe('key.duplicate');
    const sameLabel = must(await port.plan({ ...XKS, label: 'taken', ckaId: '02'.repeat(16) }));
    expect(code(await port.generate(sameLabel))).toBe('key.duplicate');
    const checks = must(await port.preflight({ ...XKS, label: 'taken', ckaId: plan.ckaId }));
    expect(checks.filter((check) => !check.ok).map((check) => check.rule)).toEqual(['CER-LABEL-FREE', 'CER-ID-FREE']);
    must(await port.destroy({ ckaId: plan.ckaId, label: plan.label }));
    expect(code(await port.destroy({ ckaId: plan.ckaId, label: plan.label }))).toBe('key.notFound');
  });

  it('sees twins, refuses to work with either, and destroys both', async () => {
    const plan = must(await port.plan({ ...XKS, label: 'twin', ckaId: '03'.repeat(16) }));
    must(await port.generate(plan));
    const { api, session } = rawSession(address.modulePath, address.serial);
    createPlanned(api, session, plan, Buffer.alloc(32, 7));
    expect(must(await port.find({ ckaId: plan.ckaId }))).toEqual([
      { class: 'secret', label: 'twin' },
      { class: 'secret', label: 'twin' },
    ]);
    expect(code(await port.readBack(plan))).toBe('key.duplicate');
    expect(must(await port.destroy({ ckaId: plan.ckaId, label: plan.label }))).toEqual({ destroyed: 2 });
  });

  it('refuses a plan that was changed on its way, or is for another token', async () => {
    const plan = must(await port.plan({ ...XKS, label: 'changed', ckaId: '04'.repeat(16) }));
    const [secret] = plan.objects;
    if (!secret) throw new Error('no object');
    const wanted = secret.wanted.map((row) => (row.name === 'CKA_EXTRACTABLE' ? { ...row, value: true } : row));
    expect(code(await port.generate({ ...plan, objects: [{ ...secret, wanted }] }))).toBe('input.invalid');
    expect(code(await port.generate({ ...plan, tokenSerial: '0000000000000000' }))).toBe('input.invalid');
    expect(must(await port.find({ ckaId: plan.ckaId }))).toEqual([]);
  });

  it('keeps two tokens with the same label apart by serial, and is erased only by its own serial', async () => {
    const second = must(await makeToken(port, folder, 'desk', { soPin: bytes(SO_PIN), userPin: bytes(USER_PIN) }));
    expect(second.serial).not.toBe(address.serial);
    must(await port.open(second));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
    must(await port.generate(must(await port.plan({ ...XKS, label: 'only-here', ckaId: '05'.repeat(16) }))));
    expect(code(await port.initialise({ serial: address.serial, label: 'desk', soPin: bytes(SO_PIN) }))).toBe('token.notFound');
    must(await port.open(second));
    const wrong = await port.initialise({ serial: second.serial, label: 'desk', soPin: bytes('00000000') });
    expect(wrong).toMatchObject({
      ok: false,
      error: { code: 'token.pinIncorrect', detail: { user: 'so', pinState: 'countLow' } },
    });
    must(await port.open(second));
    const erased = must(await port.initialise({ serial: second.serial, label: 'again', soPin: bytes(SO_PIN) }));
    expect(erased).toMatchObject({ label: 'again', initialised: true, userPinSet: false });
    must(await port.open(address));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
    expect(must(await port.inventory())).toEqual([]);
  });

  it('offers one blank token that can be opened and does nothing but be initialised', async () => {
    const blank = must(await blankToken(port, folder));
    expect(must(await port.open(blank)).token).toMatchObject({ initialised: false, serial: '', label: '' });
    expect(code(await port.login({ user: 'user', pin: bytes(USER_PIN) }))).toBe('token.notInitialised');
    expect(code(await port.initialise({ serial: '', label: 'x'.repeat(33), soPin: bytes(SO_PIN) }))).toBe('input.labelTooLong');
  });

  it('answers token.removed when its files vanish under a running session', async () => {
    must(await port.open(address));
    must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
    const plan = must(await port.plan({ ...XKS, label: 'gone', ckaId: '06'.repeat(16) }));
    await rm(join(home, 'tokens'), { recursive: true });
    const answers = [await port.generate(plan), await port.inventory(), await port.find({ ckaId: plan.ckaId })];
    expect(answers.map(code)).toEqual(['token.removed', 'token.removed', 'token.removed']);
  });
});
