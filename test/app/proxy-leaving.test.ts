import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { appCommand, endApp, expect, launchApp, test, type RunningApp } from './launch';
import { proxyToken, setUpProxy, snapshotOf, startProxy, type Token } from './proxy-ground';

let token: Token | null = null;
test.beforeAll(() => {
  token = proxyToken();
});
test.afterAll(() => token?.remove());

/** Answers the app's questions with the button of this label, and keeps what was asked. */
async function answerWith(app: RunningApp, label: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, wanted) => {
    const seen = globalThis as unknown as { asked: string[] };
    seen.asked = [];
    dialog.showMessageBox = (...args: unknown[]) => {
      const { title, buttons } = args.at(-1) as { title: string; buttons: string[] };
      seen.asked.push(title);
      return Promise.resolve({ response: buttons.indexOf(wanted), checkboxChecked: false });
    };
  }, label);
}

const asked = (app: RunningApp): Promise<string[]> =>
  app.electron.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
const close = (app: { electron: ElectronApplication }) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
const isVisible = (app: { electron: ElectronApplication }) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible());
const ended = (app: RunningApp): Promise<unknown> => new Promise((resolve) => app.process.once('exit', resolve));

/** A desktop that says whether it shows a tray: what the app asks the session bus with. */
function desktop(data: string, hasTray: boolean): Record<string, string> {
  const bin = join(data, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'dbus-send'), `#!/bin/sh\necho "   boolean ${String(hasTray)}"\n`);
  chmodSync(join(bin, 'dbus-send'), 0o755);
  return { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
}

test('without a tray, closing the window asks while the proxy runs, and staying is the default', async ({ data }) => {
  setUpProxy(data, token!);
  const app = await launchApp({ data, env: desktop(data, false) });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  await answerWith(app, 'Stay');
  await close(app);
  await expect.poll(() => asked(app)).toEqual(['The proxy is running']);
  expect(await isVisible(app)).toBe(true);
  expect((await snapshotOf(app)).process.phase).toBe('ready');
  await answerWith(app, 'Stop the proxy and quit');
  const end = ended(app);
  await close(app);
  expect(await end).toBe(0);
  expect(JSON.parse(readFileSync(join(data, 'proxy', 'keep-running.json'), 'utf8'))).toMatchObject({ isWanted: false });
});

test('with a tray, closing the window hides it while the proxy runs, and a second start brings it back', async ({ data }) => {
  setUpProxy(data, token!);
  const env = desktop(data, true);
  const app = await launchApp({ data, env });
  await expect.poll(async () => (await snapshotOf(app)).switches.hasTray).toBe(true);
  expect(await startProxy(app)).toMatchObject({ ok: true });
  await answerWith(app, 'Stay');
  await close(app);
  await expect.poll(() => isVisible(app)).toBe(false);
  expect(await asked(app)).toEqual([]);
  expect((await snapshotOf(app)).process.phase).toBe('ready');
  expect(JSON.parse(readFileSync(join(data, 'settings.json'), 'utf8'))).toMatchObject({ toldOfTray: true });
  const { program, args } = appCommand({ data });
  expect(await new Promise((resolve) => spawn(program, args, { stdio: 'ignore' }).once('exit', resolve))).toBe(0);
  await expect.poll(() => isVisible(app)).toBe(true);
  await answerWith(app, 'Keep it running in the tray');
  await app.electron.evaluate(({ app: electron }) => electron.quit());
  await expect.poll(() => asked(app)).toEqual(['The proxy is running']);
  await expect.poll(() => isVisible(app)).toBe(false);
  expect((await snapshotOf(app)).process.phase).toBe('ready');
  await endApp(app);
});

test('an app without a running proxy closes and quits without a question, also when it is told to by the system', async ({
  data,
}) => {
  setUpProxy(data, token!);
  const first = await launchApp({ data });
  const closed = ended(first);
  await close(first);
  expect(await closed).toBe(0);
  const second = await launchApp({ data });
  await expect.poll(async () => (await snapshotOf(second)).isSetUp).toBe(true);
  const told = ended(second);
  second.process.kill('SIGTERM');
  expect(await told).toBe(0);
});

test('what ran when the app was ended runs again after its next start, where no person has to enter a PIN', async ({ data }) => {
  const folder = setUpProxy(data, token!);
  writeFileSync(join(folder, 'pin'), '10203040', { mode: 0o600 });
  const settings = join(folder, 'settings.toml');
  writeFileSync(
    settings,
    readFileSync(settings, 'utf8').replace('pin_from = "supervisor"', `pin_file = "${join(folder, 'pin')}"`),
    { mode: 0o600 },
  );
  const first = await launchApp({ data });
  expect(await first.page.evaluate(() => window.keyrite.call('proxy', 'start', { pin: null }))).toMatchObject({ ok: true });
  await endApp(first);
  const second = await launchApp({ data });
  await expect.poll(async () => (await snapshotOf(second)).process.phase).toBe('ready');
  await endApp(second);
});
