/** The desktop app with a proxy of its own, driven by Playwright. */
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { _electron as electron } from '@playwright/test';
import { findElectron } from '../../../core/setup/electron-runtime.mjs';
import { sandboxFor } from '../../../core/setup/electron-sandbox.mjs';
import { ROOT } from '../../../core/setup/root.mjs';
import { PIN } from './token.mjs';

/** A data folder whose embedded token is `token`. @returns the folder of its proxy */
export function dataOver(data, token) {
  mkdirSync(path.join(data, 'rehearsal-token'), { recursive: true, mode: 0o700 });
  symlinkSync(path.join(token.folder, 'tokens'), path.join(data, 'rehearsal-token', 'tokens'));
  return path.join(data, 'proxy');
}

/** Starts the app on a data folder. */
export async function startApp(data, env) {
  const program = findElectron();
  if (program === null) throw new Error('There is no Electron runtime: npx install-electron');
  const app = await electron.launch({ executablePath: program, args: [...sandboxFor(program).args, ROOT, '--data', data], env });
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  await keepTrayMenu(app);
  await keepPresses(page);
  const call = async (verb, input) => {
    const answer = await page.evaluate(([name, given]) => window.keyrite.call('proxy', name, given), [verb, input]);
    if (!answer.ok) throw new Error(`proxy.${verb}: ${JSON.stringify(answer.error)}`);
    return answer.value;
  };
  return {
    page,
    evaluate: (run, given) => app.evaluate(run, given),
    stop: () => call('stop'),
    /** With the PIN, as a person would. @returns the pid of the proxy */
    start: async () => {
      const started = await page.evaluate(
        (pin) => window.keyrite.call('proxy', 'start', { pin: new TextEncoder().encode(pin) }),
        PIN,
      );
      if (!started.ok) throw new Error(`The proxy does not start: ${JSON.stringify(started.error)}`);
      return started.value.process.pid;
    },
    /** Resolves when the switch is there to be pulled, or not. */
    untilArmed: () => page.waitForFunction(async () => (await window.keyrite.call('proxy', 'get')).value.latch.state === 'armed'),
    /** Processes that hold the HSM's sessions. */
    hsmPids: () =>
      app.evaluate(({ app: main }) =>
        main
          .getAppMetrics()
          .filter(({ name }) => name === 'Keyrite HSM')
          .map(({ pid }) => pid),
      ),
    close: async () => {
      const { pid } = app.process();
      const gone = new Promise((resolve) => app.once('close', resolve));
      process.kill(pid, 'SIGKILL');
      await gone;
    },
  };
}

/** Nothing tells which menu a tray has: it is kept as it is set. */
function keepTrayMenu(app) {
  return app.evaluate(({ Tray }) => {
    const { value: original } = Object.getOwnPropertyDescriptor(Tray.prototype, 'setContextMenu');
    Object.defineProperty(Tray.prototype, 'setContextMenu', {
      value(menu) {
        globalThis.trayMenu = menu;
        original.call(this, menu);
      },
    });
  });
}

/** When the page was clicked last, ms since 1970. */
function keepPresses(page) {
  return page.evaluate(() => {
    window.addEventListener('click', (event) => (window.pressedAt = performance.timeOrigin + event.timeStamp), true);
  });
}
