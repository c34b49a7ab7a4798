import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ALL_CASES } from '../../core/as-kms/cases/all';
import type { Caller } from '../../core/as-kms/caller';
import { errorNameOf } from '../../core/as-kms/exchange';
import { verifyAudit } from '../../core/pack/verify-audit';
import type { RunningProxy } from '../../proxy/run/start';
import { issue } from '../core/as-kms/certificates';
import { run, testOf } from '../core/as-kms/run-against';
import { buildEntries, type BuiltEntries } from './build-child';
import { hasSoftHsm } from './ground';
import {
  encryptCall,
  FIRST,
  isServing,
  kms,
  KEY,
  makeServiceToken,
  OTHER_KEY,
  REGION,
  SECOND,
  startService,
  thereAndBack,
  until,
  writeServiceSettings,
  type Pair,
  type Token,
  type Wanted,
} from './service-ground';

const ACT = { who: 'a test', why: 'to see' };
const PLAINTEXT = new Uint8Array(32).fill(0x5a);

describe.skipIf(!hasSoftHsm)('the whole proxy over SoftHSM', () => {
  let built: BuiltEntries;
  let token: Token;
  let count = 0;

  beforeAll(async () => {
    built = await buildEntries({ 'hsm-process': 'proxy/hsm/process/main.ts' });
    token = makeServiceToken();
  });

  afterAll(async () => {
    token.remove();
    await built.remove();
  });

  /** A proxy with a folder of its own, serving; `rewrite` writes its settings anew and reloads them. */
  async function serve(wanted: Wanted = {}) {
    const folder = join(token.folder, `service-${(count += 1)}`);
    const file = writeServiceSettings(token, folder, wanted);
    const proxy = await startService(file, built.path('hsm-process'));
    onTestFinished(() => proxy.stop());
    await until(() => isServing(proxy));
    const rewrite = async (next: Wanted) => {
      writeServiceSettings(token, folder, next);
      return proxy.handlers.reload(ACT);
    };
    return { proxy, folder, file, rewrite };
  }

  function caller(proxy: RunningProxy, pair: Pair = FIRST, scheme: 'http' | 'https' = 'http', ca = ''): Caller {
    const opened = kms(proxy.server.port, pair, scheme, ca);
    onTestFinished(() => opened.close());
    return opened;
  }

  /** Calls without a pause, four at a time, until it is told to stop; answers how many went right and what went wrong. */
  function load(callers: () => Caller) {
    let isOver = false;
    const wrong: string[] = [];
    let right = 0;
    const one = async (): Promise<void> => {
      while (!isOver) {
        const came = await thereAndBack(callers(), PLAINTEXT);
        if (typeof came === 'string') wrong.push(came);
        else right += 1;
      }
    };
    const loops = [one(), one(), one(), one()];
    return {
      /** resolves when so many more calls went right, or something went wrong */
      more: async (calls: number) => {
        const wanted = right + calls;
        await until(() => right >= wanted || wrong.length > 0);
      },
      stop: async () => {
        isOver = true;
        await Promise.all(loops);
        return { right, wrong };
      },
    };
  }

  it('passes every case of the test as KMS sees it', async () => {
    const { proxy } = await serve();
    const opened = caller(proxy);
    const url = `http://127.0.0.1:${proxy.server.port}`;
    const report = await run(testOf(url, { store: opened.store, keyId: KEY, cases: ALL_CASES }));
    const trouble = report.cases.filter(({ outcome }) => outcome === 'fails' || outcome === 'untested');
    expect(trouble.map(({ name, seen }) => `${name}: ${seen}`)).toEqual([]);
  });

  it('answers every request while credentials, policies and settings are exchanged', async () => {
    const policy = join(token.folder, 'policy.cedar');
    writeFileSync(policy, '@id("everybody") permit (principal, action, resource);', { mode: 0o600 });
    const { proxy, rewrite } = await serve();
    let current = caller(proxy, FIRST);
    const next = caller(proxy, SECOND);
    const running = load(() => current);
    await running.more(20);
    expect((await rewrite({ credentials: [FIRST, SECOND] })).ok).toBe(true);
    current = next;
    await running.more(20);
    expect((await rewrite({ credentials: [SECOND] })).ok).toBe(true);
    await running.more(20);
    expect((await rewrite({ credentials: [SECOND], policyFile: policy })).ok).toBe(true);
    await running.more(20);
    expect((await rewrite({ credentials: [SECOND], more: '[limits]\nmax_plaintext_in_base64 = 9000' })).ok).toBe(true);
    await running.more(20);
    const { right, wrong } = await running.stop();
    expect(wrong).toEqual([]);
    expect(right).toBeGreaterThanOrEqual(100);
    const old = await encryptCall(caller(proxy, FIRST), PLAINTEXT);
    expect(errorNameOf(old)).toBe('AuthenticationFailedException');
  });

  it.each(['lock', 'control.sock'])('kills itself when somebody removes %s: keyrite kill would not find it', async (name) => {
    const { proxy, folder } = await serve();
    rmSync(join(folder, 'state', name));
    await until(() => proxy.handlers.status().latch.killed);
    expect(proxy.handlers.status().latch).toMatchObject({ by: 'keyrite', why: expect.stringContaining(name) });
    expect(errorNameOf(await encryptCall(caller(proxy), PLAINTEXT))).toBe('InvalidStateException');
  });

  it('answers every request while its certificate is exchanged, and shows the new one from then on', async () => {
    const root = issue({ commonName: 'Test Root', isAuthority: true });
    const tls = { certificateFile: join(token.folder, 'cert.pem'), keyFile: join(token.folder, 'key.pem') };
    const put = (commonName: string) => {
      const made = issue({ commonName, dnsNames: ['localhost'], issuer: root });
      writeFileSync(tls.certificateFile, made.certPem);
      writeFileSync(tls.keyFile, made.keyPem, { mode: 0o600 });
    };
    put('before.example');
    const { proxy, rewrite } = await serve({ tls });
    const opened = caller(proxy, FIRST, 'https', root.certPem);
    const running = load(() => opened);
    await running.more(10);
    expect(await subjectOf(proxy.server.port, root.certPem)).toBe('before.example');
    put('after.example');
    expect((await rewrite({ tls })).ok).toBe(true);
    expect(await subjectOf(proxy.server.port, root.certPem)).toBe('after.example');
    await running.more(10);
    expect((await running.stop()).wrong).toEqual([]);
  });

  it('keeps all that was good when a reload is bad, and says why', async () => {
    const { proxy, file, rewrite } = await serve();
    const broken = join(token.folder, 'broken.cedar');
    writeFileSync(broken, 'permit (principal, action, resource) when { context.nonsense };', { mode: 0o600 });
    const policy = await rewrite({ credentials: [SECOND], policyFile: broken });
    expect(policy.ok || policy.error.code).toBe('proxy.reloadRefused');
    writeFileSync(file, 'this is [ no TOML');
    const toml = await proxy.handlers.reload(ACT);
    expect(toml.ok || toml.error.detail['problem']).toMatch(/TOML/i);
    expect(proxy.handlers.status().lastReload).toMatchObject({ ok: false });
    expect(await thereAndBack(caller(proxy, FIRST), PLAINTEXT)).toEqual(PLAINTEXT);
  });

  it('says what a reload changed and what only a restart would', async () => {
    const { rewrite } = await serve();
    const done = await rewrite({ credentials: [FIRST, SECOND], pool: 'sessions = 2\nprocesses = 1' });
    expect(done).toMatchObject({ ok: true, value: { changed: [`credentials of default: + ${SECOND.accessKeyId}`] } });
    expect(done.ok && done.value.needsRestart.join()).toContain('[pool]');
  });

  it('refuses a killed key store and a blocked key, and serves again after arming and unblocking', async () => {
    const { proxy } = await serve();
    const opened = caller(proxy);
    await proxy.handlers.block(KEY, ACT);
    expect(errorNameOf(await encryptCall(opened, PLAINTEXT))).toBe('InvalidStateException');
    expect(await thereAndBack(opened, PLAINTEXT, OTHER_KEY)).toEqual(PLAINTEXT);
    expect((await proxy.handlers.unblock(KEY, ACT)).ok).toBe(true);
    expect(await thereAndBack(opened, PLAINTEXT)).toEqual(PLAINTEXT);

    const killed = await proxy.handlers.kill(ACT);
    expect(killed).toMatchObject({ restart: 'same', sessions: 4 });
    await until(() => proxy.handlers.status().hsm.sessions.ready === 0);
    expect(errorNameOf(await encryptCall(opened, PLAINTEXT))).toBe('InvalidStateException');
    expect(proxy.handlers.status().health.state).toBe('UNAVAILABLE');
    expect((await proxy.handlers.arm(ACT)).ok).toBe(true);
    await until(() => isServing(proxy));
    expect(await thereAndBack(opened, PLAINTEXT)).toEqual(PLAINTEXT);
  });

  it('stays killed when it is started again, and when its latch was lost', async () => {
    const { proxy, folder, file } = await serve();
    await proxy.handlers.kill(ACT);
    await proxy.stop();
    const again = await startService(file, built.path('hsm-process'));
    expect(again.handlers.status().latch).toMatchObject({ killed: true, by: ACT.who, why: ACT.why });
    expect(errorNameOf(await encryptCall(caller(again), PLAINTEXT))).toBe('InvalidStateException');
    expect((await again.handlers.arm(ACT)).ok).toBe(true);
    await again.stop();
    rmSync(join(folder, 'state', 'latch.json'));
    const lost = await startService(file, built.path('hsm-process'));
    onTestFinished(() => lost.stop());
    expect(lost.handlers.status().latch.killed).toBe(true);
    expect(lost.handlers.status().latch.problem).not.toBe('');
  });

  it('logs in once with a wrong PIN, and again only when a person says so', async () => {
    const folder = join(token.folder, `service-${(count += 1)}`);
    const file = writeServiceSettings(token, folder);
    const right = readFileSync(join(folder, 'pin'));
    writeFileSync(join(folder, 'pin'), '99999999', { mode: 0o600 });
    const proxy = await startService(file, built.path('hsm-process'));
    onTestFinished(() => proxy.stop());
    await until(() => proxy.handlers.status().hsm.condition === 'loginRefused');
    expect(proxy.handlers.status().hsm.counts.loginsRefused).toBe(1);
    expect(errorNameOf(await encryptCall(caller(proxy), PLAINTEXT))).toBe('InternalException');
    expect(proxy.handlers.status().hsm.counts.loginsRefused).toBe(1);
    writeFileSync(join(folder, 'pin'), right, { mode: 0o600 });
    expect((await proxy.handlers.login(ACT, null)).ok).toBe(true);
    await until(() => isServing(proxy));
    expect(await thereAndBack(caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
  });

  it('records every request in a chain that verifies, and leaves no secret in any file', async () => {
    const { proxy, folder } = await serve();
    const opened = caller(proxy);
    const secretText = 'canary-plaintext-canary-plaintext';
    const plaintext = new TextEncoder().encode(secretText);
    expect(await thereAndBack(opened, plaintext)).toEqual(plaintext);
    await proxy.handlers.kill(ACT);
    await proxy.stop();
    const check = await verifyAudit(join(folder, 'audit'));
    expect(check).toMatchObject({ exitCode: 0 });
    const written = ['audit', 'state'].flatMap((name) =>
      readdirSync(join(folder, name)).map((entry) => readFileSync(join(folder, name, entry), 'latin1')),
    );
    const canaries = [secretText, Buffer.from(plaintext).toString('base64'), FIRST.secret, '10203040'];
    for (const canary of canaries) expect(written.some((text) => text.includes(canary))).toBe(false);
    expect(written.join('\n')).toContain('"api":"Encrypt"');
  });

  it('names a key of its settings that is not on the token, in its status, and the path of each key store', async () => {
    const { proxy } = await serve();
    expect(proxy.handlers.status().stores).toMatchObject([{ name: 'default', uriPath: '/kms/xks/v1', region: REGION }]);
    await until(() => proxy.handlers.status().keys.problems.length > 0);
    expect(proxy.handlers.status().keys).toMatchObject({ named: 3, problems: [{ key: 'no-such-key' }] });
  });

  it('says what it cannot listen on, and that trying again may help', async () => {
    const { proxy, file } = await serve();
    const taken = readFileSync(file, 'utf8').replace('port = 0', `port = ${proxy.server.port}`);
    const other = join(token.folder, `service-${(count += 1)}`);
    const busy = writeServiceSettings(token, other);
    writeFileSync(busy, taken.replaceAll(/service-\d+/g, basename(other)));
    await expect(startService(busy, built.path('hsm-process'))).rejects.toThrow(/listening.*EADDRINUSE/);
  });

  it('does not start twice on one state folder', async () => {
    const { file } = await serve();
    await expect(startService(file, built.path('hsm-process'))).rejects.toThrow('proxy.alreadyRunning');
  });
});

function subjectOf(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: 'localhost', servername: 'localhost', ca }, () => {
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      resolve(String(CN));
    });
    socket.once('error', reject);
  });
}
