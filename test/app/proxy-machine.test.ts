import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endApp, expect, launchApp, test, type RunningApp } from './launch';
import { asKms, proxyToken, setUpProxy, snapshotOf, startProxy, type Token } from './proxy-ground';

let token: Token | null = null;
test.beforeAll(() => {
  token = proxyToken();
});
test.afterAll(() => token?.remove());

/** The app on its Proxy screen, with a proxy that serves. */
async function serving(data: string): Promise<RunningApp> {
  const app = await launchApp({ data });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  await app.page.getByRole('link', { name: /^Proxy/ }).click();
  await expect(app.page.getByRole('heading', { name: 'Serving', exact: true })).toBeVisible();
  return app;
}

/** The same process serves as before, and nothing was counted against it. */
async function expectUndisturbed(app: RunningApp, pid: number | null): Promise<void> {
  await expect.poll(async () => (await snapshotOf(app)).process.phase).toBe('ready');
  expect((await snapshotOf(app)).process).toMatchObject({ pid, restarts: 0 });
  expect(await asKms(await snapshotOf(app))).toBe('ok');
}

test('a sleep that the system announces, and a clock that was set, are told, and the proxy serves on', async ({ data }) => {
  setUpProxy(data, token!);
  const app = await serving(data);
  const { pid } = (await snapshotOf(app)).process;
  await app.electron.evaluate(({ powerMonitor, Notification }) => {
    const seen = globalThis as unknown as { notices: string[] };
    seen.notices = [];
    // A machine for tests has nobody to show notices to.
    Notification.isSupported = () => true;
    Notification.prototype.show = function (this: Electron.Notification) {
      seen.notices.push(this.title);
    };
    powerMonitor.emit('suspend');
  });
  await app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await expect(app.page.getByText(/^This machine slept or stood still for \d+ s: nobody was answered/)).toBeVisible();
  await expectUndisturbed(app, pid);

  await app.electron.evaluate(() => {
    const real = Date.now;
    Date.now = () => real() + 480_000;
  });
  await expect(app.page.getByText(/^The clock of this machine went forward by 8 min\. Check it/)).toBeVisible();
  await expectUndisturbed(app, pid);
  const notices = () => app.electron.evaluate(() => (globalThis as unknown as { notices: string[] }).notices);
  await expect.poll(notices).toEqual(['This machine slept or stood still', 'The clock of this machine went forward by 480 s']);
  await app.page.getByRole('tab', { name: 'Condition' }).click();
  await expect(app.page.getByRole('heading', { name: 'This machine' })).toBeVisible();
  await endApp(app);
  const numbers = readFileSync(join(data, 'logs', 'keyrite.log'), 'utf8').match(/"log":15(07|08|10|11)/g);
  expect(numbers).toEqual(['"log":1507', '"log":1508', '"log":1510', '"log":1511']);
});

test('an address that the proxy listens on is missed as long as it is gone', async ({ data }) => {
  const settings = join(setUpProxy(data, token!), 'settings.toml');
  const app = await serving(data);
  const { pid } = (await snapshotOf(app)).process;
  const missed = app.page.getByText('This machine has no address 192.0.2.77 now');
  expect(await missed.count()).toBe(0);
  // What the machine has now is what it lacks: the settings are read with every look.
  const text = readFileSync(settings, 'utf8');
  writeFileSync(settings, text.replace('ip = "127.0.0.1"', 'ip = "192.0.2.77"'), { mode: 0o600 });
  await expect(missed).toBeVisible();
  await app.electron.evaluate(() => {
    const os = process.getBuiltinModule('node:os');
    const real = os.networkInterfaces;
    const plugged = { address: '192.0.2.77', netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false, cidr: null };
    os.networkInterfaces = () => ({ ...real(), plugged: [plugged as never] });
    process.getBuiltinModule('node:module').syncBuiltinESMExports();
  });
  await expect(missed).toBeHidden();
  await app.page.getByRole('tab', { name: 'Condition' }).click();
  await expect(app.page.getByText(/^This machine got .*192\.0\.2\.77/)).toBeVisible();
  await expectUndisturbed(app, pid);
  await endApp(app);
});

test('an app that was frozen with its proxy, as in a paused machine, ends nothing and says for how long', async ({ data }) => {
  test.skip(process.platform !== 'linux', 'Only Linux lets a test freeze the whole app.');
  setUpProxy(data, token!);
  const app = await serving(data);
  const { pid } = (await snapshotOf(app)).process;
  // Playwright starts the app as the head of a group of its own.
  const group = -(app.process.pid ?? 0);
  process.kill(group, 'SIGSTOP');
  // Not waited for: it is what happens. Longer than a proxy that hangs would be given.
  await pause(8_000);
  process.kill(group, 'SIGCONT');
  await expect(app.page.getByText(/^This machine slept or stood still for \d+ s: nobody was answered/)).toBeVisible();
  await expectUndisturbed(app, pid);
  await endApp(app);
});
