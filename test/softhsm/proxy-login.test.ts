import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HsmOptions } from '../../proxy/hsm/options';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { bytes, hasSoftHsm, USER_PIN } from './ground';
import { choice, good, HEALTH, proxyGround, said, serving, until, type OpenHsm, type ProxyGround } from './proxy-ground';

const FINAL_TRY = '0x20000';
const LOCKED = '0x40000';

describe.skipIf(!hasSoftHsm || !hasCompiler)('the login of the proxy', () => {
  let ground: ProxyGround;
  let module: FaultyModule;
  let stateFolder: string;
  let before: number;
  let hsm: OpenHsm | null = null;

  beforeAll(async () => {
    ground = await proxyGround();
    module = buildFaultyModule(ground.home, ground.modulePath);
    ground.put({ label: 'nile', ckaId: '0a', value: Buffer.alloc(32, 1) });
    ground.put({ label: HEALTH, ckaId: 'ff', value: Buffer.alloc(32, 9) });
    stateFolder = join(ground.home, 'state');
  });

  beforeEach(async () => {
    await mkdir(stateFolder, { recursive: true });
    before = module.calls('C_Login');
  });

  afterEach(async () => {
    await hsm?.stop();
    hsm = null;
    module.faults();
    await rm(stateFolder, { recursive: true });
  });

  afterAll(() => ground.remove());

  const logins = (): number => module.calls('C_Login') - before;
  const marker = (): string => join(stateFolder, 'login-refused.json');

  function open(changes: Partial<HsmOptions> = {}): OpenHsm {
    const pool = { sessions: 4, processes: 2, queue: 100, deadlineMs: 1000, hungMs: 10_000 };
    return ground.open({ module: module.path, stateFolder, pool, ...changes });
  }

  const works = async (pool: OpenHsm): Promise<string> =>
    said(await pool.encrypt({ key: choice('nile'), plaintext: Buffer.from('x'), aad: null, wantsCdiv: true }));

  const refused = (pool: OpenHsm): Promise<void> =>
    until(() => pool.state().condition === 'loginRefused', 'the login is refused');

  /** Ends the parts of a pool that waits, so that the next one counts its logins from here. */
  async function next(pool: OpenHsm): Promise<void> {
    await pool.stop();
    before = module.calls('C_Login');
  }

  it('happens once per process', async () => {
    hsm = open();
    await serving(hsm);
    expect(logins()).toBe(2);
    expect(hsm.state().counts).toMatchObject({ logins: 2, loginsRefused: 0 });
    expect(hsm.state().token).toMatchObject({ label: 'proxy', manufacturer: 'SoftHSM project' });
  });

  it('is tried once with a wrong PIN, and never again until a person acts, over restarts too', async () => {
    const wrong = { pin: () => bytes('99999999') };
    hsm = open(wrong);
    await refused(hsm);
    expect(await works(hsm)).toBe('InternalException loginRefused');
    expect(said(await hsm.probe())).toBe('InternalException loginRefused');
    expect(hsm.state().problem).toContain('CKR_PIN_INCORRECT');
    expect(JSON.parse(await readFile(marker(), 'utf8'))).toEqual({
      at: expect.any(String),
      why: 'CKR_PIN_INCORRECT',
      pinChangedAt: null,
    });
    expect((await stat(marker())).mode & 0o777).toBe(0o600);
    for (let restart = 0; restart < 3; restart++) {
      await hsm.stop();
      hsm = open(wrong);
      await refused(hsm);
      expect(await works(hsm)).toBe('InternalException loginRefused');
    }
    expect(logins()).toBe(1);
    hsm.retryLogin(bytes(USER_PIN));
    await serving(hsm);
    expect(await works(hsm)).toBe('ok');
    expect(logins()).toBe(3);
    expect(existsSync(marker())).toBe(false);
  });

  it('is tried again after a start when the source of the PIN is another one since, whatever the clock says', async () => {
    const wrong = { pin: () => bytes('99999999'), pinChangedAt: () => 5000, now: () => 1000 };
    hsm = open(wrong);
    await refused(hsm);
    await next(hsm);
    for (const pinChangedAt of [5000, null]) {
      hsm = open({ pinChangedAt: () => pinChangedAt });
      await refused(hsm);
      expect(logins()).toBe(0);
      await next(hsm);
    }
    hsm = open({ pinChangedAt: () => 6000 });
    await serving(hsm);
  });

  it('is not tried after a start where nobody knows when the refused PIN had changed, or the marker cannot be read', async () => {
    hsm = open({ pin: () => bytes('99999999') });
    await refused(hsm);
    await next(hsm);
    for (const content of [null, 'torn', '{"at":"2026-11-23T00:00:00.000Z","why":"CKR_PIN_INCORRECT"}']) {
      if (content !== null) await writeFile(marker(), content);
      hsm = open({ pinChangedAt: () => Date.now() + 1000 });
      await refused(hsm);
      expect(logins()).toBe(0);
      await next(hsm);
    }
  });

  it('stops at the third process that ends in C_Login while no login with this PIN ever succeeded', async () => {
    module.faults('C_Login crash');
    hsm = open();
    await refused(hsm);
    expect(hsm.state().problem).toContain('endedInLogin');
    expect(logins()).toBe(3);
    await next(hsm);
    hsm = open();
    await refused(hsm);
    expect(logins()).toBe(0);
    module.faults();
    hsm.retryLogin(null);
    await serving(hsm);
  });

  it('goes on when processes end in C_Login with a PIN that the token took before', async () => {
    hsm = open();
    await serving(hsm);
    module.faults('C_Login crash 5', 'C_EncryptInit crash 1');
    await works(hsm);
    await until(() => hsm!.events.filter(({ what }) => what === 'ended').length >= 6, 'five processes end in their login');
    await serving(hsm);
    expect(hsm.state().counts.loginsRefused).toBe(0);
  });

  it.each(['0xa0', '0xa1', '0xa2', '0xa3', '0xa4', '0x102', '0x200'])(
    'stops at the first %s that C_Login answers',
    async (code) => {
      module.faults(`C_Login ${code}`);
      hsm = open();
      await refused(hsm);
      expect(logins()).toBe(1);
      module.faults();
      hsm.retryLogin(null);
      await serving(hsm);
      expect(logins()).toBe(3);
    },
  );

  it.each(['0x5', '0x6', '0x80000001'])('stops at the third %s in a row: some modules say so to a wrong PIN', async (code) => {
    module.faults(`C_Login ${code}`);
    hsm = open();
    await refused(hsm);
    expect(logins()).toBe(3);
  });

  it('does not touch a PIN that is locked, nor the last try without a person’s word', async () => {
    module.faults(`flags ${LOCKED}`);
    hsm = open();
    await refused(hsm);
    await next(hsm);
    await rm(marker());
    module.faults(`flags ${FINAL_TRY}`);
    hsm = open();
    await refused(hsm);
    expect(hsm.state().problem).toContain('finalTry');
    expect(logins()).toBe(0);
    hsm.retryLogin(null);
    // One process may use it; the second one finds the flag still set, which the module would have taken back.
    await until(() => logins() === 1, 'the last try is used');
  });

  it('is a refusal for new processes alone: those that are logged in serve on', async () => {
    hsm = open();
    await serving(hsm);
    module.faults('C_Login 0xa0', 'C_EncryptInit crash 1');
    await works(hsm);
    await until(() => hsm!.events.some(({ what }) => what === 'loginRefused'), 'the replacement is refused');
    expect(hsm.state()).toMatchObject({ condition: 'recovering', sessions: { wanted: 4, ready: 2 } });
    expect(hsm.state().problem).toContain('CKR_PIN_INCORRECT');
    expect(await works(hsm)).toBe('ok');
    expect(logins()).toBe(3);
  });

  it('comes back when the token was away, without a storm', async () => {
    hsm = open();
    await serving(hsm);
    await rename(ground.tokenFolder, `${ground.tokenFolder}.away`);
    hsm.forgetKeys();
    await until(async () => /^InternalException/.test(await works(hsm!)), 'the loss is noticed');
    const answers = new Set<string>();
    for (let i = 0; i < 20; i++) answers.add((await works(hsm)).split(' ')[0]!);
    // Never a key that does not exist, and never a ciphertext that is to blame.
    expect([...answers].filter((name) => !/^(InternalException|DependencyTimeoutException)$/.test(name))).toEqual([]);
    await rename(`${ground.tokenFolder}.away`, ground.tokenFolder);
    await serving(hsm);
    expect(await works(hsm)).toBe('ok');
    expect(logins()).toBeLessThan(12);
  });

  it('waits for a token that is not there at the start', async () => {
    await rename(ground.tokenFolder, `${ground.tokenFolder}.away`);
    hsm = open();
    await until(() => hsm!.state().problem !== '', 'the start fails');
    expect(hsm.state().condition).toBe('starting');
    await rename(`${ground.tokenFolder}.away`, ground.tokenFolder);
    await serving(hsm);
    expect(await works(hsm)).toBe('ok');
  });

  it('finds the token by label, by serial, or as the only one', async () => {
    hsm = open({ token: { label: 'another', serial: null } });
    await until(() => hsm!.state().problem.includes('noToken'), 'no token is found');
    expect(logins()).toBe(0);
    await next(hsm);
    hsm = open({ token: { label: null, serial: null } });
    await serving(hsm);
    const { serial } = hsm.state().token!;
    await next(hsm);
    hsm = open({ token: { label: 'proxy', serial } });
    await serving(hsm);
    expect(good(await hsm.probe())).toBe('ACTIVE');
  });

  it('ends with a log-out, over restarts and whatever becomes of the PIN’s source, until a person acts', async () => {
    hsm = open({ pinChangedAt: () => 5000 });
    await serving(hsm);
    const working = works(hsm);
    expect(await hsm.logOut()).toEqual({ isKept: true });
    expect(await working).toMatch(/^(ok|InvalidStateException loggedOut)$/);
    expect(hsm.state()).toMatchObject({ condition: 'loggedOut', loggedOut: 'now', sessions: { ready: 0 } });
    expect(await works(hsm)).toBe('InvalidStateException loggedOut');
    expect(hsm.events.filter(({ what }) => what === 'ended')).toHaveLength(2);
    await next(hsm);
    hsm = open({ pinChangedAt: () => 6000 });
    expect(hsm.state()).toMatchObject({ condition: 'loggedOut', loggedOut: 'before' });
    expect(await works(hsm)).toBe('InvalidStateException loggedOut');
    expect(logins()).toBe(0);
    hsm.retryLogin(null);
    await serving(hsm);
    expect(await works(hsm)).toBe('ok');
    expect(hsm.state().loggedOut).toBe('no');
  });

  it('waits for a person after a log-out of a killed proxy, also when it is armed', async () => {
    hsm = open();
    await serving(hsm);
    await hsm.kill();
    await hsm.logOut();
    expect(hsm.state()).toMatchObject({ condition: 'killed', loggedOut: 'now' });
    before = module.calls('C_Login');
    hsm.arm();
    expect(hsm.state().condition).toBe('loggedOut');
    expect(await works(hsm)).toBe('InvalidStateException loggedOut');
    expect(logins()).toBe(0);
    await hsm.kill();
    hsm.retryLogin(null);
    expect(hsm.state()).toMatchObject({ condition: 'killed', loggedOut: 'no' });
    hsm.arm();
    await serving(hsm);
  });

  it('waits, and tries nothing, while the proxy is killed', async () => {
    hsm = open({ isKilled: true });
    expect(hsm.state().condition).toBe('killed');
    expect(await works(hsm)).toBe('InvalidStateException killed');
    expect(logins()).toBe(0);
    hsm.arm();
    await serving(hsm);
    expect(logins()).toBe(2);
  });
});
