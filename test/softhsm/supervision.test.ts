import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ask } from '../../core/control/ask';
import { killsSinceArmed } from '../../core/pack/audit-kills';
import { childEnvironment } from '../../core/pkcs11/environment';
import { nodeLaunch } from '../../core/supervision/node-launch';
import type { SupervisedProxy } from '../../core/supervision/station-proxy';
import { PIN } from '../bench/xks/token.mjs';
import { issue } from '../core/as-kms/certificates';
import { isAlive } from './alive';
import { hasSoftHsm, must } from './ground';
import { encryptCall, kms, thereAndBack } from './service-ground';
import { ACT, change, codeOf, pin, supervisedGround, type SupervisedGround } from './supervised-ground';

const PLAINTEXT = new Uint8Array(32).fill(0x5a);

describe.skipIf(!hasSoftHsm)('a supervised proxy', () => {
  let ground: SupervisedGround;

  beforeAll(async () => {
    ground = await supervisedGround();
  });
  afterAll(() => ground.remove());

  async function portOf(proxy: SupervisedProxy): Promise<number> {
    const { status } = await proxy.snapshot();
    return Number(/:(\d+)$/.exec(status?.listeners[0]?.address ?? '')?.[1]);
  }

  /** KMS for the process that runs now. */
  async function caller(proxy: SupervisedProxy) {
    const opened = kms(await portOf(proxy));
    onTestFinished(() => opened.close());
    return opened;
  }

  const phaseOf = async (proxy: SupervisedProxy): Promise<string> => (await proxy.snapshot()).process.phase;

  /** Waits until the proxy is where the test wants it. */
  async function reaches(proxy: SupervisedProxy, phase: string): Promise<void> {
    for (;;) {
      if ((await phaseOf(proxy)) === phase) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Waits until a process other than `pid` has sessions, or is killed. */
  async function isBack(proxy: SupervisedProxy, pid: number): Promise<void> {
    for (;;) {
      const { process: now, status } = await proxy.snapshot();
      const isUp = status !== null && (status.latch.killed || status.hsm.sessions.ready > 0);
      if (now.phase === 'ready' && now.pid !== pid && isUp) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('asks for the PIN once, serves, comes back from a crash without a person, and forgets the PIN with a pause', async () => {
    const folder = ground.settle();
    const proxy = ground.open(folder);
    expect((await proxy.snapshot()).needsPin).toBe(true);
    expect(codeOf(await proxy.start(null))).toBe('proxy.pinNeeded');
    const given = pin();
    const first = must(await proxy.start(given));
    expect([...given].every((byte) => byte === 0)).toBe(true);
    expect(await thereAndBack(await caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
    const again = must(await proxy.crash());
    expect(again.pid).not.toBe(first.pid);
    expect(isAlive(first.pid)).toBe(false);
    expect(await thereAndBack(await caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
    process.kill(again.pid, 'SIGKILL');
    await isBack(proxy, again.pid);
    const { process: third } = await proxy.snapshot();
    expect(third).toMatchObject({ phase: 'ready', restarts: 1 });
    must(await proxy.stop());
    expect(await proxy.snapshot()).toMatchObject({ needsPin: true, process: { phase: 'stopped', pid: null }, status: null });
    expect(statSync(join(folder, 'process.log')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'process.log'), 'utf8')).not.toContain(PIN);
  });

  it('stops starting a proxy that keeps crashing, and says what it said last', async () => {
    const folder = ground.settle();
    const entry = join(folder, 'crashing.mjs');
    writeFileSync(entry, "console.error('the last words'); process.kill(process.pid, 'SIGABRT');");
    const proxy = ground.open(folder, { launch: nodeLaunch(entry) });
    expect(await proxy.start(pin())).toMatchObject({
      ok: false,
      error: { code: 'proxy.crashed', detail: { reason: 'SIGABRT' } },
    });
    const { process: failed, needsPin } = await proxy.snapshot();
    expect(failed).toMatchObject({ phase: 'failed', restarts: 5, restartLimit: 5, lastWords: Array(6).fill('the last words') });
    expect(needsPin).toBe(true);
  });

  it('tries a wrong PIN once, ends, and takes the right one of a person afterwards', async () => {
    const folder = ground.settle();
    const proxy = ground.open(folder);
    expect(codeOf(await proxy.start(pin('00000000')))).toBe('proxy.loginRefused');
    expect(await proxy.snapshot()).toMatchObject({ needsPin: true, process: { phase: 'failed', restarts: 0 } });
    const lines = (): string => readFileSync(join(folder, 'audit', auditFile(folder)), 'utf8');
    expect(lines().match(/hsm\.loginRefused/g)).toHaveLength(1);
    expect(codeOf(await proxy.start(null))).toBe('proxy.pinNeeded');
    must(await proxy.start(pin()));
    expect(lines().match(/hsm\.loginRefused/g)).toHaveLength(1);
    expect(await thereAndBack(await caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
    must(await proxy.stop());
  });

  it('says which settings it cannot use', async () => {
    const folder = ground.settle({ more: '[health]\nkeyy = "x"' });
    expect(codeOf(await ground.open(folder).start(pin()))).toBe('proxy.settings');
    const missing = ground.settle({ module: '/nowhere/libsofthsm2.so' });
    expect(codeOf(await ground.open(missing).start(pin()))).toBe('token.moduleMissing');
    expect(codeOf(await ground.open(join(ground.token.folder, 'nothing')).start(pin()))).toBe('proxy.notSetUp');
  });

  it('says that the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const folder = ground.settle();
    change(folder, 'port = 0', `port = ${port}`);
    const proxy = ground.open(folder);
    expect(codeOf(await proxy.start(pin()))).toBe('proxy.portTaken');
    expect((await proxy.snapshot()).process).toMatchObject({ phase: 'failed', restarts: 0 });
  });

  it('says that the certificate expired', async () => {
    const folder = ground.settle();
    const expired = issue({ commonName: 'localhost', dnsNames: ['localhost'], days: -1 });
    writeFileSync(join(folder, 'cert.pem'), expired.certPem, { mode: 0o600 });
    writeFileSync(join(folder, 'key.pem'), expired.keyPem, { mode: 0o600 });
    change(
      folder,
      'is_tls_enabled = false',
      `is_tls_enabled = true\n\n[tls]\ntls_cert_pem = "${join(folder, 'cert.pem')}"\ntls_key_pem = "${join(folder, 'key.pem')}"`,
    );
    expect(codeOf(await ground.open(folder).start(pin()))).toBe('proxy.certificate');
  });

  it('goes on trying where the token is missing, and says so', async () => {
    const folder = ground.settle();
    change(folder, /token_label = ".*"/, 'token_label = "nobody"');
    const proxy = ground.open(folder);
    expect(codeOf(await proxy.start(pin()))).toBe('proxy.noSession');
    expect(await phaseOf(proxy)).toBe('ready');
    must(await proxy.stop());
  });

  it('is killed by one call, stays killed through crash and restart, and refuses in KMS’s words', async () => {
    const folder = ground.settle();
    const proxy = ground.open(folder);
    must(await proxy.start(pin()));
    expect(await proxy.kill(ACT)).toMatchObject({ how: 'acknowledged', answer: { restart: 'same', stopped: true } });
    const after = must(await proxy.crash());
    expect(after.latch).toMatchObject({ killed: true, by: ACT.who });
    expect(await encryptCall(await caller(proxy), PLAINTEXT)).toMatchObject({ status: 400 });
    must(await proxy.stop());
    expect((await proxy.snapshot()).latch).toMatchObject({ state: 'killed', by: ACT.who, why: ACT.why });
    expect(must(await proxy.start(pin())).hsm.condition).toBe('killed');
    must(await proxy.stop());
  });

  it('is killed where it runs, though its settings were spoilt meanwhile, and stays so when they are mended', async () => {
    const folder = ground.settle();
    const elsewhere = join(folder, 'elsewhere');
    const environment = () => ({ ...childEnvironment(process.env, ['SOFTHSM2_CONF']), STATE_DIRECTORY: elsewhere });
    const proxy = ground.open(folder, { environment });
    must(await proxy.start(pin()));
    const good = readFileSync(join(folder, 'settings.toml'));
    writeFileSync(join(folder, 'settings.toml'), 'no = [settings');
    expect(await proxy.kill(ACT)).toMatchObject({ how: 'acknowledged' });
    writeFileSync(join(folder, 'settings.toml'), good);
    expect(must(await proxy.crash()).latch).toMatchObject({ killed: true, by: ACT.who });
    must(await proxy.stop());
  });

  it('is killed while its process hangs: that is ended, and the next one comes up killed', async () => {
    const proxy = ground.open(ground.settle());
    const { pid } = must(await proxy.start(pin()));
    process.kill(pid, 'SIGSTOP');
    expect(await proxy.kill(ACT)).toMatchObject({ how: 'forced', pid, problem: '', latch: { isKept: true } });
    expect(isAlive(pid)).toBe(false);
    await isBack(proxy, pid);
    const now = await proxy.snapshot();
    expect(now.latch.state).toBe('killed');
    expect(now.process.pid).not.toBe(pid);
    must(await proxy.stop());
  });

  it('says in the log of its next start who pulled while it was killed and did not run, and no arming undoes it that was meant before', async () => {
    const folder = ground.settle();
    const proxy = ground.open(folder);
    must(await proxy.start(pin()));
    await proxy.kill(ACT);
    const { kills = 0 } = must(await proxy.ask({ verb: 'status' })).latch;
    must(await proxy.stop());
    expect(await proxy.kill({ who: 'night guard', why: 'smoke' })).toMatchObject({ how: 'notRunning', latch: { isKept: true } });
    expect(must(await proxy.start(pin())).latch).toMatchObject({ by: ACT.who, pulls: [{ by: 'night guard', why: 'smoke' }] });
    expect(must(await killsSinceArmed(join(folder, 'audit'))).map(({ who }) => who)).toEqual([ACT.who, 'night guard']);
    expect(codeOf(await proxy.ask({ verb: 'arm', act: ACT, kills }))).toBe('proxy.overtaken');
    must(await proxy.ask({ verb: 'arm', act: ACT }));
    expect(must(await proxy.ask({ verb: 'status' })).latch).not.toHaveProperty('pulls');
    expect(must(await killsSinceArmed(join(folder, 'audit')))).toEqual([]);
    must(await proxy.stop());
  });

  it('ends and replaces a process that hangs', async () => {
    const proxy = ground.open(ground.settle());
    const { pid } = must(await proxy.start(pin()));
    process.kill(pid, 'SIGSTOP');
    await reaches(proxy, 'unresponsive');
    await isBack(proxy, pid);
    expect(isAlive(pid)).toBe(false);
    expect(await thereAndBack(await caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
    must(await proxy.stop());
  });

  it('takes a process back that was frozen for a moment, as by a sleep, and that proves its HSM anew at once', async () => {
    const folder = ground.settle({ pool: 'sessions = 1\nprocesses = 1' });
    change(folder, '[health]\n', '[health]\ninterval_ms = 60000\n');
    const proxy = ground.open(folder);
    const { pid } = must(await proxy.start(pin()));
    const status = async () => must(await proxy.ask({ verb: 'status' }));
    const provenAt = async (): Promise<number> => Date.parse((await status()).health.at ?? '');
    // its one session is open and proven: from here on the next proof is a minute away
    await expect.poll(async () => (await status()).health.state, { timeout: 20_000 }).toBe('ACTIVE');
    process.kill(pid, 'SIGSTOP');
    await reaches(proxy, 'unresponsive');
    const wokeAt = Date.now();
    process.kill(pid, 'SIGCONT');
    await reaches(proxy, 'ready');
    await expect.poll(provenAt, { timeout: 20_000 }).toBeGreaterThanOrEqual(wokeAt);
    expect((await proxy.snapshot()).process).toMatchObject({ pid, restarts: 0 });
    expect(await thereAndBack(await caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
    must(await proxy.stop());
  });

  it.each([
    ['deleted', (latch: string) => rmSync(latch)],
    ['cut short', (latch: string) => truncateSync(latch, 20)],
    ['emptied', (latch: string) => truncateSync(latch, 0)],
    ['one of another program', (latch: string) => writeFileSync(latch, '{"state":"armed"}')],
  ])('counts a latch file that was %s as killed, before it starts and after', async (_, spoil) => {
    const folder = ground.settle();
    const proxy = ground.open(folder);
    must(await proxy.start(pin()));
    must(await proxy.stop());
    spoil(join(folder, 'state', 'latch.json'));
    const { latch } = await proxy.snapshot();
    expect(latch.state).toBe('unknown');
    expect(latch.problem).toMatch(/latch/);
    const { latch: came } = must(await proxy.start(pin()));
    expect(came.killed).toBe(true);
    must(await proxy.stop());
  });

  it('does not start beside another program’s proxy, kills it all the same, and is free again when that one is gone', async () => {
    const folder = ground.settle();
    const first = ground.open(folder);
    const { pid } = must(await first.start(pin()));
    const second = ground.open(folder);
    await reaches(second, 'attached');
    expect(codeOf(await second.start(pin()))).toBe('proxy.othersProcess');
    expect(codeOf(await second.stop())).toBe('proxy.othersProcess');
    expect(await second.kill(ACT)).toMatchObject({ how: 'acknowledged', answer: { pid } });
    expect(await first.snapshot()).toMatchObject({ process: { phase: 'ready' } });
    must(await first.stop());
    await reaches(second, 'stopped');
    expect((await second.snapshot()).latch.state).toBe('killed');
  });

  it('starts again what ran when its program ended, where no person has to enter a PIN', async () => {
    const folder = ground.settle();
    const first = ground.open(folder, { practicePin: () => pin() });
    must(await first.start(null));
    await first.close();
    const second = ground.open(folder, { practicePin: () => pin() });
    await second.resume();
    expect(await phaseOf(second)).toBe('ready');
    must(await second.stop());
    const third = ground.open(folder, { practicePin: () => pin() });
    await third.resume();
    expect(await phaseOf(third)).toBe('stopped');
  });

  it('answers over its socket what it is asked', async () => {
    const folder = ground.settle();
    const proxy = ground.open(folder);
    must(await proxy.start(pin()));
    expect(must(await proxy.ask({ verb: 'block', key: 'bench-0000', act: ACT }))).toMatchObject({ isConfigured: true });
    expect(must(await ask(join(folder, 'state'), { verb: 'status' }, { timeoutMs: 10_000 })).latch.blocked).toEqual([
      'bench-0000',
    ]);
    must(await proxy.stop());
  });
});

function auditFile(folder: string): string {
  const [name = ''] = readdirSync(join(folder, 'audit')).filter((each) => each.endsWith('.jsonl'));
  return name;
}
