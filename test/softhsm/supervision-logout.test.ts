import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ProxyStatus } from '../../core/contract/proxy-status';
import { errorNameOf } from '../../core/as-kms/exchange';
import { ask } from '../../core/control/ask';
import type { SupervisedProxy } from '../../core/supervision/station-proxy';
import { PIN } from '../bench/xks/token.mjs';
import { isAlive } from './alive';
import { hasSoftHsm, must } from './ground';
import { encryptCall, kms, thereAndBack } from './service-ground';
import { ACT, codeOf, pin, supervisedGround, type SupervisedGround } from './supervised-ground';

const PLAINTEXT = new Uint8Array(32).fill(0x5a);
const SOON = { timeoutMs: 10_000 };

describe.skipIf(!hasSoftHsm)('a supervised proxy that a person logs out of its token', () => {
  let ground: SupervisedGround;

  beforeAll(async () => {
    ground = await supervisedGround();
  });
  afterAll(() => ground.remove());

  async function caller(proxy: SupervisedProxy) {
    const { status } = await proxy.snapshot();
    const opened = kms(Number(/:(\d+)$/.exec(status?.listeners[0]?.address ?? '')?.[1]));
    onTestFinished(() => opened.close());
    return opened;
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const hsmOf = async (proxy: SupervisedProxy): Promise<ProxyStatus['hsm'] | undefined> => (await proxy.snapshot()).status?.hsm;

  function audit(folder: string): string {
    const files = readdirSync(join(folder, 'audit')).filter((each) => each.endsWith('.jsonl'));
    return files.map((name) => readFileSync(join(folder, 'audit', name), 'utf8')).join('');
  }

  /** Every session is logged in: a process that is ended while SoftHSM writes its token at a login leaves that file empty. */
  const whole = (proxy: SupervisedProxy): Promise<void> => until(async () => (await hsmOf(proxy))?.condition === 'serving');

  /** One that serves, with its PIN from a person. */
  async function serving(
    folder: string = ground.settle(),
  ): Promise<{ readonly proxy: SupervisedProxy; readonly folder: string }> {
    const proxy = ground.open(folder);
    must(await proxy.start(pin()));
    await whole(proxy);
    return { proxy, folder };
  }

  it('has no session, wants its PIN, and serves again with it alone', async () => {
    const { proxy, folder } = await serving();
    must(await proxy.logOut({ who: 'ada', why: 'the card is gone' }));
    expect(await hsmOf(proxy)).toMatchObject({ condition: 'loggedOut', sessions: { ready: 0 } });
    expect(await proxy.snapshot()).toMatchObject({ needsPin: true, process: { phase: 'ready' }, latch: { state: 'armed' } });
    expect(errorNameOf(await encryptCall(await caller(proxy), PLAINTEXT))).toBe('InvalidStateException');
    expect((await proxy.standstill())?.code).toBe('proxy.loggedOut');
    expect(codeOf(await proxy.login(ACT, null))).toBe('proxy.pinNeeded');
    expect(audit(folder)).toMatch(/"actor":"ada".*"the card is gone".*"type":"loggedOut"/);
    const given = pin();
    must(await proxy.login(ACT, given));
    await whole(proxy);
    expect([...given].every((byte) => byte === 0)).toBe(true);
    expect(await thereAndBack(await caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
    // kept for the next crash, as after a start
    must(await proxy.crash());
    await whole(proxy);
    expect(await thereAndBack(await caller(proxy), PLAINTEXT)).toEqual(PLAINTEXT);
    must(await proxy.stop());
  });

  it('tries a wrong PIN once, forgets it, and takes the right one', async () => {
    const { proxy } = await serving();
    must(await proxy.logOut(ACT));
    expect(codeOf(await proxy.login(ACT, pin('00000000')))).toBe('proxy.loginRefused');
    expect(await proxy.snapshot()).toMatchObject({ needsPin: true });
    expect((await hsmOf(proxy))?.counts.loginsRefused).toBe(1);
    must(await proxy.login(ACT, pin()));
    await whole(proxy);
    must(await proxy.stop());
  });

  it('is not logged in by a crash, a start without a person, or a new program around it', async () => {
    const { proxy, folder } = await serving();
    must(await proxy.logOut(ACT));
    expect((await proxy.crash()).ok).toBe(false);
    expect(await proxy.snapshot()).toMatchObject({ needsPin: true, process: { phase: 'failed' } });
    await proxy.close();
    const practice = ground.open(folder, { practicePin: () => pin() });
    await practice.resume();
    await until(async () => (await hsmOf(practice)) !== undefined);
    expect(await hsmOf(practice)).toMatchObject({ condition: 'loggedOut', loggedOut: 'before', counts: { logins: 0 } });
    expect(codeOf(await practice.start(null))).toBe('proxy.loggedOut');
    must(await practice.stop());
    const next = ground.open(folder);
    must(await next.start(pin()));
    await whole(next);
    expect(await thereAndBack(await caller(next), PLAINTEXT)).toEqual(PLAINTEXT);
    must(await next.stop());
  });

  it('has its PIN forgotten by its supervisor also where the terminal logged it out', async () => {
    const { proxy, folder } = await serving();
    const told = must(await ask(join(folder, 'state'), { verb: 'logout', act: ACT }, SOON));
    expect(told).toMatchObject({ isKept: true, recorded: true });
    expect(told.sessions).toBeGreaterThan(0);
    await until(async () => (await proxy.snapshot()).needsPin);
    must(await ask(join(folder, 'state'), { verb: 'login', act: ACT, pin: pin() }, SOON));
    await whole(proxy);
    must(await proxy.stop());
  });

  it('is logged out when it is killed, takes its PIN while it is, and logs in when it is armed', async () => {
    const { proxy } = await serving();
    await proxy.kill(ACT);
    must(await proxy.logOut(ACT));
    expect(await hsmOf(proxy)).toMatchObject({ condition: 'killed', loggedOut: 'now' });
    must(await proxy.ask({ verb: 'arm', act: ACT }));
    expect(await hsmOf(proxy)).toMatchObject({ condition: 'loggedOut', sessions: { ready: 0 } });
    await proxy.kill(ACT);
    must(await proxy.login(ACT, pin()));
    expect(await hsmOf(proxy)).toMatchObject({ condition: 'killed', loggedOut: 'no', sessions: { ready: 0 } });
    must(await proxy.ask({ verb: 'arm', act: ACT }));
    await whole(proxy);
    must(await proxy.stop());
  });

  it('forgets a wrong PIN that was given while it was killed as soon as the arming has it refused', async () => {
    const { proxy } = await serving();
    await proxy.kill(ACT);
    must(await proxy.logOut(ACT));
    must(await proxy.login(ACT, pin('00000000')));
    expect(await proxy.snapshot()).toMatchObject({ needsPin: false });
    must(await proxy.ask({ verb: 'arm', act: ACT }));
    await until(async () => (await proxy.snapshot()).needsPin);
    expect(await hsmOf(proxy)).toMatchObject({ condition: 'loginRefused', counts: { loginsRefused: 1 } });
    must(await proxy.login(ACT, pin()));
    await whole(proxy);
    must(await proxy.stop());
  });

  it('is logged out from beside another program’s proxy, which keeps the PIN of neither', async () => {
    const { proxy: first, folder } = await serving();
    const second = ground.open(folder);
    await until(async () => (await second.snapshot()).process.phase === 'attached');
    must(await second.logOut(ACT));
    expect(await hsmOf(second)).toMatchObject({ condition: 'loggedOut' });
    must(await second.login(ACT, pin()));
    await whole(second);
    must(await first.stop());
  });

  it('is ended where it does not say that it did so, and starts by a person alone', async () => {
    const { proxy } = await serving();
    const pid = (await proxy.snapshot()).process.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    must(await proxy.logOut(ACT));
    expect(isAlive(pid)).toBe(false);
    expect(await proxy.snapshot()).toMatchObject({ needsPin: true, process: { phase: 'stopped' } });
    must(await proxy.start(pin()));
    await whole(proxy);
    must(await proxy.stop());
  });

  it('leaves its PIN in no file', async () => {
    const { proxy, folder } = await serving();
    must(await proxy.logOut(ACT));
    must(await proxy.login(ACT, pin()));
    await whole(proxy);
    must(await proxy.stop());
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && entry.name !== 'pin',
    );
    const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    for (const form of [PIN, Buffer.from(PIN).toString('base64').replace(/=+$/, '')])
      expect(texts.some((text) => text.includes(form))).toBe(false);
    expect(texts.some((text) => text.includes('loginRetried'))).toBe(true);
  });
});
