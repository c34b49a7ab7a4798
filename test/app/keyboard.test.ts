import type { Page } from '@playwright/test';
import { PRACTICE } from '../../core/rehearsal/practice';
import { expect, test } from './launch';
import { stepNow } from './people';

/** More stops than any screen has. */
const MAX_TABS = 80;

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at === null || at === document.body ? '' : (at.getAttribute('aria-label') ?? at.textContent) || at.tagName;
  });

/** Tab until the control with these words has focus. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
    if ((await focused(page)).startsWith(words)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to "${words}".`);
}

const isPassphrase = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'password');

test('a rehearsal is begun and its first steps are done with keys alone', async ({ app }) => {
  test.setTimeout(150_000);
  const { page } = app;
  await expect(page.getByText(/^Serial /)).toBeVisible({ timeout: 30_000 });
  await tabTo(page, 'Start a rehearsal');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Enrol practice officers' })).toBeVisible();
  await tabTo(page, 'Enrol practice officers');
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Begin the ceremony' })).toBeEnabled({ timeout: 30_000 });
  await tabTo(page, 'Begin the ceremony');
  await page.keyboard.press('Enter');

  await test.step('1.1: R, then a passphrase for each seat, then C', async () => {
    await expect.poll(() => focused(page), { timeout: 30_000 }).toBe('I have read this aloud (R)');
    await page.keyboard.press('r');
    for (const seat of ['CA', 'IW', 'CO1', 'CO2']) {
      await expect(page.getByRole('button', { name: `Sign in as ${seat}`, exact: true })).toBeVisible({ timeout: 30_000 });
      await expect.poll(() => isPassphrase(page)).toBe(true);
      await page.keyboard.type(PRACTICE.passphrase);
      await page.keyboard.press('Enter');
    }
    await expect.poll(() => focused(page), { timeout: 30_000 }).toBe('Seal step (C)');
    await page.keyboard.press('c');
  });

  await test.step('1.2: help and the list of keys, an exception that is not recorded, then every way to tick', async () => {
    await expect.poll(() => stepNow(page)).toBe('1.2');
    await page.keyboard.press('F1');
    await expect(page.getByText('If one item cannot be ticked, call an exception')).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys on the stage' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('e');
    await expect(page.getByRole('dialog', { name: 'Record an exception' })).toBeVisible();
    await tabTo(page, 'Device trouble');
    await page.keyboard.press('Space');
    await expect(page.getByLabel('What happened')).toHaveValue('A device failed or had to be reconnected.');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('r');
    const ticked = page.getByRole('main').getByText('done', { exact: true });
    const open = page.getByRole('button', { name: /Tick line/ });
    await expect(open).toHaveCount(4);
    for (const [left, key] of [
      [3, '1'],
      [2, 'c'],
      [1, 'Enter'],
      [0, 'Space'],
    ] as const) {
      await expect.poll(() => focused(page)).toContain(`Tick line`);
      await page.keyboard.press(key);
      await expect(open).toHaveCount(left);
    }
    await expect(ticked.first()).toBeVisible();
    await expect.poll(() => focused(page)).toBe('Seal step (C)');
    await page.keyboard.press('Enter');
  });

  await test.step('1.3: D lets the machine act', async () => {
    await expect.poll(() => stepNow(page)).toBe('1.3');
    await expect(page.getByRole('button', { name: /\(D\)$/ })).toBeVisible();
    await page.keyboard.press('d');
    await expect(page.getByText(/machine checks/).first()).toBeVisible({ timeout: 30_000 });
  });
});
