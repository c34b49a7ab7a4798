import type { Page } from '@playwright/test';
import { PRACTICE } from '../../core/rehearsal/practice';
import { serialOnDesk, startRehearsal } from './desk';
import { expect, test, type RunningApp } from './launch';
import { expectAccessible, expectQuiet, picture, resize } from './looks';
import { PRACTICE_PEOPLE, type People } from './cast';
import { move, playTo, playToSeal, playUntilAsked, stepNow } from './people';

const REASON = 'I was out of the room at step 2.2.';

const goTo = (page: Page, screen: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click();

/** Raises an exception in two clicks and lets two people decide it. */
async function raiseException(page: Page, people: People): Promise<void> {
  await page.getByRole('button', { name: 'Exception (E)' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Somebody left or came in' }).click();
  await expectAccessible(page, 'dialog of an exception');
  await dialog.getByRole('button', { name: 'Record the exception' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /^Decide exception/ }).waitFor();
  await expectAccessible(page, 'an exception that waits');
  await move(page, people);
  await expect(page.getByRole('main').getByText('Go on, decided by CA, IW').last()).toBeVisible();
}

/** A break with the token logged in, and everybody back. */
async function takeBreak(page: Page, people: People): Promise<void> {
  await page.getByRole('button', { name: 'Interlude (I)' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Lunch' }).click();
  await dialog.getByRole('button', { name: 'Pause now' }).click();
  await page.getByRole('heading', { name: 'The ceremony is paused' }).waitFor();
  await expectAccessible(page, 'an interlude');
  await playUntilAsked(page, people, 'return');
  await move(page, people);
  await expect(page.getByRole('heading', { name: 'The ceremony is paused' })).toBeHidden({ timeout: 30_000 });
}

/** The wall follows the stage, and offers nothing to press. */
async function lookAtProjector({ electron, page }: RunningApp, people: People): Promise<void> {
  const opened = electron.waitForEvent('window');
  await page.getByRole('button', { name: 'Projector' }).click();
  const wall = await opened;
  await wall.getByRole('heading', { name: /^3\.7 Fingerprint read-out/ }).waitFor();
  expect(await wall.locator('input, textarea, select, button, a').count()).toBe(0);
  await move(page, people);
  await expect(wall.getByLabel('matched')).toHaveCount(1);
  await expectAccessible(wall, 'projector');
  await picture(wall, 'projector');
  await wall.close();
}

test('a whole HSM key ceremony from an empty station, by the screens alone', async ({ app }) => {
  test.setTimeout(300_000);
  const { page } = app;
  await expect(page.getByText(/^Serial /)).toBeVisible();
  await expectAccessible(page, 'empty desk');
  const people: People = { ...PRACTICE_PEOPLE, serial: await serialOnDesk(page), dissent: { seat: 'CO2', reason: REASON } };

  await startRehearsal(page, {}, () => expectAccessible(page, 'start'));
  await expectAccessible(page, 'READ');
  await playUntilAsked(page, people, 'credential');
  await expectAccessible(page, 'attendance');
  await playTo(page, people, '1.5');
  await playUntilAsked(page, people, 'row');
  await expectAccessible(page, 'rows to compare');
  await playTo(page, people, '1.6');
  await playUntilAsked(page, people, 'credential');
  await expectAccessible(page, 'approval');
  await playTo(page, people, '2.2');
  await raiseException(page, people);
  await playTo(page, people, '2.8');
  await playUntilAsked(page, people, 'pin');
  await expectAccessible(page, 'PIN');
  await playTo(page, people, '2.10');
  await takeBreak(page, people);
  await playTo(page, people, '3.4');
  await playUntilAsked(page, people, 'seal');
  await expectAccessible(page, 'attributes read back');
  await playTo(page, people, '3.7');
  await playUntilAsked(page, people, 'row');
  await lookAtProjector(app, people);
  await move(page, people);
  await picture(page, 'ceremony-light');
  await playTo(page, people, '4.6');
  await playUntilAsked(page, people, 'credential');
  await expectAccessible(page, 'sign-off');
  await playToSeal(page, people);
  await expectAccessible(page, 'sealed');

  await page.getByRole('button', { name: 'Go to the evidence' }).click();
  await page.getByRole('button', { name: /^Verify hsm-key-/ }).click();
  const verdict = page.getByRole('region', { name: /^hsm-key-/ });
  await expect(verdict.getByText('The pack is intact')).toBeVisible();
  await expect(verdict.getByText(`does not agree - "${REASON}"`)).toBeVisible();
  await expectAccessible(page, 'evidence');
  await picture(page, 'evidence');

  await goTo(page, 'Keys');
  await page.getByLabel('User PIN').fill(PRACTICE.userPin);
  await page.getByRole('button', { name: 'Read the inventory' }).click();
  const key = page.getByRole('listitem').filter({ hasText: 'xks-root-1' });
  await expect(key.getByText('Fits its policy')).toBeVisible();
  await key.getByRole('strong').click();
  await expectAccessible(page, 'keys');
  await picture(page, 'keys');

  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Test the module' }).click();
  await page.getByRole('heading', { name: 'Tokens it sees' }).waitFor();
  await expectAccessible(page, 'settings');
  await picture(page, 'settings');

  await goTo(page, 'Desk');
  await expect(page.getByText('Generate a key in an HSM')).toBeVisible();
  await expectAccessible(page, 'desk');
  await picture(page, 'desk');
  expectQuiet(app);
});

test('the stage in dark and in a small window', async ({ app }) => {
  test.setTimeout(180_000);
  const { page } = app;
  await goTo(page, 'Settings');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await goTo(page, 'Desk');
  const people: People = { ...PRACTICE_PEOPLE, serial: await serialOnDesk(page) };
  await startRehearsal(page);
  await playTo(page, people, '1.5');
  await playUntilAsked(page, people, 'row');
  await move(page, people);
  await move(page, people);
  await expectAccessible(page, 'rows to compare, dark');
  await picture(page, 'ceremony-dark');
  await resize(app.electron, page, 900, 600);
  await expectAccessible(page, 'rows to compare, small');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900);
  await expect(page.getByRole('button', { name: 'Row 3 matches' })).toBeInViewport();
  await picture(page, 'ceremony-small');
  expect(await stepNow(page)).toBe('1.5');
  expectQuiet(app);
});
