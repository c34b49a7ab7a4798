import { mkdtemp, rm } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, test as base, type ConsoleMessage, type ElectronApplication, type Page } from '@playwright/test';
import type { PageApi } from '../../core/contract/bridge';
import { hasDisplay, startVirtualDisplay } from '../../core/setup/display.mjs';
import { findElectron } from '../../core/setup/electron-runtime.mjs';
import { sandboxFor } from '../../core/setup/electron-sandbox.mjs';
import { ROOT } from '../../core/setup/root.mjs';

declare global {
  interface Window {
    readonly keyrite: PageApi;
  }
}

/** One running app with its main window and everything its pages said on the console. */
export interface RunningApp {
  readonly electron: ElectronApplication;
  /** Playwright forgets it when the app ends; the tests do not */
  readonly process: ChildProcess;
  readonly page: Page;
  readonly data: string;
  readonly consoleLines: readonly string[];
}

export interface LaunchOptions {
  /** a data folder of the test's own; the app gets no other */
  readonly data: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The program and the arguments every start of the app in a test has. As root Chromium cannot have its sandbox. */
export function appCommand(options: LaunchOptions): { readonly program: string; readonly args: string[] } {
  const program = findElectron();
  if (program === null) throw new Error('There is no Electron runtime; the test should have been skipped.');
  return { program, args: [...sandboxFor(program).args, ROOT, '--data', options.data, ...(options.args ?? [])] };
}

function hear(page: Page, lines: string[]): void {
  page.on('console', (message: ConsoleMessage) => lines.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => lines.push(`pageerror: ${error.message}`));
}

/** What is inherited is cut down: a developer's own settings must not decide a test. */
function environment(options: LaunchOptions): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(KEYRITE_|SOFTHSM2_CONF$|NODE_OPTIONS$)/.test(name),
  );
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...options.env };
}

/**
 * Starts the app and waits for its main window. Whoever calls ends it with `endApp`. No `executablePath`: Playwright then finds the
 * same runtime through the electron package and holds the app back until it is attached; otherwise the two race.
 */
export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  const { args } = appCommand(options);
  const chromiumSandbox = !args.includes('--no-sandbox');
  const electron = await _electron.launch({ args, chromiumSandbox, env: environment(options), timeout: 30_000 });
  const consoleLines: string[] = [];
  electron.on('window', (page) => hear(page, consoleLines));
  const page = await electron.firstWindow();
  hear(page, consoleLines);
  await page.waitForLoadState('load');
  return { electron, process: electron.process(), page, data: options.data, consoleLines };
}

/** Ends the app at once, without the questions it would ask. Its children end with it. */
export async function endApp({ process: app }: Pick<RunningApp, 'process'>): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => app.once('exit', () => resolve()));
  app.kill('SIGKILL');
  await ended;
}

async function emptyFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'keyrite-app-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10 }) };
}

interface Fixtures {
  /** an empty folder, removed afterwards */
  readonly data: string;
  /** the app, started on `data` and ended afterwards */
  readonly app: RunningApp;
  /** one app, on a folder of its own, for tests that leave it for each other as it was */
  readonly sharedApp: RunningApp;
}

interface WorkerFixtures {
  readonly display: null;
  readonly appOnce: () => Promise<RunningApp>;
}

function skipWithoutElectron(): void {
  base.skip(findElectron() === null, 'There is no Electron runtime. Install it with: npx install-electron');
  base.skip(!hasDisplay(), 'There is no display, and Xvfb does not start.');
}

/**
 * The test of this folder: under a virtual screen where there is none, skipped aloud where the machine has no Electron.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  display: [
    async ({ browserName: _ }, use) => {
      const virtual = hasDisplay() ? null : await startVirtualDisplay();
      if (virtual) process.env['DISPLAY'] = virtual.display;
      await use(null);
      if (virtual) delete process.env['DISPLAY'];
      virtual?.stop();
    },
    { scope: 'worker', auto: true },
  ],
  appOnce: [
    async ({ display: _ }, use) => {
      const folder = await emptyFolder();
      const once: { app: Promise<RunningApp> | null } = { app: null };
      await use(() => (once.app ??= launchApp({ data: folder.path })));
      if (once.app !== null) await endApp(await once.app);
      await folder.remove();
    },
    { scope: 'worker' },
  ],
  sharedApp: async ({ appOnce }, use) => {
    skipWithoutElectron();
    await use(await appOnce());
  },
  data: async ({ display: _ }, use) => {
    skipWithoutElectron();
    const folder = await emptyFolder();
    await use(folder.path);
    await folder.remove();
  },
  app: async ({ data }, use) => {
    const app = await launchApp({ data });
    await use(app);
    await endApp(app);
  },
});

export { expect } from '@playwright/test';
