import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HsmOptions } from '../../proxy/hsm/options';
import { isAlive } from './alive';
import { buildEntries, type BuiltEntries } from './build-child';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { hasSoftHsm } from './ground';
import { choice, HEALTH, proxyGround, said, serving, until, type OpenHsm, type ProxyGround } from './proxy-ground';

describe.skipIf(!hasSoftHsm || !hasCompiler)('the end of HSM processes', () => {
  let ground: ProxyGround;
  let module: FaultyModule;
  let driver: BuiltEntries;
  let hsm: OpenHsm | null = null;

  beforeAll(async () => {
    ground = await proxyGround();
    module = buildFaultyModule(ground.home, ground.modulePath);
    driver = await buildEntries({ driver: 'test/softhsm/proxy-orphan-driver.ts' });
    ground.put({ label: 'nile', ckaId: '0a', value: Buffer.alloc(32, 1) });
    ground.put({ label: HEALTH, ckaId: 'ff', value: Buffer.alloc(32, 9) });
  });

  afterEach(async () => {
    await hsm?.stop();
    hsm = null;
    module.faults();
  });

  afterAll(async () => {
    await ground.remove();
    await driver.remove();
  });

  const pool = { sessions: 4, processes: 2, queue: 1000, deadlineMs: 2000, hungMs: 60_000 };
  const order = { key: choice('nile'), plaintext: Buffer.alloc(32, 7), aad: null, wantsCdiv: true };
  const pidsOf = (open: OpenHsm): number[] => open.events.filter(({ what }) => what === 'started').map(({ pid }) => pid);

  async function open(): Promise<OpenHsm> {
    hsm = ground.open({ module: module.path, pool });
    await serving(hsm);
    return hsm;
  }

  it('by a kill under full load is the end of all operations', async () => {
    const busy = await open();
    const answers = new Map<string, number>();
    let isOver = false;
    const lanes = Array.from({ length: 16 }, async () => {
      while (!isOver) {
        const text = said(await busy.encrypt(order));
        answers.set(text, (answers.get(text) ?? 0) + 1);
        if (text !== 'ok') await new Promise(setImmediate);
      }
    });
    await until(() => (answers.get('ok') ?? 0) > 500, 'the load is on');
    await busy.kill();
    const acknowledgedAt = Date.now();
    await until(() => pidsOf(busy).every((pid) => !isAlive(pid)), 'the processes are gone');
    isOver = true;
    await Promise.all(lanes);
    // What the issue demands: no operation of the HSM later than 50 ms after the acknowledgement.
    expect(module.lastDataCall() - acknowledgedAt).toBeLessThanOrEqual(50);
    expect([...answers.keys()].toSorted()).toEqual(['InvalidStateException killed', 'ok']);
    expect(busy.state()).toMatchObject({ condition: 'killed', sessions: { ready: 0, busy: 0 }, queued: 0 });
    busy.arm();
    await serving(busy);
    expect(said(await busy.encrypt(order))).toBe('ok');
  });

  it('by a kill logs out and closes the sessions, once in each process', async () => {
    /** Kills, and counts the calls it took. */
    async function farewells(): Promise<number> {
      const idle = await open();
      const before = module.calls('C_Logout') + module.calls('C_CloseAllSessions');
      await idle.kill();
      await until(() => pidsOf(idle).every((pid) => !isAlive(pid)), 'the processes are gone');
      return module.calls('C_Logout') + module.calls('C_CloseAllSessions') - before;
    }
    // A busy machine may take longer over it than the 40 ms a killed process is given; never more than once.
    const rounds: number[] = [];
    while (rounds.length < 10 && rounds.at(-1) !== 2 * pool.processes) rounds.push(await farewells());
    expect(rounds.at(-1)).toBe(2 * pool.processes);
  });

  it('by a kill does not wait for a device that hangs, in an operation or while it logs out', async () => {
    const busy = await open();
    module.faults('C_Encrypt hang', 'C_Logout hang');
    const waiting = Array.from({ length: 8 }, () => busy.encrypt(order));
    await until(() => busy.state().sessions.busy === 4, 'all threads hang');
    await busy.kill();
    expect((await Promise.all(waiting)).map(said)).toEqual(Array.from({ length: 8 }, () => 'InvalidStateException killed'));
    await until(() => pidsOf(busy).every((pid) => !isAlive(pid)), 'the processes are gone');
  });

  it('by a kill reaches an operation between two of its calls', async () => {
    const busy = await open();
    /** Kills while C_Encrypt runs; how many calls of the verification came after it. */
    async function callsAfterKill(): Promise<number> {
      await busy.encrypt(order);
      // While it hangs in the logout the process lives for 40 ms: long enough for a call that nobody stops.
      module.faults('C_Encrypt delay 15000', 'C_Logout hang');
      const [encryptions, verifications] = [module.calls('C_Encrypt'), module.calls('C_DecryptInit')];
      const waiting = busy.encrypt(order);
      while (module.calls('C_Encrypt') === encryptions) await new Promise(setImmediate);
      await busy.kill();
      // 'ok' where the kill came too late; that is a round with the call.
      expect(['InvalidStateException killed', 'ok']).toContain(said(await waiting));
      await until(() => pidsOf(busy).every((pid) => !isAlive(pid)), 'the processes are gone');
      module.faults();
      busy.arm();
      await serving(busy);
      return module.calls('C_DecryptInit') - verifications;
    }
    // On a busy machine the word of a kill may come when the 15 ms are over; where it is never heard, each round has that call.
    const rounds: number[] = [];
    while (rounds.length < 10 && rounds.at(-1) !== 0) rounds.push(await callsAfterKill());
    expect(rounds.at(-1)).toBe(0);
  });

  it('by a stop lets what is under way finish', async () => {
    const busy = await open();
    module.faults('C_Encrypt delay 50000');
    const waiting = Array.from({ length: 4 }, () => busy.encrypt(order));
    const stopped = busy.stop();
    expect(said(await busy.encrypt(order))).toBe('InternalException stopped');
    expect((await Promise.all(waiting)).map(said)).toEqual(['ok', 'ok', 'ok', 'ok']);
    await stopped;
    expect(pidsOf(busy).some(isAlive)).toBe(false);
  });

  it('is not brought about by the signals that a terminal or a service manager sends to the whole group', async () => {
    const busy = await open();
    for (const pid of pidsOf(busy)) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(pid, signal);
    for (let i = 0; i < 50; i++) expect(said(await busy.encrypt(order))).toBe('ok');
    expect(pidsOf(busy).every(isAlive)).toBe(true);
  });

  it.each([
    ['works', [], 'ready'],
    ['hangs in an operation', ['C_Encrypt hang'], 'ready'],
    ['hangs in its login', ['C_Login hang'], 'started'],
  ] as const)('follows the end of a proxy that is killed from outside while the HSM %s', async (_, faults, sign) => {
    module.faults(...faults);
    const options: Omit<HsmOptions, 'pin' | 'pinChangedAt' | 'now' | 'onEvent'> = {
      processEntry: ground.processEntry,
      module: module.path,
      profile: null,
      token: { label: 'proxy', serial: null },
      iv: 'caller',
      mechanism: 'CKM_AES_GCM',
      pool: { ...pool, processes: 1 },
      legacyMetadata: null,
      healthKey: HEALTH,
      environment: ground.environment,
      stateFolder: ground.home,
      isKilled: false,
    };
    const logins = module.calls('C_Login');
    const proxy = spawn(process.execPath, [driver.path('driver'), JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids: number[] = [];
    let seen = '';
    createInterface(proxy.stdout).on('line', (line) => {
      const [what = '', pid = ''] = line.split(' ');
      seen += `${what} `;
      if (what === 'started') pids.push(Number(pid));
    });
    await until(() => seen.includes(sign) && module.calls('C_Login') > logins, 'the processes are there');
    if (sign === 'ready') await until(() => module.calls('C_Encrypt') > 0, 'an operation is under way');
    expect(pids.filter(isAlive)).toHaveLength(1);
    proxy.kill('SIGKILL');
    await until(() => !pids.some(isAlive), 'nothing is left behind');
  });
});
