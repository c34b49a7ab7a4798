import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PIN } from '../bench/xks/token.mjs';
import { mountTmpfs, mountWorks, unmountAll } from '../core/tmpfs';
import { isAlive } from './alive';
import { buildEntries, type BuiltEntries } from './build-child';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { hasSoftHsm, must } from './ground';
import { encryptCall, kms, until } from './service-ground';
import { ACT, change, codeOf, pin, supervisedGround, type SupervisedGround } from './supervised-ground';

/** Children of a process, from /proc. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(pid);
      } catch {
        return false; // it ended meanwhile
      }
    })
    .map(Number);
}

describe.skipIf(!hasSoftHsm || process.platform !== 'linux')('however a supervised proxy ends', () => {
  let ground: SupervisedGround;
  let driver: BuiltEntries;

  beforeAll(async () => {
    ground = await supervisedGround();
    driver = await buildEntries({ driver: 'test/softhsm/supervising-driver.ts' });
  });
  afterEach(unmountAll);
  afterAll(async () => {
    await ground.remove();
    await driver.remove();
  });

  /** A program that supervises the proxy in `folder`, and the proxy's process. */
  async function supervised(folder: string) {
    const program = spawn(process.execPath, [driver.path('driver'), folder, ground.entry, PIN], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => program.once('exit', resolve));
    const said = await new Promise<string>((resolve) =>
      program.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString())),
    );
    const pid = Number(said);
    expect(pid).toBeGreaterThan(0);
    return { program, ended, pid };
  }

  it('it does not go on without the program that supervises it, and is stopped then, not killed', async () => {
    const folder = ground.settle();
    const { program, ended, pid } = await supervised(folder);
    const hsm = childrenOf(pid);
    expect(hsm.length).toBe(2);
    program.kill('SIGKILL');
    await ended;
    await until(() => ![pid, ...hsm].some(isAlive));
    const next = ground.open(folder);
    expect((await next.snapshot()).latch.state).toBe('armed');
    expect(codeOf(await next.start(pin()))).toBe('ok');
    must(await next.stop());
  });

  it('its kill outlives SIGKILL for everything at once', async () => {
    const folder = ground.settle();
    const { program, ended, pid } = await supervised(folder);
    const hsm = childrenOf(pid);
    const killer = ground.open(folder);
    expect(await killer.kill(ACT)).toMatchObject({ how: 'acknowledged' });
    for (const each of [pid, ...hsm]) if (isAlive(each)) process.kill(each, 'SIGKILL');
    program.kill('SIGKILL');
    await ended;
    await until(() => !isAlive(pid));
    const next = ground.open(folder);
    expect((await next.snapshot()).latch).toMatchObject({ state: 'killed', by: ACT.who });
    expect(must(await next.start(pin())).latch.killed).toBe(true);
    must(await next.stop());
  });

  it.skipIf(!mountWorks())('it says that the disk is full, and is not started again', async () => {
    const full = mountTmpfs('16k');
    const folder = ground.settle();
    change(folder, /folder = ".*audit"/, `folder = "${join(full, 'audit')}"`);
    const { writeFileSync } = await import('node:fs');
    try {
      writeFileSync(join(full, 'filler'), Buffer.alloc(64 * 1024));
    } catch {
      // as full as it gets
    }
    const proxy = ground.open(folder);
    expect(codeOf(await proxy.start(pin()))).toBe('file.diskFull');
    expect((await proxy.snapshot()).process).toMatchObject({ phase: 'failed', restarts: 0 });
  });

  describe.skipIf(!hasCompiler)('over a library that misbehaves', () => {
    let module: FaultyModule;
    beforeAll(() => {
      module = buildFaultyModule(ground.token.folder, ground.token.module);
    });
    afterEach(() => module.faults());

    it('a wrong PIN reaches the token once, whatever is started how often without a person', async () => {
      const folder = ground.settle({ module: module.path });
      const before = module.calls('C_Login');
      const proxy = ground.open(folder);
      expect(codeOf(await proxy.start(pin('00000000')))).toBe('proxy.loginRefused');
      expect(codeOf(await proxy.start(null))).toBe('proxy.pinNeeded');
      const another = ground.open(folder, { practicePin: () => pin('00000000') });
      await another.resume();
      expect(module.calls('C_Login') - before).toBe(1);
      expect((await another.snapshot()).process.phase).toBe('failed');
    });

    it('it is killed while the HSM hangs in an operation, and answers DISABLED afterwards', async () => {
      const proxy = ground.open(ground.settle({ module: module.path, pool: 'sessions = 2\nprocesses = 1' }));
      const status = must(await proxy.start(pin()));
      const caller = kms(Number(/:(\d+)$/.exec(status.listeners[0]?.address ?? '')?.[1]));
      module.faults('C_Encrypt hang');
      const hanging = encryptCall(caller, new Uint8Array(32));
      await until(() => module.calls('C_Encrypt') > 0);
      const killed = await proxy.kill(ACT);
      expect(killed).toMatchObject({ how: 'acknowledged', answer: { restart: 'same' } });
      await hanging;
      expect(await encryptCall(caller, new Uint8Array(32))).toMatchObject({ status: 400 });
      caller.close();
      expect((await proxy.snapshot()).latch.state).toBe('killed');
      must(await proxy.stop());
    });
  });
});
