import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findModule } from '../../core/pkcs11/module-file';
import { loadProfiles } from '../../core/pkcs11/profile';
import { PRACTICE } from '../../core/rehearsal/practice';
import { inRepository } from '../../core/setup/root.mjs';
import { endApp, expect, launchApp, test, type RunningApp } from './launch';

/** What a page would say; PINs go as bytes. */
function call(app: RunningApp, area: string, verb: string, input?: unknown): Promise<unknown> {
  return app.page.evaluate(([ofArea, name, given]) => window.keyrite.call(ofArea, name, given), [area, verb, input] as const);
}

function inventory(app: RunningApp, pin: string): Promise<unknown> {
  return app.page.evaluate((text) => window.keyrite.call('keys', 'inventory', { pin: new TextEncoder().encode(text) }), pin);
}

test.beforeEach(async () => {
  const profiles = await loadProfiles(inRepository('resources', 'profiles'));
  const softhsm = profiles.ok ? profiles.value.find((profile) => profile.id === 'softhsm') : undefined;
  const found = softhsm ? await findModule(softhsm) : '';
  test.skip(found === '' && process.env['CI'] !== 'true', 'There is no SoftHSM on this machine.');
  expect(found).not.toBe('');
});

test('the rehearsal token is made on first use and shown on the desk', async ({ app }) => {
  const token = await call(app, 'desk', 'token');
  const text = expect.stringContaining(PRACTICE.userPin);
  expect(token).toMatchObject({ ok: true, value: { state: 'present', title: 'keyrite-practice', text } });
  expect(await call(app, 'desk', 'token')).toEqual(token);
  expect(await call(app, 'desk', 'get')).toMatchObject({ ok: true, value: { running: null } });
});

test('the module test names the module, its tokens and the chosen one', async ({ sharedApp: app }) => {
  expect(await call(app, 'settings', 'testModule')).toMatchObject({
    ok: true,
    value: {
      module: { manufacturer: 'SoftHSM', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      chosen: { label: 'keyrite-practice', userPin: 'ok' },
    },
  });
});

test('the inventory logs in once, and a wrong PIN is told as such', async ({ sharedApp: app }) => {
  expect(await inventory(app, PRACTICE.userPin)).toMatchObject({ ok: true, value: { keys: [] } });
  expect(await inventory(app, '99999999')).toMatchObject({ ok: false, error: { code: 'token.pinIncorrect' } });
  expect(await inventory(app, PRACTICE.userPin)).toMatchObject({ ok: true });
});

test('a module that is not PKCS#11 is told as such, and the app lives on', async ({ app, data }) => {
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, process.execPath);
  expect(await call(app, 'settings', 'pickModule')).toMatchObject({
    ok: true,
    value: { modulePath: process.execPath, embeddedToken: false },
  });
  expect(await call(app, 'settings', 'testModule')).toMatchObject({ ok: false, error: { code: 'token.moduleNotPkcs11' } });
  expect(await call(app, 'desk', 'token')).toMatchObject({ ok: true, value: { state: 'absent' } });
  expect(await call(app, 'settings', 'clearModule')).toMatchObject({ ok: true, value: { embeddedToken: true } });
  expect(await readFile(join(data, 'logs', 'keyrite.log'), 'utf8')).not.toContain('"log":1901');
});

test('a dialog closed without a choice changes nothing', async ({ sharedApp: app }) => {
  await app.electron.evaluate(({ dialog }) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: true, filePaths: [] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: true, filePath: '' });
  });
  for (const [area, verb] of [
    ['settings', 'pickModule'],
    ['settings', 'pickMirror'],
    ['officers', 'add'],
    ['evidence', 'verifyFolder'],
  ] as const) {
    expect(await call(app, area, verb)).toMatchObject({ ok: false, error: { code: 'input.cancelled' } });
  }
});

test('the canary PIN and passphrase are nowhere in the data folder and the log', async ({ app, data }) => {
  await inventory(app, 'canary-pin-77');
  await app.page.evaluate(() =>
    window.keyrite.call('officers', 'enrol', { name: 'Canary', passphrase: new TextEncoder().encode('canary-passphrase-88') }),
  );
  await call(app, 'officers', 'enrol', { name: 'Canary', passphrase: 'canary-passphrase-88' });
  const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const bytes = await readFile(join(file.parentPath, file.name));
    expect(bytes.includes('canary-pin'), file.name).toBe(false);
    expect(bytes.includes('canary-pass'), file.name).toBe(false);
  }
});

test('a running ceremony is asked about before the app is left, and is there again after the next start', async ({
  app,
  data,
}) => {
  const officers = (await call(app, 'officers', 'enrolRehearsal')) as { value: { id: string }[] };
  const [CA, IW, , CO1, CO2] = officers.value.map((officer) => officer.id);
  const started = await call(app, 'ceremony', 'start', {
    script: 'hsm-key',
    runMode: 'rehearsal',
    inputs: { purpose: 'xks', keySpec: 'AES_256', keyLabel: 'xks-root-1', tokenState: 'ready' },
    seats: { CA, IW, CO1, CO2 },
    typed: '',
  });
  expect(started).toMatchObject({ ok: true, value: { phase: 'running' } });
  expect(await call(app, 'settings', 'clearMirror')).toMatchObject({ error: { code: 'ceremony.alreadyRunning' } });
  expect(await inventory(app, PRACTICE.userPin)).toMatchObject({ error: { code: 'token.busy' } });

  const answerWith = (response: number) =>
    app.electron.evaluate(({ dialog, BrowserWindow }, given) => {
      (globalThis as unknown as { asked: number }).asked = 0;
      dialog.showMessageBox = () => {
        (globalThis as unknown as { asked: number }).asked += 1;
        return Promise.resolve({ response: given, checkboxChecked: false });
      };
      BrowserWindow.getAllWindows()[0]!.close();
    }, response);
  await answerWith(0);
  expect(await app.electron.evaluate(() => (globalThis as unknown as { asked: number }).asked)).toBe(1);
  expect(app.electron.windows()).toHaveLength(1);

  const ended = new Promise((resolve) => app.process.once('exit', resolve));
  await answerWith(1);
  await ended;
  const next = await launchApp({ data });
  expect(await call(next, 'desk', 'get')).toMatchObject({
    value: { running: null, unfinished: [{ state: 'running', runMode: 'rehearsal' }] },
  });
  await endApp(next);
});
