import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../core/setup/root.mjs';
import { expect, test } from './launch';

const OUTSIDE = 'https://example.com/';

test('every answer of app:// carries the content policy, and the page breaks none of it', async ({ app }) => {
  const headers = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const session = BrowserWindow.getAllWindows()[0]!.webContents.session;
    const answers = await Promise.all(['app://keyrite/index.html', 'app://keyrite/missing.js'].map((url) => session.fetch(url)));
    return answers.map((answer) => [answer.status, answer.headers.get('content-security-policy')] as const);
  });
  expect(headers.map(([status]) => status)).toEqual([200, 404]);
  for (const [, policy] of headers) expect(policy).toContain("default-src 'none'; script-src 'self'");
  await expect(app.page.locator('#page')).not.toBeEmpty();
  await app.page.waitForTimeout(500);
  expect(app.consoleLines.filter((line) => /content security policy|refused to/i.test(line))).toEqual([]);
  expect(app.consoleLines.filter((line) => line.startsWith('pageerror') || line.startsWith('error'))).toEqual([]);
});

test('the content policy stops inline script, eval, inline style, frames and connections', async ({ app }) => {
  const violations = await app.page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.injected = 1';
    document.body.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(style);
    const frame = document.createElement('iframe');
    frame.src = 'app://keyrite/index.html';
    document.body.append(frame);
    const picture = document.createElement('img');
    picture.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
    document.body.append(picture);
    await fetch('app://keyrite/index.html').catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { seen: seen.sort(), injected: (window as unknown as { injected?: number }).injected };
  });
  expect(violations.injected).toBeUndefined();
  expect(violations.seen).toEqual(
    expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'script-src-elem', 'style-src-elem']),
  );
});

test('a page has no Node, and of the bridge exactly two functions', async ({ sharedApp: app }) => {
  const found = await app.page.evaluate(() => ({
    node: [
      typeof (globalThis as Record<string, unknown>)['process'],
      typeof (globalThis as Record<string, unknown>)['require'],
      typeof (globalThis as Record<string, unknown>)['module'],
    ],
    bridge: Object.keys(window.keyrite).sort(),
    kinds: Object.values(window.keyrite).map((member) => typeof member),
    frozen: Object.isFrozen(window.keyrite),
  }));
  expect(found).toEqual({
    node: ['undefined', 'undefined', 'undefined'],
    bridge: ['call', 'on'],
    kinds: ['function', 'function'],
    frozen: true,
  });
});

test('the door refuses verbs that do not exist, members of objects among them', async ({ sharedApp: app }) => {
  const answers = await app.page.evaluate(() =>
    Promise.all(
      [
        ['app', 'shutdown'],
        ['nothing', 'get'],
        ['__proto__', 'toString'],
        ['app', 'constructor'],
        ['app', '__proto__'],
      ].map(([area, verb]) => window.keyrite.call(area!, verb!, undefined)),
    ),
  );
  for (const answer of answers)
    expect(answer).toEqual({ ok: false, error: { code: 'bridge.refused', detail: { reason: 'verb' } } });
});

test('the door refuses input that is malformed or too large, and says where without repeating it', async ({ sharedApp: app }) => {
  const answers = await app.page.evaluate(async () => [
    await window.keyrite.call('settings', 'setAppearance', { appearance: 'purple' }),
    await window.keyrite.call('settings', 'setAppearance', { appearance: 'dark', also: 1 }),
    await window.keyrite.call('officers', 'enrol', { name: 'A', passphrase: 'text, not bytes' }),
    await window.keyrite.call('settings', 'setAppearance', { appearance: 'dark'.repeat(50_000) }),
    await window.keyrite.call(
      'ceremony',
      'start',
      Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`k${String(index)}`, 1])),
    ),
  ]);
  expect(answers.map((answer) => (answer as { error: { code: string } }).error.code)).toEqual([
    'input.invalid',
    'input.invalid',
    'input.invalid',
    'bridge.refused',
    'bridge.refused',
  ]);
  expect(JSON.stringify(answers)).not.toContain('text, not bytes');
  expect(answers[2]).toMatchObject({ error: { detail: { what: 'officers.enrol', where: 'passphrase' } } });
});

test('bytes cross the bridge as bytes', async ({ sharedApp: app }) => {
  const answer = await app.page.evaluate(() =>
    window.keyrite.call('officers', 'enrol', {
      name: 'Test Officer',
      passphrase: new TextEncoder().encode('a passphrase of some length'),
    }),
  );
  expect(answer).toMatchObject({ ok: true, value: { name: 'Test Officer', where: 'station' } });
});

test('a page of another origin and a window that is not ours are not listened to', async ({ sharedApp: app }) => {
  const answers = await app.electron.evaluate(
    async ({ BrowserWindow, session }, file) => {
      const ours = BrowserWindow.getAllWindows()[0]!.webContents.session;
      const ask = async (url: string, of: Electron.Session) => {
        const window = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: true, session: of } });
        await window.loadURL(url);
        const answer: unknown = await window.webContents.executeJavaScript('window.keyrite.call("app", "info")');
        window.destroy();
        return answer;
      };
      return [await ask('app://keyrite/index.html', ours), await ask('data:text/html,hello', session.fromPartition('foreign'))];
    },
    join(ROOT, 'dist', 'preload', 'preload.cjs'),
  );
  for (const answer of answers)
    expect(answer).toEqual({ ok: false, error: { code: 'bridge.refused', detail: { reason: 'sender' } } });
});

test('a frame inside our own page is not listened to', async ({ sharedApp: app }) => {
  const answer = await app.electron.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents;
    const handlers = (
      ipcMain as unknown as { _invokeHandlers: Map<string, (event: unknown, ...input: unknown[]) => Promise<unknown>> }
    )._invokeHandlers;
    const call = handlers.get('keyrite:call')!;
    return call(
      { sender: contents, senderFrame: { parent: contents.mainFrame, origin: 'app://keyrite' } },
      'app',
      'info',
      undefined,
    );
  });
  expect(JSON.stringify(answer)).toContain('"reason":"sender"');
});

test('navigation and new windows are blocked', async ({ sharedApp: app }) => {
  const before = app.page.url();
  await app.page.evaluate((outside) => {
    window.location.href = outside;
  }, OUTSIDE);
  const opened = await app.page.evaluate((outside) => window.open(outside) === null, OUTSIDE);
  await app.page.evaluate((outside) => {
    const link = document.createElement('a');
    link.href = outside;
    link.target = '_blank';
    document.body.append(link);
    link.click();
  }, OUTSIDE);
  await app.page.waitForTimeout(300);
  expect(opened).toBe(true);
  expect(app.page.url()).toBe(before);
  expect(app.electron.windows()).toHaveLength(1);
});

test('every permission is denied', async ({ sharedApp: app }) => {
  const answers = await app.page.evaluate(async () => {
    const denied = (asked: Promise<unknown>) =>
      asked.then(
        () => 'granted',
        () => 'denied',
      );
    return {
      notification: await Notification.requestPermission(),
      location: await denied(new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
      camera: await denied(navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await denied(navigator.mediaDevices.getDisplayMedia({ video: true })),
      clipboard: await denied(navigator.clipboard.readText()),
    };
  });
  expect(answers).toEqual({
    notification: 'denied',
    location: 'denied',
    camera: 'denied',
    screen: 'denied',
    clipboard: 'denied',
  });
});

test('the network is closed to pages, also to what the content policy does not see', async ({ sharedApp: app }) => {
  const outcome = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const session = BrowserWindow.getAllWindows()[0]!.webContents.session;
    const reach = (url: string) =>
      session.fetch(url).then(
        (answer) => String(answer.status),
        (cause: unknown) => String(cause),
      );
    return Promise.all(['http://127.0.0.1:1/', 'https://example.com/', 'file:///etc/passwd'].map(reach));
  });
  expect(outcome[0]).toContain('ERR_BLOCKED_BY_CLIENT');
  expect(outcome[1]).toContain('ERR_BLOCKED_BY_CLIENT');
  expect(outcome[2]).toBe('403');
});

test('no address of app:// leads out of the folder of the pages', async ({ sharedApp: app }) => {
  const answers = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const session = BrowserWindow.getAllWindows()[0]!.webContents.session;
    const urls = [
      'app://keyrite/..%2f..%2fpackage.json',
      'app://keyrite/%2e%2e/%2e%2e/package.json',
      'app://other/index.html',
      'app://keyrite/assets/',
    ];
    return Promise.all(
      urls.map((url) =>
        session.fetch(url).then(
          (answer) => answer.status,
          () => 'refused',
        ),
      ),
    );
  });
  for (const answer of answers) expect([404, 'refused']).toContain(answer);
});

test('the projector may ask who it is and what is on the stage, and nothing else', async ({ sharedApp: app }) => {
  const [projector] = await Promise.all([
    app.electron.waitForEvent('window'),
    app.page.evaluate(() => window.keyrite.call('app', 'openProjector', undefined)),
  ]);
  await projector.waitForLoadState('load');
  const answers = await projector.evaluate(async () => ({
    info: await window.keyrite.call('app', 'info', undefined),
    current: await window.keyrite.call('ceremony', 'current', undefined),
    settings: await window.keyrite.call('settings', 'get', undefined),
    login: await window.keyrite.call('ceremony', 'login', { pin: new Uint8Array([1, 2, 3, 4]) }),
    open: await window.keyrite.call('app', 'openProjector', undefined),
  }));
  const refused = { ok: false, error: { code: 'bridge.refused', detail: { reason: 'verb' } } };
  expect(answers).toMatchObject({
    info: { ok: true, value: { window: 'projector' } },
    current: { ok: true, value: null },
    settings: refused,
    login: refused,
    open: refused,
  });
  await app.page.evaluate(() => window.keyrite.call('app', 'closeProjector', undefined));
  await expect.poll(() => app.electron.windows().length).toBe(1);
});

test('the memory of the process that PINs come by is in no core dump', async ({ sharedApp: app }) => {
  test.skip(process.platform !== 'linux', 'macOS and Windows write none unless an administrator asked for them');
  const pid = await app.electron.evaluate(() => process.pid);
  expect(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim()).toMatch(/^0+$/);
});
