import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { installFake, type Answers } from './fixtures/fake-bridge';

const CANDIDATES = [
  process.env['KEYRITE_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium of this machine, or null. Nothing is downloaded for a test. */
export function findChromium(): string | null {
  return CANDIDATES.find((path) => path !== '' && existsSync(path)) ?? null;
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** The pages' clock starts here, so that pictures and elapsed minutes are the same each time. */
const NOW = new Date('2026-11-22T10:39:07Z');

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
}

export const ORDINARY: Look = { width: 1366, height: 860 };
export const SMALL: Look = { width: 900, height: 600 };
export const PROJECTOR: Look = { width: 1024, height: 768 };

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained of: errors of its scripts and breaches of the content policy. */
  readonly complaints: readonly string[];
}

/** Opens the pages at a route, with a bridge that answers from the list. */
export async function openPage(browser: Browser, address: string, answers: Answers, look: Look = ORDINARY): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.clock.install({ time: NOW });
  await page.addInitScript(installFake, answers);
  await page.goto(address);
  return { page, context, complaints };
}
