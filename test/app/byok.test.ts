import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { PRACTICE } from '../../core/rehearsal/practice';
import { chooseMedium } from './air-gap';
import { playBridgeTo } from './bridge-play';
import { PRACTICE_PEOPLE, type People } from './cast';
import { BYOK, serialOnDesk, startRehearsal } from './desk';
import { expect, test, type RunningApp } from './launch';
import { expectAccessible, expectQuiet, picture, resize } from './looks';
import { playTo, playToSeal, playUntilAsked, stepNow } from './people';

const goTo = (page: Page, screen: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click();

/** Every seat is known at the rehearsal KMS; production is not asked: there is no AWS here. */
async function askWhoIAm(page: Page): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Who am I in a rehearsal?' }).click();
  const answer = page.getByRole('group', { name: 'Who calls in a rehearsal' });
  await expect(answer.getByText('rehearsal KMS')).toHaveCount(4);
  await expect(answer.getByText('000000000000', { exact: true })).toHaveCount(4);
  await goTo(page, 'Desk');
}

/** The wrong medium first: refused with what to do, and then the same step with the right one. */
async function writeOut(app: RunningApp, people: People): Promise<void> {
  const { page, data } = app;
  const used = join(data, 'a-used-medium');
  await mkdir(used);
  await writeFile(join(used, 'holiday.jpg'), 'not a bundle');
  await playTo(page, people, '3.12');
  await playUntilAsked(page, people, 'act');
  await expect(page.getByText('The practice medium of this rehearsal')).toBeVisible();
  await expectAccessible(page, 'a medium that is needed');
  await picture(page, 'byok-medium');
  await chooseMedium(app, 'out', used);
  await page.getByRole('button', { name: 'Write the bundle onto the OUT medium (D)' }).click();
  await expect(page.getByRole('main').getByText('What to do:')).toBeVisible();
  expect(await readdir(used)).toEqual(['holiday.jpg']);
  await expectAccessible(page, 'a medium that was refused');
  await page.getByRole('button', { name: 'Use the practice medium' }).click();
  await expect(page.getByRole('button', { name: 'Choose the folder of OUT' })).toBeVisible();
  await playUntilAsked(page, people, 'seal');
  expect(await stepNow(page)).toBe('3.12');
}

/** Who can do what, and what AWS will be asked for, in a small window and on the wall. */
async function lookAtTheRequest({ electron, page }: RunningApp, people: People): Promise<void> {
  await playTo(page, people, '3.3');
  await playUntilAsked(page, people, 'seal');
  await expectAccessible(page, 'a key policy');
  await playTo(page, people, '3.5');
  await playUntilAsked(page, people, 'seal');
  await resize(electron, page, 900, 600);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900);
  await expectAccessible(page, 'commands and templates, small');
  await page.getByRole('button', { name: 'Select all of it: The same with the AWS CLI' }).click();
  expect(await page.evaluate(() => String(getSelection()))).toMatch(/^aws kms create-key/u);
  await resize(electron, page, 1366, 860);
}

/** The countdown is on the stage and on the wall, and is about the import once the key is wrapped. */
async function followTheCountdown({ electron, page }: RunningApp, people: People): Promise<void> {
  await playTo(page, people, '3.10');
  const timer = (on: Page) => on.getByRole('timer', { name: 'Time left of the wrapping key and import token' });
  await expect(timer(page)).toContainText(/Wrapping may begin for another 19 h \d+ min/u);
  const opened = electron.waitForEvent('window');
  await page.getByRole('button', { name: 'Projector' }).click();
  const wall = await opened;
  await expect(timer(wall)).toContainText('In time.');
  await playUntilAsked(page, people, 'seal');
  await expectAccessible(wall, 'a bundle on the wall');
  await wall.close();
}

test('key material goes from the HSM into KMS, by screens and bridge of the real app', async ({ app }) => {
  test.setTimeout(420_000);
  const { page } = app;
  await askWhoIAm(page);
  const people: People = { ...PRACTICE_PEOPLE, serial: await serialOnDesk(page) };
  const cast = { ...PRACTICE, entries: { hsmSerial: people.serial, expiry: 'never', owner: 'none' } };
  await startRehearsal(page, { 'Wrapping key': 'RSA, 2048 bits' }, () => expectAccessible(page, 'start'), BYOK);
  await playBridgeTo(app, cast, '3.3');
  await lookAtTheRequest(app, people);
  await playBridgeTo(app, cast, '3.10');
  await followTheCountdown(app, people);
  await writeOut(app, people);
  await playBridgeTo(app, cast, '4.10');
  await expect(page.getByRole('timer')).toContainText(/The import may begin for another 23 h \d+ min/u);
  await playBridgeTo(app, cast, '5.3');
  await playTo(page, people, '5.5');
  await playBridgeTo(app, cast, '5.8');
  await playUntilAsked(page, people, 'seal');
  await expect(page.getByText('Not proven')).toBeVisible();
  await expect(page.getByRole('timer')).toHaveCount(0);
  await picture(page, 'byok-proof');
  await playBridgeTo(app, cast, '6.5');
  await playToSeal(page, people);
  await page.getByRole('button', { name: 'Go to the evidence' }).click();
  await page.getByRole('button', { name: /^Verify byok-/ }).click();
  await expect(page.getByRole('region', { name: /^byok-/ }).getByText('The pack is intact')).toBeVisible();
  expectQuiet(app);
});

test('an app that quits ends its rehearsal KMS in order', async ({ app }) => {
  const { page } = app;
  await askWhoIAm(page);
  const kms = join(app.data, 'rehearsal-kms');
  expect(await readdir(kms)).toContain('rehearsal-kms.lock');
  const ended = new Promise<number | null>((resolve) => app.process.once('exit', resolve));
  await app.electron.evaluate(({ app: desktop }) => desktop.quit());
  expect(await ended).toBe(0);
  expect(await readdir(kms)).not.toContain('rehearsal-kms.lock');
});
