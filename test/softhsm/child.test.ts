import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { childEnvironment } from '../../core/pkcs11/environment';
import { forkTokenProcess, type ForkedTokenProcess } from '../../core/pkcs11/fork';
import { startTokenProcess, type Wire } from '../../core/pkcs11/client';
import { DEADLINES_MS } from '../../core/pkcs11/deadlines';
import { makeToken, type TokenFolder } from '../../core/rehearsal/softhsm';
import { buildTokenChild, type BuiltChild } from './build-child';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { bytes, code, makeFolder, makeOpenToken, must, PROFILES_FOLDER, SO_PIN, USER_PIN, hasSoftHsm } from './ground';

const CANARY = 'canary-pin-7421';

/** A process that has ended but was not collected yet (a zombie) runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(!hasSoftHsm)('the token child', () => {
  let built: BuiltChild;
  let folder: TokenFolder;
  let home: string;
  let remove: () => Promise<void>;
  const children: ForkedTokenProcess[] = [];

  function start(): ForkedTokenProcess {
    const environment = childEnvironment({ ...process.env, SECRET_OF_THE_PARENT: 'x' }, ['SOFTHSM2_CONF'], folder.environment);
    const child = forkTokenProcess({ script: built.script, profilesFolder: PROFILES_FOLDER, environment });
    children.push(child);
    return child;
  }

  beforeAll(async () => {
    built = await buildTokenChild();
    ({ folder, home, remove } = await makeFolder());
  });

  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.stop()));
  });

  afterAll(async () => {
    await built.remove();
    await remove();
  });

  it('makes a token, and a key on it, across the process border', async () => {
    const { port } = start();
    const address = await makeOpenToken(port, folder, 'over-the-border');
    const plan = must(
      await port.plan({
        purpose: 'byok',
        keySpec: 'ECC_NIST_P256',
        label: 'pair',
        ckaId: must(await port.random({ bytes: 16 })),
      }),
    );
    must(await port.generate(JSON.parse(JSON.stringify(plan)) as typeof plan));
    expect(must(await port.readBack(plan)).every((reading) => reading.rows.every((row) => row.ok))).toBe(true);
    expect(must(await port.publicKey(plan))).toBeInstanceOf(Uint8Array);
    must(await port.close());
    expect(code(await port.inventory())).toBe('token.notFound');
    const other = start();
    must(await other.port.open(address));
    must(await other.port.login({ user: 'user', pin: bytes(USER_PIN) }));
    expect(must(await other.port.inventory())).toHaveLength(2);
  });

  it.skipIf(process.platform !== 'linux')(
    'keeps a PIN out of environment, arguments and output, and overwrites the caller’s copy',
    async () => {
      const { port, pid, lastWords } = start();
      const pins = { soPin: bytes(SO_PIN), userPin: bytes(CANARY) };
      const address = must(await makeToken(port, folder, 'canary', pins));
      must(await port.open(address));
      const pin = bytes(CANARY);
      must(await port.login({ user: 'user', pin }));
      expect([...pin, ...pins.userPin, ...pins.soPin].every((byte) => byte === 0)).toBe(true);
      process.kill(pid, 'SIGUSR1');
      for (let call = 0; call < 20; call++) await port.list({ modulePath: '/nowhere', profile: 'softhsm' });
      expect(lastWords()).not.toContain('Debugger');
      const seen = [
        await readFile(`/proc/${pid}/environ`, 'latin1'),
        await readFile(`/proc/${pid}/cmdline`, 'latin1'),
        lastWords(),
      ].join('\n');
      expect(seen).not.toContain(CANARY);
      expect(seen).not.toContain('SECRET_OF_THE_PARENT');
      expect((await readFile(`/proc/${pid}/coredump_filter`, 'utf8')).trim()).toMatch(/^0+$/);
    },
  );

  it('answers a missing module, a text file and a library that is no PKCS#11 module each in its own way', async () => {
    const { port } = start();
    const list = (modulePath: string) => port.list({ modulePath, profile: 'softhsm' });
    const text = join(home, 'module.so');
    await writeFile(text, 'not a library\n');
    expect(code(await list(join(home, 'nothing.so')))).toBe('token.moduleMissing');
    expect(code(await list('libsofthsm2.so'))).toBe('token.moduleMissing');
    expect(code(await list(home))).toBe('token.moduleMissing');
    expect(code(await list(text))).toBe('token.moduleNotPkcs11');
    const binding = join(import.meta.dirname, '../../node_modules/pkcs11js/build/Release/pkcs11.node');
    expect(await list(binding)).toMatchObject({
      ok: false,
      error: { code: 'token.moduleNotPkcs11', detail: { reason: expect.stringContaining('C_GetFunctionList') } },
    });
    expect(code(await port.list({ modulePath: folder.modulePath, profile: 'nobody' }))).toBe('input.invalid');
    expect(code(await list(folder.modulePath))).toBe('ok');
  });

  it('refuses messages of the wrong shape without naming their values, and lives on', async () => {
    const { port } = start();
    const wrong = await port.login({ user: 'root' as 'user', pin: bytes(CANARY) });
    expect(wrong).toEqual({ ok: false, error: { code: 'input.invalid', detail: { call: 'login', problem: 'user' } } });
    expect(code(await port.random({ bytes: 1_000_000 }))).toBe('input.invalid');
    expect(code(await port.find({ ckaId: 'zz' }))).toBe('input.invalid');
    expect(code(await port.list({ modulePath: folder.modulePath, profile: 'softhsm' }))).toBe('ok');
  });

  it('answers token.moduleCrashed for every call under way and after, when it is killed', async () => {
    const child = start();
    const reason = new Promise<string>((resolve) => child.onExit(resolve));
    must(await child.port.list({ modulePath: folder.modulePath, profile: 'softhsm' }));
    const underWay = [child.port.list({ modulePath: folder.modulePath, profile: 'softhsm' }), child.port.random({ bytes: 8 })];
    process.kill(child.pid, 'SIGKILL');
    expect(
      (await Promise.all(underWay)).every(
        (answer) => answer.ok || ['token.moduleCrashed', 'token.notFound'].includes(answer.error.code),
      ),
    ).toBe(true);
    expect(await reason).toContain('SIGKILL');
    const pin = bytes(CANARY);
    expect(code(await child.port.login({ user: 'user', pin }))).toBe('token.moduleCrashed');
    expect(pin.every((byte) => byte === 0)).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')('ends at once when its parent dies', async () => {
    // A parent of its own, which starts the child and tells its pid.
    const program = `
      import { fork } from 'node:child_process';
      const child = fork(${JSON.stringify(built.script)}, [], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      child.send({ begin: 'keyrite-token-child-1', profilesFolder: '/nowhere' });
      child.on('spawn', () => process.stdout.write(child.pid + '\\n'));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
  });

  it('does nothing when started by hand', async () => {
    const child = spawn(process.execPath, [built.script], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([2, null]);
  });

  describe.skipIf(!hasCompiler)('with a module that misbehaves', () => {
    let module: FaultyModule;

    beforeAll(() => {
      module = buildFaultyModule(home, folder.modulePath);
    });

    afterEach(() => module.faults());

    it('takes only itself down when the module crashes while a key is made, and recovery finds what is there', async () => {
      const child = start();
      const address = await makeOpenToken(child.port, { ...folder, modulePath: module.path }, 'crash');
      const plan = must(await child.port.plan({ purpose: 'xks', keySpec: 'AES_256', label: 'crashed', ckaId: 'cc'.repeat(16) }));
      module.faults('C_GenerateKey crash');
      expect(await child.port.generate(plan)).toMatchObject({
        ok: false,
        error: { code: 'token.moduleCrashed', detail: { reason: 'ended by SIGABRT' } },
      });
      module.faults();
      const next = start();
      must(await next.port.open(address));
      must(await next.port.login({ user: 'user', pin: bytes(USER_PIN) }));
      expect(must(await next.port.find({ ckaId: plan.ckaId }))).toEqual([]);
    });

    it('answers token.timeout when the module hangs, and is ended by force', async () => {
      const environment = childEnvironment(process.env, ['SOFTHSM2_CONF'], folder.environment);
      const raw = fork(built.script, [], {
        env: environment,
        execArgv: [],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      const wire: Wire = {
        post: (message) => void raw.send(message as object),
        onMessage: (listener) => void raw.on('message', listener),
        onExit: (listener) => void raw.once('exit', () => listener('gone')),
        kill: () => void raw.kill('SIGKILL'),
      };
      const { port, stop } = startTokenProcess(wire, PROFILES_FOLDER, { ...DEADLINES_MS, random: 300 });
      await makeOpenToken(port, { ...folder, modulePath: module.path }, 'hang');
      module.faults('C_GenerateRandom hang');
      expect(await port.random({ bytes: 8 })).toEqual({
        ok: false,
        error: { code: 'token.timeout', detail: { call: 'random', afterMs: 300 } },
      });
      await stop();
      expect(code(await port.random({ bytes: 8 }))).toBe('token.moduleCrashed');
    });
  });
});
