import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { spawn } from 'node:child_process';
import { appCommand, endApp, expect, launchApp, test } from './launch';

const bounds = (app: { electron: ElectronApplication }) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());

test('the window opens with its title and something to see', async ({ app }) => {
  await expect(app.page).toHaveTitle(/Keyrite$/);
  await expect(app.page.locator('#page')).not.toBeEmpty();
  expect(await bounds(app)).toMatchObject({ width: 1366, height: 860 });
  await expect.poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())).toBe(true);
});

test('the window opens where it was closed', async ({ data }) => {
  const first = await launchApp({ data });
  await first.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 30, width: 1000, height: 700 }),
  );
  await expect.poll(() => bounds(first)).toMatchObject({ width: 1000, height: 700 });
  const before = await bounds(first);
  const ended = new Promise((resolve) => first.process.once('exit', resolve));
  await first.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  await ended;
  const second = await launchApp({ data });
  expect(await bounds(second)).toMatchObject({ width: before.width, height: before.height });
  await endApp(second);
});

test('a page that dies comes back by itself', async ({ app }) => {
  await app.page.evaluate(() => ((window as unknown as { mark: number }).mark = 1));
  const crashed = app.page.waitForEvent('crash');
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer());
  await crashed;
  await expect
    .poll(() =>
      app.electron.evaluate(
        ({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
            'document.querySelector("#page").childElementCount + "/" + window.mark',
          ) as Promise<string>,
      ),
    )
    .toMatch(/^[1-9]\d*\/undefined$/);
  const log = await readFile(join(app.data, 'logs', 'keyrite.log'), 'utf8');
  expect(log).toContain('"log":1201');
});

test('a second start brings the first window forward and ends', async ({ app }) => {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide());
  const { program, args } = appCommand({ data: app.data });
  const code = await new Promise((resolve) => spawn(program, args, { stdio: 'ignore' }).once('exit', resolve));
  expect(code).toBe(0);
  await expect.poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())).toBe(true);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('a settings file that is damaged is kept aside and said', async ({ data }) => {
  await writeFile(join(data, 'settings.json'), '{"appearance":"purple"}');
  const app = await launchApp({ data });
  expect(await readFile(join(data, 'settings.json.damaged'), 'utf8')).toBe('{"appearance":"purple"}');
  expect(await readFile(join(data, 'logs', 'keyrite.log'), 'utf8')).toContain('"log":1101');
  const settings = await app.page.evaluate(() => window.keyrite.call('settings', 'get', undefined));
  expect(settings).toMatchObject({ ok: true, value: { appearance: 'system', embeddedToken: true } });
  await endApp(app);
});
