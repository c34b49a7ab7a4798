import type { Page } from '@playwright/test';
import { PRACTICE } from '../../core/rehearsal/practice';
import { playBridgeTo } from './bridge-play';
import { PRACTICE_PEOPLE, type People } from './cast';
import { serialOnDesk, startRehearsal, XKS_STORE } from './desk';
import { expect, test, type RunningApp } from './launch';
import { expectAccessible, expectQuiet, picture } from './looks';
import { playTo, playToSeal, playUntilAsked } from './people';
import { snapshotOf } from './proxy-ground';

const OWNER = 'Ada Practice';

const goTo = (page: Page, screen: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click();

/** The step on the stage, done up to its seal and looked at. */
async function lookAt({ page }: RunningApp, people: People, step: string, name: string): Promise<void> {
  await playTo(page, people, step);
  await playUntilAsked(page, people, 'seal');
  await expectAccessible(page, name);
  await picture(page, name);
}

test('a key store is set up with a proxy that the app runs, and the switch is pulled once before it goes live', async ({
  app,
}) => {
  test.setTimeout(480_000);
  const { page } = app;
  const people: People = { ...PRACTICE_PEOPLE, serial: await serialOnDesk(page), entries: { Owner: OWNER } };
  const cast = { ...PRACTICE, entries: { hsmSerial: people.serial, datesOwner: OWNER } };
  await startRehearsal(page, {}, () => expectAccessible(page, 'start'), XKS_STORE);
  await playBridgeTo(app, cast, '1.6');
  await lookAt(app, people, '1.6', 'xks-warnings');
  await playBridgeTo(app, cast, '3.5');
  await lookAt(app, people, '3.5', 'xks-settings');
  await playTo(page, people, '3.8');
  await playUntilAsked(page, people, 'seal');
  expect((await snapshotOf(app)).process.phase).toBe('ready');
  await playBridgeTo(app, cast, '4.13');
  await lookAt(app, people, '4.13', 'xks-proof');
  await playBridgeTo(app, cast, '5.7');
  await lookAt(app, people, '5.7', 'kill-drill');
  expect((await snapshotOf(app)).latch.state).toBe('killed');
  await playBridgeTo(app, cast, '6.4');
  await playToSeal(page, people);
  expect(await snapshotOf(app)).toMatchObject({ isSetUp: true, latch: { state: 'armed' }, process: { phase: 'ready' } });
  await page.getByRole('button', { name: 'Go to the evidence' }).click();
  await page.getByRole('button', { name: /^Verify xks-store-/ }).click();
  await expect(page.getByRole('region', { name: /^xks-store-/ }).getByText('The pack is intact')).toBeVisible();
  await goTo(page, 'Proxy');
  await picture(page, 'proxy');
  expectQuiet(app);
});
