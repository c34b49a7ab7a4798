/**
 * The proxy in the real app: the kill from each of its controls while 1,000 requests a second run, the way back after a crash, and what
 * the Proxy screen costs. docs/performance.md explains the method.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasDisplay, startVirtualDisplay } from '../../core/setup/display.mjs';
import { which } from '../../core/setup/system-packages.mjs';
import { median } from './median.mjs';
import { dataOver, startApp } from './xks/app.mjs';
import { crashRows, fromCrashToServing } from './xks/crash.mjs';
import { buildDelayedModule } from './xks/delayed-module.mjs';
import { endLoad, freePort, load, serving } from './xks/processes.mjs';
import { keyrite, pullRows, pullUnderLoad, SLOW_CALL_US, SLOW_POOL } from './xks/pull.mjs';
import { writeSettings } from './xks/settings.mjs';
import { encryptBody, encryptPath, signed } from './xks/signed.mjs';
import { labelOf, makeToken } from './xks/token.mjs';

/** A start by a person counts restarts anew, so that all of them are waited for as the first one is. */
const CRASHES = 3;
const PULLS = Number(process.env.KEYRITE_BENCH_PULLS ?? 3);
const WATCHED_ROUNDS = Number(process.env.KEYRITE_BENCH_ROUNDS ?? 10);
const ROUND_SECONDS = 2;
const RATE = 1_800;
const CONNECTIONS = 8;
const LEAST_FRAMES = 30;
const LONGEST_TASK_MS = 100;

const KEYRITE = path.join(import.meta.dirname, '../../dist/main/keyrite.js');
if (!existsSync(KEYRITE)) throw new Error('Build first: npm run build.');

/** The proxy of the app over `module`, serving. */
async function startProxy(app, folder, module, pool) {
  const port = await freePort();
  const settings = writeSettings(folder, { module, port, labels: [labelOf(0)], pool, pinFrom: 'supervisor' });
  const pid = await app.start();
  const url = `http://127.0.0.1:${port}`;
  await serving(url);
  return { url, pid, pids: [pid, ...(await app.hsmPids())], settings };
}

const show = async (page, screen) => {
  await page.getByRole('link', { name: screen }).click();
  await page.getByRole('heading', { name: screen }).first().waitFor();
};

/** The switch on a screen: two presses, the second counts. */
const onScreen = (app, screen) => {
  const press = () => app.page.locator('button[data-danger]').click();
  return {
    name: `the switch on the ${screen === 'Desk' ? 'desk' : 'Proxy screen'}`,
    from: 'the second press',
    before: () => show(app.page, screen),
    first: press,
    pull: async () => {
      await press();
      return app.page.evaluate(() => window.pressedAt);
    },
  };
};

/** An item of a menu, clicked in the process that has it. */
const byItem = (app, name, run) => ({ name, from: 'the click', pull: () => app.evaluate(run) });

function controls(app, settings) {
  return [
    onScreen(app, 'Proxy'),
    onScreen(app, 'Desk'),
    byItem(app, 'the menu', ({ Menu }) => {
      const at = Date.now();
      Menu.getApplicationMenu().getMenuItemById('kill').click();
      return at;
    }),
    byItem(app, 'the tray', () => {
      const at = Date.now();
      globalThis.trayMenu.getMenuItemById('kill').click();
      return at;
    }),
    ...(which('xdotool') === null ? [] : [shortcut()]),
    {
      name: 'keyrite kill',
      from: 'its acknowledgement',
      pull: async () => {
        keyrite('kill', settings);
        return Date.now();
      },
    },
  ];
}

/** Four keys for the X server: three are held, and xdotool waits for its line, so that the time counted is that of the last key. */
function shortcut() {
  const held = ['ctrl', 'alt', 'shift'];
  const xdotool = promisify(execFile);
  let waiting = null;
  return {
    name: 'the shortcut',
    from: 'the order to press the last key',
    first: async () => {
      await xdotool(
        'xdotool',
        held.flatMap((key) => ['keydown', key]),
      );
      waiting = spawn('xdotool', ['-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    },
    pull: async () => {
      const ended = once(waiting, 'close');
      const at = Date.now();
      waiting.stdin.end('key --delay 0 k\n');
      await ended;
      execFileSync(
        'xdotool',
        held.flatMap((key) => ['keyup', key]),
      );
      return at;
    },
  };
}

async function kills(app, folder, token) {
  const slow = buildDelayedModule(token.folder, token.module, SLOW_CALL_US);
  const proxy = await startProxy(app, folder, slow.path, SLOW_POOL);
  const rows = [];
  for (const { name, from, before, ...control } of controls(app, proxy.settings)) {
    const pulls = [];
    await before?.();
    for (let n = 0; n < PULLS; n++) {
      pulls.push(await pullUnderLoad(proxy, slow, control));
      keyrite('arm', proxy.settings);
      await app.untilArmed();
      await serving(proxy.url);
    }
    rows.push(...pullRows(pulls, name, from));
  }
  await app.stop();
  return rows;
}

async function crashes(app, proxy) {
  const times = [];
  let { pid } = proxy;
  for (let n = 0; n < CRASHES; n++) {
    times.push(await fromCrashToServing(proxy.url, pid));
    pid = await app.start();
    await serving(proxy.url);
  }
  return crashRows(times, 'app');
}

/** Frames and the longest task of the page while `work` runs. */
async function watched(page, work) {
  await page.evaluate(() => {
    const seen = (window.seen = { frames: 0, longest: 0, began: performance.now() });
    const frame = () => {
      seen.frames += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask' });
  });
  await work();
  return page.evaluate(() => ({
    perSecond: (1000 * window.seen.frames) / (performance.now() - window.seen.began),
    longest: window.seen.longest,
  }));
}

/** The same proxy with and without somebody who watches it, in turn; the median of the pairs, as other work meets both alike. */
async function watching(app, proxy) {
  const { page } = app;
  const request = () => signed(new URL(proxy.url).host, encryptPath(labelOf(0)), encryptBody(32, false));
  const round = () =>
    load(proxy, { requests: [request()], connections: CONNECTIONS, seconds: ROUND_SECONDS, rate: RATE, pace: 'even' });
  await round();
  const ratios = [];
  const unseen = [];
  for (let n = 0; n < WATCHED_ROUNDS; n++) {
    await show(page, 'Evidence');
    const { cpuUs } = await round();
    await show(page, 'Proxy');
    await page.getByRole('listbox', { name: 'Recent requests' }).waitFor();
    const seen = await round();
    unseen.push(cpuUs);
    ratios.push(seen.cpuUs / cpuUs);
  }
  const { perSecond, longest } = await watched(page, round);
  const ratio = median(ratios);
  const isSmooth = perSecond >= LEAST_FRAMES || longest < LONGEST_TASK_MS;
  return [
    { name: 'CPU per request at 1,800/s, nobody watches', value: median(unseen), unit: 'us', target: '', holds: null },
    {
      name: 'the same with the Proxy screen open / without, median of the pairs',
      value: ratio,
      unit: 'x',
      target: '<= 1.05',
      holds: ratio <= 1.05,
    },
    {
      name: 'frames of the Proxy screen at 1,800/s',
      value: perSecond,
      unit: '/s',
      target: `>= ${LEAST_FRAMES}, or no task of ${LONGEST_TASK_MS} ms`,
      holds: isSmooth,
    },
    { name: 'longest task of the Proxy screen at 1,800/s (0: none of 50)', value: longest, unit: 'ms', target: '', holds: null },
  ];
}

const virtual = hasDisplay() ? null : await startVirtualDisplay();
if (virtual) process.env.DISPLAY = virtual.display;
const data = mkdtempSync(path.join(tmpdir(), 'keyrite-bench-app-'));
const token = makeToken(1);
try {
  const folder = dataOver(data, token);
  const app = await startApp(data, process.env);
  try {
    const proxy = await startProxy(app, folder, token.module, { sessions: 2, processes: 1 });
    const rows = [...(await watching(app, proxy)), ...(await crashes(app, proxy))];
    await app.stop();
    console.log(JSON.stringify([...rows, ...(await kills(app, folder, token))]));
  } finally {
    await app.close();
  }
} finally {
  endLoad();
  virtual?.stop();
  token.remove();
  rmSync(data, { recursive: true, force: true });
}
