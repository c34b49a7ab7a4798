import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Inputs } from '../../core/ceremony/variant';
import type { CeremonyView, ExceptionView } from '../../core/ceremony/view-model';
import type { TranscriptEvent } from '../../core/evidence/event';
import { Journal } from '../../core/pack/journal';
import { verifyPack } from '../../core/pack/verify';
import { importedKey, namedIn, type ImportedKey } from '../../core/rehearsal/practice-key';
import { findScript } from '../../core/station/library';
import { isBusy } from './busy-machine';
import { RESOURCES } from './byok-stations';
import { childrenWith } from './children';
import { bytes, hasSoftHsm, must } from './ground';
import { oneStation } from './one-xks-station';
import { happened, practicePin, STORE, type XksStation } from './xks-station';

/**
 * What xks-sigkill.test.ts does to the program is done here to its children: when an act has been begun, the proxy and the process that
 * holds the token are killed with SIGKILL. The program lives on, and so must the ceremony: a child comes back by itself, or a person is
 * asked for a PIN. A death after an act is one before the next: what the act did is the program's by then.
 */
const PROXY = 'proxy-child';
const TOKEN = 'token-child';

/** What may be called on the way: an act that lost its token, a trace that was looked for. */
const MAY_HAPPEN = /^(token\.moduleCrashed, |interrupted; [01] trace\(s\) of it$)/;

/** After so many deaths somebody starts the proxy anew: five crashes in ten minutes are the limit, and the last ones wait for seconds. */
const PATIENCE = 3;

let one: XksStation;
let key: ImportedKey;
oneStation((station) => (one = station));

/** operations at whose beginning children have died */
let diedAt: Set<unknown>;
let deaths: { proxy: number; token: number };
/** deaths of the proxy since a person started it */
let sinceStart: number;

function killed(child: string): number {
  const pids = childrenWith(child);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}

function killAt({ data: { operation } }: TranscriptEvent): void {
  if (diedAt.has(operation)) return;
  diedAt.add(operation);
  const proxies = killed(PROXY);
  deaths = { proxy: deaths.proxy + proxies, token: deaths.token + killed(TOKEN) };
  sinceStart += proxies;
}

const append = Object.getOwnPropertyDescriptor(Journal.prototype, 'append')?.value as Journal['append'];
beforeEach(() => {
  [diedAt, deaths, sinceStart] = [new Set(), { proxy: 0, token: 0 }, 0];
  Journal.prototype.append = async function (this: Journal, event) {
    const written = await append.call(this, event);
    if (event.type === 'intent') killAt(event);
    return written;
  };
});
afterEach(() => {
  Journal.prototype.append = append;
});

/** An act that failed is done once more; what a death took away from a measurement is accepted. More than one for each act is no end. */
const decide = ({ allowed, number }: ExceptionView): ExceptionView['allowed'][number] => {
  if (number > diedAt.size) return 'stop';
  return allowed.includes('continue') ? 'continue' : allowed.includes('repeat') ? 'repeat' : 'stop';
};

/** More slips than a ceremony has acts. */
const MAX_SLIPS = 40;

/** Plays a ceremony to its end; people start the proxy where it is asked for, and before it is given up, and try again what slipped. */
async function played(script: string, inputs: Inputs): Promise<CeremonyView> {
  const station = one.open();
  must(await one.start(station, script, inputs));
  for (let slips = 0; slips < MAX_SLIPS; slips += 1) {
    const got = await one.playUntil(station, () => sinceStart >= PATIENCE, { decide });
    if (got.ok && got.value.phase === 'sealed') {
      await station.leave();
      return got.value;
    }
    if (got.ok || got.error.code.startsWith('proxy.')) must(await one.proxy.start(practicePin()));
    if (got.ok) sinceStart = 0;
  }
  throw new Error('The ceremony does not come to an end.');
}

async function later(script: string, inputs: Inputs = {}): Promise<CeremonyView> {
  const found = must(await findScript(RESOURCES, script));
  return played(script, { ...namedIn(found.script, key), ...inputs });
}

/** What comes back of what was encrypted under the key, or why nothing does. */
async function used(): Promise<string> {
  const kms = await one.kms();
  const request = { keyId: key.kmsKeyArn, context: {}, algorithm: 'SYMMETRIC_DEFAULT' } as const;
  const sealed = await kms.encrypt({ ...request, plaintext: bytes('the secret of the day') });
  if (!sealed.ok) return sealed.error.code;
  const opened = await kms.decrypt({ ...request, ciphertext: sealed.value.value });
  return opened.ok ? new TextDecoder().decode(opened.value.value) : opened.error.code;
}

/** @param least deaths there must have been, so that this is about them */
async function expectWhole(view: CeremonyView, least: typeof deaths): Promise<void> {
  expect([deaths.proxy >= least.proxy, deaths.token >= least.token], JSON.stringify(deaths)).toEqual([true, true]);
  expect([view.outcome, happened(view).filter((text) => !MAY_HAPPEN.test(text) && !isBusy(text))]).toEqual(['completed', []]);
  expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
  expect(await one.store()).toMatchObject({ name: STORE, connectionState: 'CONNECTED' });
  // the last death may be a moment ago, and a busy machine may be slower than KMS waits
  await expect.poll(used, { timeout: 60_000 }).toBe('the secret of the day');
  expect(childrenWith(PROXY)).toHaveLength(1);
}

describe.skipIf(!hasSoftHsm || process.platform !== 'linux')(
  'ceremonies of a key store whose proxy and token process are killed with SIGKILL at every act',
  { timeout: 900_000 },
  () => {
    it('xks-store makes one key, one store and one KMS key', async () => {
      const view = await played('xks-store', {});
      key = must(await importedKey(join(one.evidence, view.ceremonyId)));
      await expectWhole(view, { proxy: 15, token: 20 });
      expect(must(await (await one.kms()).listKeys()).value).toHaveLength(1);
    });

    it('kill-drill leaves store and proxy in use', async () => {
      await expectWhole(await later('kill-drill', { layer: 'store' }), { proxy: 10, token: 0 });
    });

    it('xks-rotate-credential leaves one credential', async () => {
      const before = (await one.store())?.accessKeyId;
      await expectWhole(await later('xks-rotate-credential'), { proxy: 6, token: 0 });
      const { accessKeyId } = (await one.store()) ?? {};
      expect(accessKeyId).not.toBe(before);
      const { credentials } = must(await one.proxy.ask({ verb: 'status' }));
      expect(credentials.filter(({ store }) => store === STORE).map((row) => row.accessKeyId)).toEqual([accessKeyId]);
    });

    it('xks-rotate-key leaves the next key in use, and the first one for what it encrypted', async () => {
      await expectWhole(await later('xks-rotate-key', { keyLabel: key.keyLabel }), { proxy: 6, token: 6 });
    });
  },
);
