import { killAll, madeUnheard, objectsIn, transcriptIn, verifyPackOf, written } from './death';
import { serialOnDesk, startRehearsal } from './desk';
import { endApp, expect, launchApp, test, type RunningApp } from './launch';
import { PRACTICE_PEOPLE, type People } from './cast';
import { move, playTo, playToSeal, playUntilAsked, waitForAsked } from './people';

const GENERATE = /"type":"intent".*"operation":"token\.generate"|"operation":"token\.generate".*"type":"intent"/;

/** Starts the app on what the last one left, and continues from the Desk. */
async function startAgain(data: string): Promise<RunningApp> {
  const app = await launchApp({ data });
  await expect(app.page.getByRole('heading', { name: 'Unfinished ceremonies' })).toBeVisible({ timeout: 30_000 });
  await app.page.getByRole('button', { name: 'Continue' }).click();
  await expect(app.page.getByRole('heading', { level: 1, name: 'Generate a key in an HSM' })).toBeVisible({ timeout: 30_000 });
  return app;
}

/** Plays on until the moment comes, and cuts the power there. What was on disk before is there after it. */
async function dieAt(app: RunningApp, people: People, moment: Promise<void>): Promise<void> {
  let isDead = false;
  const death = moment.then(() => {
    isDead = true;
    return killAll(app);
  });
  const played = playToSeal(app.page, people).catch((cause: unknown) => {
    if (!isDead) throw cause;
  });
  await Promise.race([death, played.then(() => death)]);
  await played;
}

test.skip(process.platform !== 'linux', 'Processes are watched through /proc.');

test('a ceremony that is cut off at five writes goes on each time, makes one key, and verifies', async ({ data }) => {
  test.setTimeout(400_000);
  let app = await launchApp({ data });
  try {
    const people: People = { ...PRACTICE_PEOPLE, serial: await serialOnDesk(app.page) };
    await startRehearsal(app.page, {
      Purpose: 'Key that is used in the HSM and never leaves it',
      // long enough in the making to be interrupted in the midst of it
      Key: 'RSA, 4096 bits',
    });

    await test.step('after a sign-in', async () => {
      await dieAt(app, people, written(data, /"type":"signedIn"/, 2));
      app = await startAgain(data);
      await playTo(app.page, people, '3.3');
    });

    await test.step('right after the intent to generate: nothing is on the token, and it is done again', async () => {
      await dieAt(app, people, written(data, GENERATE));
      expect(objectsIn(data)).toBe(0);
      app = await startAgain(data);
      await playUntilAsked(app.page, people, 'inspection');
      await move(app.page, people);
      expect(await waitForAsked(app.page)).toBe('recovery');
      await expect(app.page.getByText('The token holds nothing under it: the act did not happen.')).toBeVisible();
    });

    await test.step('when the key is made and nobody knows: it is found and adopted', async () => {
      await dieAt(app, people, madeUnheard(app, GENERATE, 2));
      expect(objectsIn(data)).toBe(2);
      app = await startAgain(data);
      await playUntilAsked(app.page, people, 'inspection');
      await move(app.page, people);
      expect(await waitForAsked(app.page)).toBe('recovery');
      await expect(app.page.getByText('The token holds exactly one object under it: the act happened.')).toBeVisible();
      await playTo(app.page, people, '3.8');
    });

    await test.step('during an interlude', async () => {
      await app.page.getByRole('button', { name: 'Interlude (I)' }).click();
      await app.page.getByRole('button', { name: 'Lunch' }).click();
      await app.page.getByRole('button', { name: 'Pause now' }).click();
      await expect(app.page.getByRole('heading', { name: 'The ceremony is paused' })).toBeVisible();
      await killAll(app);
      app = await startAgain(data);
      await expect(app.page.getByRole('heading', { name: 'The ceremony is paused' })).toBeVisible();
      await playTo(app.page, people, '4.6');
    });

    await test.step('in the middle of the sign-off: what was not sealed is signed again', async () => {
      const signed = app.page.getByRole('list', { name: 'Sign' }).getByText('signed', { exact: true });
      await playUntilAsked(app.page, people, 'credential');
      await move(app.page, people);
      await move(app.page, people);
      await expect(signed).toHaveCount(2);
      await killAll(app);
      app = await startAgain(data);
      await playToSeal(app.page, people);
    });

    await app.page.getByRole('button', { name: 'Go to the evidence' }).click();
    await expect(app.page.getByRole('button', { name: /^Verify hsm-key-/ })).toBeVisible();
    expect(verifyPackOf(data)).toContain('THE PACK HOLDS');
    expect(objectsIn(data), 'one key pair').toBe(2);
    expect(transcriptIn(data).match(/"type":"reopened"/g)).toHaveLength(5);
  } finally {
    await endApp(app);
  }
});
