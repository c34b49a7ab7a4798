import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PRACTICE } from '../../core/rehearsal/practice';
import { stateSchema } from '../../core/rehearsal/kms/state';
import { STATE_FILE } from '../../core/rehearsal/kms/store';
import { CEREMONY_TAG } from '../../core/station/acts/kms-plan';
import { chooseMedium } from './air-gap';
import { playBridgeTo } from './bridge-play';
import { PRACTICE_PEOPLE, type People } from './cast';
import { killAll, objectsIn, packIn, transcriptIn, verifyPackOf } from './death';
import { BYOK, serialOnDesk, startRehearsal } from './desk';
import { endApp, expect, launchApp, test, type RunningApp } from './launch';
import { expectQuiet } from './looks';
import { move, playTo, playToSeal, playUntilAsked, waitForAsked } from './people';
import { stationBehind } from './station-behind';

/** One of two stations: its app, which dies and is started again, and what its people read off the device. */
interface Half {
  readonly data: string;
  app: RunningApp;
  readonly people: People;
  readonly cast: typeof PRACTICE & { readonly entries: Readonly<Record<string, string>> };
}

interface Line {
  readonly type: string;
  readonly hash: string;
  readonly data: { readonly operation?: string; readonly ok?: boolean; readonly data?: Readonly<Record<string, unknown>> };
}

const CREATE_KEY = 'aws.createKey';

const linesOf = ({ data }: Half): Line[] =>
  transcriptIn(data)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** Types of the events of one act, in order. */
const eventsOf = (half: Half, operation: string): string[] =>
  linesOf(half)
    .filter(({ data }) => data.operation === operation)
    .map(({ type }) => type);

const resultOf = (half: Half, operation: string) =>
  linesOf(half).find(({ type, data }) => type === 'result' && data.operation === operation && data.ok === true)?.data.data;

/** Opens a station that nobody has used, and begins its half by the start form. */
async function begin(data: string, leg: string): Promise<Half> {
  await mkdir(data, { recursive: true });
  const app = await launchApp({ data });
  const serial = await serialOnDesk(app.page);
  const answers = { Stations: leg, Key: 'HMAC with SHA-256', 'Wrapping key': 'RSA, 2048 bits' };
  await startRehearsal(app.page, answers, undefined, BYOK);
  const entries = { hsmSerial: serial, expiry: 'never', owner: 'none' };
  return { data, app, people: { ...PRACTICE_PEOPLE, serial }, cast: { ...PRACTICE, entries } };
}

const bridgeTo = ({ app, cast }: Half, step: string): Promise<void> => playBridgeTo(app, cast, step);

/** Starts the app on what the killed one left, and continues from the Desk. */
async function startAgain(half: Half): Promise<void> {
  half.app = await launchApp({ data: half.data });
  const { page } = half.app;
  await page.getByRole('button', { name: 'Continue' }).click({ timeout: 30_000 });
  await expect(page.getByRole('heading', { level: 1, name: BYOK })).toBeVisible({ timeout: 30_000 });
}

/** From now on KMS does this and its answer is never sent: between an act and its result there is all the time in the world. */
async function holdAnswers({ electron }: RunningApp, operation: string): Promise<() => Promise<void>> {
  await electron.evaluate((_, target) => {
    const { prototype } = process.getBuiltinModule('node:http').ServerResponse;
    const end = Reflect.get(prototype, 'end') as (...given: unknown[]) => typeof prototype;
    const room = globalThis as { answerHeld?: Promise<void> };
    room.answerHeld = new Promise((resolve) => {
      prototype.end = function (this: typeof prototype, ...given: unknown[]) {
        if (this.req.headers['x-amz-target'] !== target) return Reflect.apply(end, this, given);
        resolve();
        return this;
      };
    });
  }, `TrentService.${operation}`);
  return () => electron.evaluate(() => (globalThis as { answerHeld?: Promise<void> }).answerHeld);
}

/** The power is cut when KMS has made the key and the station has not heard of it. People look, and adopt what is there. */
async function dieInCreateKey(half: Half): Promise<void> {
  const { people } = half;
  await playUntilAsked(half.app.page, people, 'act');
  const held = await holdAnswers(half.app, 'CreateKey');
  await half.app.page.getByRole('button', { name: /\(D\)$/ }).click();
  await held();
  expect(eventsOf(half, CREATE_KEY)).toEqual(['intent']);
  await killAll(half.app);
  expect(eventsOf(half, CREATE_KEY)).toEqual(['intent']);

  await startAgain(half);
  const { page } = half.app;
  await playUntilAsked(page, people, 'inspection');
  await expect(page.getByText(/First AWS KMS is asked/)).toBeVisible();
  await move(page, people);
  expect(await waitForAsked(page)).toBe('recovery');
  await expect(page.getByText('Exactly one trace of it was found: the act happened.')).toBeVisible();
  await playTo(page, people, '3.8');
}

/** The step with the medium by clicks, and on by clicks to the step that reads it out. */
async function carry(half: Half, which: 'out' | 'back', folder: string, readOutStep: string): Promise<void> {
  await playUntilAsked(half.app.page, half.people, 'act');
  await chooseMedium(half.app, which, folder);
  await playTo(half.app.page, half.people, readOutStep);
}

/** Reads the fingerprint on the stage out, row by row; what was read. */
async function readOut({ app, people }: Half): Promise<readonly string[]> {
  const form = (await stationBehind(app)).current()?.step?.do.form;
  if (form?.kind !== 'compare') throw new Error('Nothing is read out at this step.');
  await playUntilAsked(app.page, people, 'seal');
  return form.rows.map((row) => JSON.stringify([row.n, row.words]));
}

async function toTheSeal(half: Half): Promise<void> {
  await bridgeTo(half, '6.5');
  await playToSeal(half.app.page, half.people);
  expectQuiet(half.app);
}

/** What the rehearsal KMS of a station keeps on disk. */
async function keysInKms({ data }: Half) {
  const { keys } = stateSchema.parse(JSON.parse(await readFile(join(data, 'rehearsal-kms', STATE_FILE), 'utf8')));
  return Object.values(keys);
}

/** Each half took in what the other had written, and says where in the other's record it was written. */
function expectChained(online: Half, offline: Half): void {
  for (const [taker, writer, operation] of [
    [offline, online, 'bundle.readOut'],
    [online, offline, 'bundle.readBack'],
  ] as const) {
    const written = linesOf(writer).map(({ hash }) => hash);
    const taken = resultOf(taker, operation);
    expect(taken).toMatchObject({ from: basename(packIn(writer.data)), genesis: written[0] });
    expect(written.slice(1)).toContain(taken?.['prevHead']);
  }
}

test.skip(process.platform !== 'linux', 'Processes are watched through /proc.');

test('two stations that both die on the way bring one HSM key into one KMS key, and their records are chained', async ({
  data,
}) => {
  test.setTimeout(480_000);
  const [out, back] = [join(data, 'medium-out'), join(data, 'medium-back')];
  await Promise.all([mkdir(out), mkdir(back)]);
  const halves: Half[] = [];
  try {
    const online = await begin(join(data, 'online'), 'This is the online station, with AWS');
    halves.push(online);
    let outRead: readonly string[] = [];
    let backRead: readonly string[] = [];

    await test.step('online: the key is made in KMS, the app dies before it hears so, and the OUT medium is written', async () => {
      await bridgeTo(online, '3.7');
      await dieInCreateKey(online);
      await bridgeTo(online, '3.12');
      await carry(online, 'out', out, '3.14');
      outRead = await readOut(online);
      await bridgeTo(online, '5.1');
    });

    await cp(join(online.data, 'officers'), join(data, 'offline', 'officers'), { recursive: true });
    const offline = await begin(join(data, 'offline'), 'This is the offline station, with the HSM');
    halves.push(offline);

    await test.step('offline: the app dies between trusting and wrapping, and the BACK medium is written', async () => {
      await bridgeTo(offline, '4.2');
      await carry(offline, 'out', out, '4.3');
      expect(await readOut(offline)).toEqual(outRead);
      await bridgeTo(offline, '4.9');
      expect(eventsOf(offline, 'token.trustWrappingKey')).toContain('result');
      await killAll(offline.app);
      expect(eventsOf(offline, 'token.wrap')).toEqual([]);
      await startAgain(offline);
      await bridgeTo(offline, '4.13');
      await carry(offline, 'back', back, '4.15');
      backRead = await readOut(offline);
      await toTheSeal(offline);
    });

    await test.step('online: the BACK medium is taken in, and the app dies between import and proof', async () => {
      await carry(online, 'back', back, '5.2');
      expect(await readOut(online)).toEqual(backRead);
      await bridgeTo(online, '5.8');
      expect(eventsOf(online, 'aws.import')).toContain('result');
      await killAll(online.app);
      expect(eventsOf(online, 'aws.prove')).toEqual([]);
      await startAgain(online);
      await toTheSeal(online);
    });

    for (const half of halves) await endApp(half.app);
    for (const half of halves) expect(verifyPackOf(half.data)).toContain('THE PACK HOLDS');
    expectChained(online, offline);
    expect(objectsIn(offline.data), 'the key, and no wrapping key').toBe(1);
    expect(await keysInKms(online)).toMatchObject([
      {
        spec: 'HMAC_256',
        origin: 'EXTERNAL',
        materials: [{ state: 'CURRENT' }],
        regions: { 'eu-central-1': { isEnabled: true, tags: [{ key: CEREMONY_TAG, value: basename(packIn(online.data)) }] } },
      },
    ]);
  } finally {
    for (const { app } of halves) await endApp(app);
  }
});
