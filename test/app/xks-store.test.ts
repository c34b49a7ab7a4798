import { play, type Cast } from '../../core/rehearsal/player';
import { PRACTICE, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
import { isBusy } from '../softhsm/busy-machine';
import { playBridgeTo } from './bridge-play';
import { PRACTICE_PEOPLE, type People } from './cast';
import { serialOnDesk, startRehearsal, XKS_STORE } from './desk';
import { endApp, expect, launchApp, test, type RunningApp } from './launch';
import { expectAccessible, expectQuiet, picture } from './looks';
import { playTo, playToSeal, playUntilAsked } from './people';
import { snapshotOf } from './proxy-ground';
import { stationBehind } from './station-behind';

const OWNER = 'Ada Practice';

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
  await playBridgeTo(app, cast, '4.14');
  await lookAt(app, people, '4.14', 'xks-proof');
  await playBridgeTo(app, cast, '5.9');
  await lookAt(app, people, '5.9', 'kill-drill');
  expect((await snapshotOf(app)).latch.state).toBe('killed');
  await playBridgeTo(app, cast, '6.4');
  await playToSeal(page, people);
  expect(await snapshotOf(app)).toMatchObject({ isSetUp: true, latch: { state: 'armed' }, process: { phase: 'ready' } });
  await page.getByRole('button', { name: 'Go to the evidence' }).click();
  await page.getByRole('button', { name: /^Verify xks-store-/ }).click();
  await expect(page.getByRole('region', { name: /^xks-store-/ }).getByText('The pack is intact')).toBeVisible();
  expectQuiet(app);
  const again = await drillThroughARestart(app, cast);
  try {
    await rotate(again, cast);
  } finally {
    await endApp(again);
  }
});

/** Starts a script with what the station suggests for it, which is the key store that was set up last. */
async function begin(app: RunningApp, script: string, changed: Readonly<Record<string, string>> = {}): Promise<string> {
  const station = await stationBehind(app);
  await station.leave();
  const choices = await station.choices();
  const choice = choices.ok ? choices.value.find((one) => one.script === script) : undefined;
  const inputs = Object.fromEntries((choice?.inputs ?? []).map(({ name, value }) => [name, value]));
  expect(inputs).toMatchObject({ storeName: 'rehearsal-store' });
  const officers = (await app.page.evaluate(() => window.keyrite.call('officers', 'list', undefined))) as {
    value: { id: string; name: string }[];
  };
  const seats = Object.fromEntries(
    PRACTICE_OFFICERS.filter(({ seat }) => choice?.seats.some((one) => one.seat === seat)).map(({ seat, name }) => [
      seat,
      officers.value.find((one) => one.name === name)?.id ?? '',
    ]),
  );
  const begun = await station.start({ script, runMode: 'rehearsal', inputs: { ...inputs, ...changed }, seats, typed: '' });
  expect(begun).toMatchObject({ ok: true });
  return begun.ok ? begun.value.ceremonyId : '';
}

/** Plays a ceremony that has been begun to its seal: completed, and without an exception that is not the machine's. */
async function expectCompleted(app: RunningApp, cast: Cast): Promise<void> {
  const played = await play(await stationBehind(app), cast);
  expect(played).toMatchObject({ ok: true, value: { phase: 'sealed', outcome: 'completed' } });
  const exceptions = played.ok ? played.value.exceptions.map(({ happened }) => happened) : [];
  expect(exceptions.filter((text) => !isBusy(text))).toEqual([]);
}

/** The drill whose program is killed and started again in the middle. */
async function drillThroughARestart(app: RunningApp, cast: Cast): Promise<RunningApp> {
  const ceremonyId = await begin(app, 'kill-drill', { restart: 'yes' });
  await playBridgeTo(app, cast, '3.4');
  await endApp(app);
  const again = await launchApp({ data: app.data });
  await (await stationBehind(again)).reopen(ceremonyId);
  expect((await snapshotOf(again)).latch.state).toBe('killed');
  // the practice PIN is no secret: the app has it again, and the proxy with it
  await expectCompleted(again, cast);
  expect((await snapshotOf(again)).latch.state).toBe('armed');
  return again;
}

/** Credential and key of the store are replaced while it serves. */
async function rotate(app: RunningApp, cast: Cast): Promise<void> {
  for (const script of ['xks-rotate-credential', 'xks-rotate-key']) {
    const before = (await snapshotOf(app)).status?.credentials.map(({ accessKeyId }) => accessKeyId);
    await begin(app, script);
    await expectCompleted(app, cast);
    const after = (await snapshotOf(app)).status?.credentials.map(({ accessKeyId }) => accessKeyId);
    expect(after).toHaveLength(1);
    if (script === 'xks-rotate-credential') expect(after).not.toEqual(before);
  }
}
