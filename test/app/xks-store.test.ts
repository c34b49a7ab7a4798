import { play, type Cast } from '../../core/rehearsal/player';
import { PRACTICE, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
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
  expectQuiet(app);
  await drillThroughARestart(app, cast);
});

/** The drill whose program is killed and started again in the middle, at the key store that was set up last. */
async function drillThroughARestart(app: RunningApp, cast: Cast): Promise<void> {
  const station = await stationBehind(app);
  await station.leave();
  const choices = await station.choices();
  const drill = choices.ok ? choices.value.find(({ script }) => script === 'kill-drill') : undefined;
  const inputs = Object.fromEntries((drill?.inputs ?? []).map(({ name, value }) => [name, value]));
  expect(inputs).toMatchObject({ storeName: 'rehearsal-store', kmsKeyArn: expect.stringMatching(/^arn:aws:kms:eu-central-1:/) });
  const officers = (await app.page.evaluate(() => window.keyrite.call('officers', 'list', undefined))) as {
    value: { id: string; name: string }[];
  };
  const seats = Object.fromEntries(
    PRACTICE_OFFICERS.filter(({ seat }) => drill?.seats.some((one) => one.seat === seat)).map(({ seat, name }) => [
      seat,
      officers.value.find((one) => one.name === name)?.id ?? '',
    ]),
  );
  const begun = await station.start({
    script: 'kill-drill',
    runMode: 'rehearsal',
    inputs: { ...inputs, restart: 'yes' },
    seats,
    typed: '',
  });
  expect(begun).toMatchObject({ ok: true });
  const { ceremonyId } = begun.ok ? begun.value : { ceremonyId: '' };
  await playBridgeTo(app, cast, '3.4');
  await endApp(app);

  const again = await launchApp({ data: app.data });
  try {
    await (await stationBehind(again)).reopen(ceremonyId);
    expect((await snapshotOf(again)).latch.state).toBe('killed');
    // the practice PIN is no secret: the app has it again, and the proxy with it
    const ended = await play(await stationBehind(again), cast);
    expect(ended).toMatchObject({ ok: true, value: { phase: 'sealed', outcome: 'completed', exceptions: [] } });
    expect((await snapshotOf(again)).latch.state).toBe('armed');
  } finally {
    await endApp(again);
  }
}
