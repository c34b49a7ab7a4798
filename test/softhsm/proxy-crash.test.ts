import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ask } from '../../core/control/ask';
import { errorNameOf } from '../../core/as-kms/exchange';
import { verifyAudit } from '../../core/pack/verify-audit';
import { PIN } from '../bench/xks/token.mjs';
import { isAlive } from './alive';
import { buildEntries, type BuiltEntries } from './build-child';
import { hasSoftHsm, must } from './ground';
import {
  encryptCall,
  FIRST,
  kms,
  makeServiceToken,
  SECOND,
  thereAndBack,
  until,
  writeServiceSettings,
  type Token,
  type Wanted,
} from './service-ground';

const ACT = { who: 'a test', why: 'to see' };
const PLAINTEXT = new Uint8Array(32).fill(0x5a);
const PATIENCE = { timeoutMs: 30_000 };

describe.skipIf(!hasSoftHsm || process.platform !== 'linux')('the proxy as a process', () => {
  let built: BuiltEntries;
  let token: Token;
  let count = 0;

  beforeAll(async () => {
    built = await buildEntries({ 'hsm-process': 'proxy/hsm/process/main.ts', proxy: 'test/softhsm/proxy-driver.ts' });
    token = makeServiceToken();
  });

  afterAll(async () => {
    token.remove();
    await built.remove();
  });

  function settle(wanted: Wanted = {}) {
    const folder = join(token.folder, `process-${(count += 1)}`);
    return {
      folder,
      state: join(folder, 'state'),
      audit: join(folder, 'audit'),
      file: writeServiceSettings(token, folder, wanted),
    };
  }

  /** Starts the process and waits until it listens; its port, and everything it printed. */
  async function launch(
    file: string,
    onMessage: (child: ChildProcess, message: unknown) => void = () => undefined,
    whileStarting: (child: ChildProcess) => Promise<void> = async () => undefined,
  ) {
    const child = fork(built.path('proxy'), [file, built.path('hsm-process')], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    let isOver = false;
    child.once('close', () => (isOver = true));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('message', (message) => onMessage(child, message));
    await whileStarting(child);
    /** Its lines come in pieces and on two streams: what is asserted of them is waited for. */
    const says = async (what: RegExp | string): Promise<string> => {
      const isThere = () => (typeof what === 'string' ? said.includes(what) : what.test(said));
      await until(() => isThere() || isOver);
      if (!isThere()) throw new Error(`It ended without saying ${String(what)}: ${said}`);
      return said;
    };
    const LISTENS = /^KMS: http:\/\/127\.0\.0\.1:(\d+)$/m;
    const port = Number(LISTENS.exec(await says(LISTENS))?.[1]);
    return { child, port, says, said: () => said };
  }

  async function serving(state: string): Promise<void> {
    for (;;) {
      const status = must(await ask(state, { verb: 'status' }, PATIENCE));
      if (status.hsm.condition === 'serving' && status.health.state === 'ACTIVE') return;
    }
  }

  /** Processes that `pid` has started, by proc(5). */
  function childrenOf(pid: number): readonly number[] {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  }

  /** Inodes of the TCP sockets that a process listens on, by proc_pid_net(5). */
  function listenersOf(pid: number): readonly string[] {
    const LISTEN = '0A';
    const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
    const listening = rows.map((row) => row.trim().split(/\s+/)).flatMap((row) => (row[3] === LISTEN ? [row[9] ?? ''] : []));
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    return listening.filter((inode) => open.includes(`socket:[${inode}]`)).sort();
  }

  /** Ends a process; resolves when all it printed has been read, too. */
  async function gone(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  function caller(port: number, pair = FIRST) {
    const opened = kms(port, pair);
    onTestFinished(() => opened.close());
    return opened;
  }

  it('takes its HSM processes with it when it is killed, serves again when it is started, and the chain of its log goes on', async () => {
    const { file, state, audit } = settle();
    for (let round = 0; round < 3; round++) {
      const { child, port } = await launch(file);
      await serving(state);
      expect(await thereAndBack(caller(port), PLAINTEXT)).toEqual(PLAINTEXT);
      const workers = childrenOf(child.pid ?? 0);
      expect(workers).toHaveLength(2);
      await gone(child, 'SIGKILL');
      await until(() => !workers.some(isAlive));
    }
    expect(await verifyAudit(audit)).toMatchObject({ exitCode: 0 });
  });

  it('comes up killed after a kill and SIGKILL, however often, until it is armed', async () => {
    const { file, state } = settle();
    const first = await launch(file);
    await serving(state);
    const workers = childrenOf(first.child.pid ?? 0);
    expect(must(await ask(state, { verb: 'kill', act: ACT }, PATIENCE))).toMatchObject({ restart: 'same' });
    // Mostly before the answer, which does not wait longer than it takes a quiet machine.
    await until(() => !workers.some(isAlive));
    await gone(first.child, 'SIGKILL');
    for (let round = 0; round < 2; round++) {
      const { child, port, says } = await launch(file);
      await says('KILLED');
      expect(errorNameOf(await encryptCall(caller(port), PLAINTEXT))).toBe('InvalidStateException');
      expect(childrenOf(child.pid ?? 0)).toEqual([]);
      await gone(child, 'SIGKILL');
    }
    const { port } = await launch(file);
    must(await ask(state, { verb: 'arm', act: ACT }, PATIENCE));
    await serving(state);
    expect(await thereAndBack(caller(port), PLAINTEXT)).toEqual(PLAINTEXT);
  });

  it('ends with SIGTERM: the last line says so, and nothing is left running', async () => {
    const { file, state, audit } = settle();
    const { child, said } = await launch(file);
    await serving(state);
    const workers = childrenOf(child.pid ?? 0);
    await gone(child, 'SIGTERM');
    expect(said()).toContain('end: done');
    expect(workers.some(isAlive)).toBe(false);
    expect(await verifyAudit(audit)).toMatchObject({ exitCode: 0 });
    expect((await ask(state, { verb: 'status' }, PATIENCE)).ok).toBe(false);
  });

  it('reads its settings again on SIGHUP', async () => {
    const { file, folder, state } = settle();
    const { child, port } = await launch(file);
    await serving(state);
    writeServiceSettings(token, folder, { credentials: [SECOND] });
    child.kill('SIGHUP');
    const done = async () => must(await ask(state, { verb: 'status' }, PATIENCE)).lastReload?.ok === true;
    while (!(await done()));
    expect(await thereAndBack(caller(port, SECOND), PLAINTEXT)).toEqual(PLAINTEXT);
    expect(errorNameOf(await encryptCall(caller(port, FIRST), PLAINTEXT))).toBe('AuthenticationFailedException');
  });

  it('keeps a SIGHUP that comes while it starts, and reads its settings again when it has', async () => {
    const { file, state } = settle();
    await launch(file, undefined, async (child) => {
      await until(() => existsSync(join(state, 'lock')));
      child.kill('SIGHUP');
    });
    await serving(state);
    while (must(await ask(state, { verb: 'status' }, PATIENCE)).lastReload?.ok !== true);
  });

  it('takes its PIN from the process that supervises it, once for each time it is asked', async () => {
    const { file, state } = settle({ pin: 'pin_from = "supervisor"' });
    const wanted: unknown[] = [];
    const { port } = await launch(file, (child, message) => {
      wanted.push(message);
      child.send({ keyriteSecret: 'pin', value: new TextEncoder().encode(PIN) });
    });
    await serving(state);
    expect(wanted).toEqual([{ keyriteSecretWanted: 'pin' }, { keyriteProxy: 'ready' }]);
    expect(await thereAndBack(caller(port), PLAINTEXT)).toEqual(PLAINTEXT);
  });

  it('opens no debugger at SIGUSR1, and keeps its memory out of core dumps', async () => {
    const { file, state } = settle();
    const { child, port, said } = await launch(file);
    await serving(state);
    const pids = [child.pid ?? 0, ...childrenOf(child.pid ?? 0)];
    const listening = pids.map(listenersOf);
    for (const pid of pids) process.kill(pid, 'SIGUSR1');
    for (let call = 0; call < 20; call++) expect(await thereAndBack(caller(port), PLAINTEXT)).toEqual(PLAINTEXT);
    expect(said()).not.toContain('Debugger');
    expect(pids.map(listenersOf)).toEqual(listening);
    for (const pid of pids) expect(Number.parseInt(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8'), 16)).toBe(0);
  });
});
