import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { which } from '../../core/setup/system-packages.mjs';
import { endApp, expect, launchApp, test } from './launch';
import { asKms, proxyToken, setUpProxy, snapshotOf, startProxy, type Token } from './proxy-ground';

let token: Token | null = null;
test.beforeAll(() => {
  token = proxyToken();
});
test.afterAll(() => token?.remove());

/** Presses keys as a keyboard does: the X server hands them to whoever has asked for them. */
const press = (keys: string): Promise<unknown> => promisify(execFile)('xdotool', ['key', '--clearmodifiers', keys]);

test('Ctrl-Alt-Shift-K kills the proxy while no window of the app is seen, and neighbouring keys do not', async ({ data }) => {
  test.skip(which('xdotool') === null, 'There is no xdotool to press keys with (X11 alone has it).');
  setUpProxy(data, token!);
  const app = await launchApp({ data });
  expect(await startProxy(app)).toMatchObject({ ok: true });
  expect((await snapshotOf(app)).switches.isShortcutOn).toBe(true);
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.hide()));
  const seen = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((w) => w.isVisible()).length);
  expect(await seen()).toBe(0);

  for (const keys of ['ctrl+alt+k', 'ctrl+shift+k', 'alt+shift+k', 'ctrl+alt+shift+j']) await press(keys);
  expect((await snapshotOf(app)).latch.state).toBe('armed');
  expect(await asKms(await snapshotOf(app))).toBe('ok');

  await press('ctrl+alt+shift+k');
  await expect.poll(async () => (await snapshotOf(app)).latch).toMatchObject({ state: 'killed', why: 'by the shortcut' });
  expect(await asKms(await snapshotOf(app))).not.toBe('ok');
  expect(await seen()).toBe(0);
  await endApp(app);
});
