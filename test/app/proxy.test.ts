import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KillOutcome } from '../../core/contract/proxy-values';
import type { ProxySelfTest } from '../../core/contract/proxy-self-test';
import type { ProxyLive } from '../../core/contract/proxy-live';
import { buildFaultyModule, hasCompiler, type FaultyModule } from '../softhsm/faulty-module/build';
import { endApp, expect, launchApp, test, type RunningApp } from './launch';
import { asKms, KEY, proxyCall, proxyToken, setUpProxy, snapshotOf, startProxy, USER_PIN, type Token } from './proxy-ground';

let token: Token | null = null;
test.beforeAll(() => {
  token = proxyToken();
});
test.afterAll(() => token?.remove());

const ready = (data: string): string => setUpProxy(data, token!);

/** Processes of this machine that were started with `word` in their command line, zombies left out. */
function isAlive(pid: number): boolean {
  try {
    return !/^[ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, ''));
  } catch {
    return false;
  }
}

/** The HSM processes of the app, as it counts them. */
const hsmPids = (app: RunningApp): Promise<number[]> =>
  app.electron.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name }) => name === 'Keyrite HSM')
      .map(({ pid }) => pid),
  );

/** A proxy over a module that misbehaves as it is told. */
function overFaultyModule(data: string): FaultyModule {
  const folder = ready(data);
  const module = buildFaultyModule(data, token!.module);
  const settings = join(folder, 'settings.toml');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace(token!.module, module.path), { mode: 0o600 });
  return module;
}

test('a station without a proxy says so, and starts nothing', async ({ app }) => {
  expect(await snapshotOf(app)).toMatchObject({ isSetUp: false, status: null, process: { phase: 'stopped' } });
  expect(await proxyCall(app, 'start', { pin: null })).toMatchObject({ ok: false, error: { code: 'proxy.notSetUp' } });
});

test('the proxy runs in the app: starts with the PIN, serves KMS, tests itself, is blocked, killed and stays killed', async ({
  data,
}) => {
  ready(data);
  const app = await launchApp({ data });
  expect(await startProxy(app, '99999999')).toMatchObject({ ok: false, error: { code: 'proxy.loginRefused' } });
  const started = await startProxy(app);
  expect(started).toMatchObject({ ok: true, value: { rehearsal: true, process: { phase: 'ready' }, latch: { state: 'armed' } } });
  const serving = await snapshotOf(app);
  expect(await asKms(serving)).toBe('ok');

  const report = await proxyCall<ProxySelfTest>(app, 'selfTest');
  expect(report).toMatchObject({ ok: true, value: { isReached: true } });
  expect(JSON.stringify(report)).not.toContain('FirstSecret');
  const live = await proxyCall<ProxyLive>(app, 'live', { since: 0 });
  expect(live.ok && live.value.requests.length).toBeGreaterThan(10);

  expect(await proxyCall(app, 'block', { key: KEY, why: 'to see' })).toMatchObject({ ok: true });
  expect(await asKms(await snapshotOf(app))).not.toBe('ok');
  expect(await proxyCall(app, 'unblock', { key: KEY, why: 'seen' })).toMatchObject({ ok: true });
  expect(await proxyCall(app, 'unblock', { key: KEY, why: 'seen', who: 'Ada' })).toMatchObject({
    error: { code: 'input.invalid' },
  });
  expect(await asKms(await snapshotOf(app))).toBe('ok');
  expect(await proxyCall(app, 'reload')).toMatchObject({ ok: true });

  const killed = await proxyCall<KillOutcome>(app, 'kill', { why: 'a drill' });
  expect(killed).toMatchObject({ ok: true, value: { how: 'acknowledged', problem: '' } });
  expect(await asKms(await snapshotOf(app))).not.toBe('ok');
  expect(await proxyCall(app, 'stop')).toMatchObject({
    ok: true,
    value: { process: { phase: 'stopped' }, latch: { state: 'killed' } },
  });
  await endApp(app);
  const log = readFileSync(join(data, 'logs', 'keyrite.log'), 'utf8');
  expect(log).not.toContain(USER_PIN);

  const again = await launchApp({ data });
  expect(await snapshotOf(again)).toMatchObject({ latch: { state: 'killed', why: 'a drill' } });
  expect(await startProxy(again)).toMatchObject({ ok: true, value: { latch: { state: 'killed' }, process: { phase: 'ready' } } });
  await endApp(again);
});

test('the menu kills without a question, and the shortcut is registered or its absence said', async ({ data }) => {
  ready(data);
  const app = await launchApp({ data });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  await app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('kill')!.click());
  await expect.poll(async () => (await snapshotOf(app)).latch).toMatchObject({ state: 'killed', why: 'from the menu' });
  const { switches } = await snapshotOf(app);
  const isRegistered = await app.electron.evaluate(
    ({ globalShortcut }, keys) => globalShortcut.isRegistered(keys),
    switches.shortcut,
  );
  expect(isRegistered).toBe(switches.isShortcutOn);
  expect(await app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('kill')!.accelerator)).toBe(
    switches.shortcut,
  );
  await endApp(app);
});

test('the tray shows the state in words and kills without a question', async ({ data }) => {
  ready(data);
  const app = await launchApp({ data });
  await app.electron.evaluate(({ Tray }) => {
    const seen = globalThis as unknown as { trayMenu: unknown; trayTip: unknown };
    const hear = (name: string, keep: (value: unknown) => void): void => {
      const original = Object.getOwnPropertyDescriptor(Tray.prototype, name)!.value as (value: unknown) => void;
      Object.defineProperty(Tray.prototype, name, {
        value: function (this: Electron.Tray, value: unknown) {
          keep(value);
          original.call(this, value);
        },
      });
    };
    hear('setContextMenu', (menu) => (seen.trayMenu = menu));
    hear('setToolTip', (text) => (seen.trayTip = text));
  });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  const trayTip = () => app.electron.evaluate(() => (globalThis as unknown as { trayTip: string }).trayTip);
  await expect.poll(trayTip).toBe('Keyrite: Proxy: serving');
  await app.electron.evaluate(() => {
    const { trayMenu } = globalThis as unknown as { trayMenu: Electron.Menu };
    trayMenu.getMenuItemById('kill')!.click();
  });
  await expect.poll(trayTip).toContain('KILLED');
  expect((await snapshotOf(app)).latch).toMatchObject({ state: 'killed', why: 'from the tray' });
  await endApp(app);
});

test('the proxy and its HSM processes end with the app, however it ends, and come back as they were', async ({ data }) => {
  ready(data);
  const app = await launchApp({ data });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  const { process: running } = await snapshotOf(app);
  const pids = await app.electron.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name }) => name === 'Keyrite XKS proxy' || name === 'Keyrite HSM')
      .map(({ pid }) => pid),
  );
  expect(pids).toContain(running.pid);
  expect(pids.length).toBe(3);
  await endApp(app);
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  expect(existsSync(join(data, 'proxy', 'state', 'latch.json'))).toBe(true);
  const again = await launchApp({ data });
  expect((await snapshotOf(again)).latch.state).toBe('armed');
  await endApp(again);
});

test('a proxy that crashes in the app serves again without a person', async ({ data }) => {
  ready(data);
  const app = await launchApp({ data });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  const before = await snapshotOf(app);
  const hsm = await hsmPids(app);
  process.kill(before.process.pid!, 'SIGKILL');
  await expect
    .poll(async () => {
      const { process: now, status } = await snapshotOf(app);
      return now.pid !== before.process.pid && now.phase === 'ready' && (status?.hsm.sessions.ready ?? 0) > 0;
    })
    .toBe(true);
  expect(await asKms(await snapshotOf(app))).toBe('ok');
  expect(hsm.filter(isAlive)).toEqual([]);
  await endApp(app);
});

for (const [where, call] of [
  ['an operation', 'C_Encrypt'],
  ['its login', 'C_Login'],
] as const) {
  test(`HSM processes end with the app also while the library hangs in ${where}`, async ({ data }) => {
    test.skip(!hasCompiler, 'There is no C compiler for the module that hangs.');
    const module = overFaultyModule(data);
    const app = await launchApp({ data });
    if (call === 'C_Encrypt') {
      expect(await startProxy(app)).toMatchObject({ ok: true });
      const serving = await snapshotOf(app);
      module.faults(`${call} hang`);
      void asKms(serving).catch(() => undefined);
    } else {
      module.faults(`${call} hang`);
      void startProxy(app).catch(() => undefined);
    }
    const before = module.calls(call);
    await expect.poll(() => module.calls(call)).toBeGreaterThan(call === 'C_Login' ? 0 : before);
    const pids = await hsmPids(app);
    expect(pids.length).toBeGreaterThan(0);
    await endApp(app);
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });
}

test('a kill in the app does not wait for an HSM that hangs, and ends its processes', async ({ data }) => {
  test.skip(!hasCompiler, 'There is no C compiler for the module that hangs.');
  const module = overFaultyModule(data);
  const app = await launchApp({ data });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  const pids = await hsmPids(app);
  expect(pids.length).toBe(2);
  module.faults('C_Encrypt hang');
  const hanging = asKms(await snapshotOf(app));
  await expect.poll(() => module.calls('C_Encrypt')).toBeGreaterThan(0);
  expect(await proxyCall<KillOutcome>(app, 'kill', { why: 'it hangs' })).toMatchObject({
    ok: true,
    value: { how: 'acknowledged' },
  });
  expect(await hanging).not.toBe('ok');
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  expect((await snapshotOf(app)).latch.state).toBe('killed');
  await endApp(app);
});
