import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from '@playwright/test';
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
}

export const ORDINARY: Look = { width: 1366, height: 860 };
export const SMALL: Look = { width: 900, height: 600 };
export const PROJECTOR: Look = { width: 1024, height: 768 };

/** A page in a context of its own, with nothing on it yet. */
export async function blankPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ colorScheme: 'light', reducedMotion: 'reduce' });
  return context.newPage();
}

/** Loads the pages at an address, over a bridge that answers from the list. Whatever was on the page before is gone. */
export async function loadPage(page: Page, address: string, answers: Answers, look: Look): Promise<void> {
  await page.setViewportSize(look);
  await page.clock.install({ time: NOW });
  const fake = await page.addInitScript(installFake, answers);
  await page.goto(address);
  await fake.dispose();
}

/** What the page complained of since it was loaded: errors of its scripts and breaches of the content policy. */
export async function complaintsOf(page: Page): Promise<readonly string[]> {
  const errors = await page.pageErrors({ filter: 'since-navigation' });
  const messages = await page.consoleMessages({ filter: 'since-navigation' });
  return [
    ...errors.map(({ message }) => message),
    ...messages.filter((message) => message.type() === 'error').map((message) => message.text()),
  ];
}
