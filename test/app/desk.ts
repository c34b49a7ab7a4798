import type { Page } from '@playwright/test';
import { expect } from './launch';

/** What is written on the device, as the Desk shows it. */
export async function serialOnDesk(page: Page): Promise<string> {
  const line = await page
    .getByText(/^Serial /)
    .first()
    .textContent();
  return (line ?? '').replace('Serial', '').replaceAll(/\s/g, '');
}

/** The answer in a list of a form: opened and picked by its words. */
export async function pick(page: Page, label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByRole('option', { name: option }).click();
}

/** Titles of the scripts that are rehearsed by clicks. */
export const HSM_KEY = 'Generate a key in an HSM';
export const BYOK = 'Import key material into AWS KMS';
export const XKS_STORE = 'Set up an external key store';

/**
 * From an empty station to the stage, by clicks: the start form with practice officers in the seats.
 * @param look runs when the form is filled in
 */
export async function startRehearsal(
  page: Page,
  answers: Readonly<Record<string, string>> = {},
  look?: () => Promise<void>,
  script = HSM_KEY,
): Promise<void> {
  await page.getByRole('button', { name: 'Start a rehearsal' }).click();
  await page.getByRole('radio', { name: script, exact: true }).check();
  for (const [label, option] of Object.entries(answers)) await pick(page, label, option);
  await page.getByRole('button', { name: /^(Enrol|Fill the seats with) practice officers$/ }).click();
  const begin = page.getByRole('button', { name: 'Begin the ceremony' });
  await expect(begin).toBeEnabled({ timeout: 30_000 });
  await look?.();
  await begin.click();
  await expect(page.getByRole('button', { name: 'I have read this aloud (R)' })).toBeVisible({ timeout: 30_000 });
}
