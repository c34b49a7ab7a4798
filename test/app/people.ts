import type { Page } from '@playwright/test';
import type { People } from './cast';
import { answer, askedBy, seen, type Asked } from './stage';
import { expect } from './launch';

/** Polled this often: the screen answers within a few frames. */
const OFTEN = { intervals: [20, 30, 50, 100], timeout: 60_000 };

/** What the screen asks for, as soon as it asks for anything. */
export async function waitForAsked(page: Page): Promise<Asked> {
  const heard: Asked[] = [];
  const listen = async (): Promise<number> => {
    const asked = await askedBy(page);
    if (asked !== null) heard.push(asked);
    return heard.length;
  };
  await expect.poll(listen, { ...OFTEN, message: 'the stage asks for something' }).toBeGreaterThan(0);
  return heard.at(-1) ?? 'sealed';
}

/** Does one thing the screen asks for, and waits until it has been taken. */
export async function move(page: Page, people: People): Promise<void> {
  const asked = await waitForAsked(page);
  if (asked === 'sealed') return;
  const before = await seen(page);
  await answer(page, asked, people);
  await expect.poll(() => seen(page), { ...OFTEN, message: `the stage goes on after: ${asked}` }).not.toBe(before);
}

/** Number of the step on the stage, e.g. `2.4`; '' where there is none. */
export async function stepNow(page: Page): Promise<string> {
  const title = await page.getByRole('main').getByRole('heading', { level: 2 }).first().textContent();
  return /^\d+\.\d+/.exec(title ?? '')?.[0] ?? '';
}

/** Goes on as long as `more` says so; the ceremony must not be sealed before. */
export async function playWhile(page: Page, people: People, more: () => Promise<boolean>): Promise<void> {
  while (await more()) {
    expect(await waitForAsked(page), 'the ceremony is not over yet').not.toBe('sealed');
    await move(page, people);
  }
}

/** Goes on until the step with this number is on the stage. */
export function playTo(page: Page, people: People, step: string): Promise<void> {
  return playWhile(page, people, async () => (await stepNow(page)) !== step);
}

/** Goes on until the screen asks for this. */
export function playUntilAsked(page: Page, people: People, wanted: Asked): Promise<void> {
  return playWhile(page, people, async () => (await waitForAsked(page)) !== wanted);
}

/** Goes on to the seal. */
export async function playToSeal(page: Page, people: People): Promise<void> {
  await playUntilAsked(page, people, 'sealed');
  await page.getByRole('heading', { name: 'The ceremony is sealed' }).waitFor();
}
