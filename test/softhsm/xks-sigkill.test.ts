import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultInputs } from '../../core/ceremony/variant';
import { verifyPack } from '../../core/pack/verify';
import { PRACTICE_INPUTS } from '../../core/rehearsal/practice';
import { importedKey, namedIn } from '../../core/rehearsal/practice-key';
import { openRehearsalAws } from '../../core/rehearsal/rehearsal-aws';
import { findScript } from '../../core/station/library';
import { isBusy } from './busy-machine';
import { RESOURCES } from './byok-stations';
import { hasSoftHsm, must } from './ground';
import { linesOf, prepareDeaths, type Deaths, type Throughout } from './sigkill-ground';
import { REGION } from './xks-station';

/**
 * The program dies between intents and acts, and between acts and results; the proxy, its child, dies with it, and so does the PIN.
 * What sigkill.test.ts and byok-sigkill.test.ts have shown with the same engine and acts is left out, and where an act changes nothing
 * that is not overwritten by the next try, one death is enough. With KEYRITE_TEST_DEATHS=every it dies at every write there is.
 */
const EVERY_WRITE = process.env['KEYRITE_TEST_DEATHS'] === 'every';

const around = (operation: string) => [`after intent ${operation}`, `before result ${operation}`];

const IN_STORE = [
  ...['token.healthKey', 'proxy.start', 'aws.createStore', 'aws.connectStore', 'aws.createStoreKey'].flatMap(around),
  ...['proxy.credential', 'tls.request', 'tls.practiceCertificate', 'proxy.install'].map((one) => `before result ${one}`),
  ...['proxy.selfTest', 'store.calendar', 'proxy.planArm'].map((one) => `after intent ${one}`),
  ...['aws.proveStore', 'drill.baseline', 'drill.kill', 'drill.crash', 'proxy.arm'].map((one) => `before result ${one}`),
];
const IN_DRILL = [
  ...['drill.kill', 'aws.disconnectStore', 'proxy.arm'].flatMap(around),
  ...['drill.plan', 'drill.crash', 'aws.connectStore'].map((one) => `after intent ${one}`),
  'before result drill.reconcile',
];

async function planOf(script: string, chosen: readonly string[]) {
  const found = must(await findScript(RESOURCES, script)).script;
  const all = { ...defaultInputs(found), ...PRACTICE_INPUTS };
  const inputs = Object.fromEntries(Object.entries(all).filter(([input]) => input in found.inputs));
  return { found, script, inputs, spared: [], chosen: EVERY_WRITE ? null : chosen };
}

/** What may have been called on the way: a trace that was looked for, and what a death took away from a measurement. */
const MAY_HAPPEN = /^(interrupted; [01] trace\(s\) of it$|CER-DRILL-REFUSED: \d of 5 uses were refused before)/;

function happenedIn(transcript: string): string[] {
  const lines = transcript.trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { type: string; data: { happened?: string } });
  return events.filter(({ type }) => type === 'exceptionOpened').map(({ data }) => data.happened ?? '');
}

let deaths: Deaths;
beforeAll(async () => {
  deaths = await prepareDeaths({ ...(await planOf('xks-store', IN_STORE)), withProxy: true });
});
afterAll(() => deaths.remove());

async function expectWhole(script: string, died: Throughout): Promise<void> {
  expect(died.run, died.run.said).toMatchObject({ code: 0, signal: null });
  expect(died.lost, 'what was on disk before is still there').toBe(0);
  expect(died.orphans, 'no proxy outlives its program').toBe(0);
  expect(await verifyPack(await deaths.pack(script))).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
  expect(happenedIn(died.transcript).filter((text) => !MAY_HAPPEN.test(text) && !isBusy(text))).toEqual([]);
}

describe.skipIf(!hasSoftHsm)('ceremonies of a key store whose program is killed with SIGKILL, and its proxy with it', () => {
  it(
    'xks-store makes one key, one store and one KMS key, and asks for the PIN of the proxy again',
    { timeout: EVERY_WRITE ? 7_200_000 : 900_000 },
    async () => {
      const died = await deaths.dieThroughout();
      await expectWhole('xks-store', died);
      expect(died.runs).toBeGreaterThan(IN_STORE.length - 1);
      expect(died.diedAt.filter((line) => line === 'the PIN was asked for').length).toBeGreaterThan(5);
      expect(linesOf(died.transcript, 'result', 'aws.connectStore').some((line) => line.includes('proxy.pinNeeded'))).toBe(true);
      for (const operation of ['aws.createStore', 'aws.createStoreKey']) {
        const inspected = linesOf(died.transcript, 'inspected', operation);
        const hits = inspected.map((line) => /"hits":\d/.exec(line)?.[0]);
        expect(hits, operation).toEqual(['"hits":0', '"hits":1']);
      }
      expect(await deaths.objectsOnToken(), 'the key and the health key').toBe(2);
      const aws = openRehearsalAws(join(deaths.home, 'kms'));
      const kms = must(await aws.kms({ region: REGION, runMode: 'rehearsal', as: 'administrator' }));
      expect(must(await kms.listKeys()).value).toHaveLength(1);
      await aws.stop();
    },
  );

  it(
    'kill-drill measures what it can, says what it could not, and leaves store and proxy in use',
    { timeout: EVERY_WRITE ? 7_200_000 : 600_000 },
    async () => {
      const key = must(await importedKey(await deaths.pack()));
      const { found, ...plan } = await planOf('kill-drill', IN_DRILL);
      const died = await deaths.thenDieThroughout({
        ...plan,
        inputs: { ...plan.inputs, ...namedIn(found, key), layer: 'store', restart: 'yes' },
      });
      await expectWhole('kill-drill', died);
      expect(happenedIn(died.transcript).join('\n')).toContain('CER-DRILL-REFUSED: 5 of 5 uses were refused before');
    },
  );
});
