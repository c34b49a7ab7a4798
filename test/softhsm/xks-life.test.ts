import { readdirSync, readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { pullKillSwitch } from '../../core/control/kill';
import { verifyPack } from '../../core/pack/verify';
import { importedKey, namedIn, type ImportedKey } from '../../core/rehearsal/practice-key';
import { PRACTICE } from '../../core/rehearsal/practice';
import { openCalendar } from '../../core/station/calendar';
import { findScript } from '../../core/station/library';
import { isBusy } from './busy-machine';
import { RESOURCES } from './byok-stations';
import { bytes, hasSoftHsm, must } from './ground';
import { hits, secretOf, secretPem, secretsIn, type Secret } from './secrets-of';
import { oneStation } from './one-xks-station';
import { happened, OWNER, practicePin, STORE, type XksStation } from './xks-station';

const DAY_MS = 86_400_000;
const CONTEXT = { purpose: 'a test' };

let one: XksStation;
let key: ImportedKey;
oneStation((station) => (one = station));

/** Completed, without an exception that is not the machine's, and its pack verifies. */
async function expectGood(view: CeremonyView): Promise<void> {
  expect([view.outcome, happened(view).filter((text) => !isBusy(text))]).toEqual(['completed', []]);
  expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
}

/** A later ceremony about the key of the first, from its opening to its seal. */
async function later(script: string, inputs: Readonly<Record<string, string>> = {}): Promise<CeremonyView> {
  const found = must(await findScript(RESOURCES, script));
  return one.through(script, { ...namedIn(found.script, key), ...inputs });
}

async function dataOf({ ceremonyId }: CeremonyView, operation: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(join(one.evidence, ceremonyId, 'transcript.jsonl'), 'utf8');
  const lines = text.trimEnd().split('\n');
  const results = lines.map((line) => JSON.parse(line) as { type: string; data: Record<string, unknown> });
  const found = results.findLast(({ type, data }) => type === 'result' && data['operation'] === operation);
  return (found?.data['data'] ?? {}) as Readonly<Record<string, unknown>>;
}

async function encrypted(): Promise<Uint8Array> {
  const plaintext = bytes('the secret of the day');
  const kms = await one.kms();
  const request = { keyId: key.kmsKeyArn, plaintext, context: CONTEXT, algorithm: 'SYMMETRIC_DEFAULT' } as const;
  return must(await kms.encrypt(request)).value;
}

async function decrypted(ciphertext: Uint8Array): Promise<string> {
  const kms = await one.kms();
  const request = { keyId: key.kmsKeyArn, ciphertext, context: CONTEXT, algorithm: 'SYMMETRIC_DEFAULT' } as const;
  const answer = await kms.decrypt(request);
  return answer.ok ? new TextDecoder().decode(answer.value.value) : answer.error.code;
}

/** Everything that must not be written down anywhere but in the file that is made for it. */
const secrets = new Map<string, Secret>();

/** Takes note of the secrets there are now: some of them go later. */
async function noteSecrets(): Promise<void> {
  const folder = join(one.proxyFolder, 'secrets');
  for (const name of await readdir(folder)) secrets.set(name, secretOf(name, await readFile(join(folder, name))));
  secrets.set('PIN', secretOf('PIN', practicePin()));
  secrets.set('TLS key', secretPem('TLS key', await readFile(join(one.proxyFolder, 'tls', 'key.pem'), 'utf8')));
}

/** Environment and arguments of this process, and of every process below it: token child, proxy, HSM process. */
function saidToProcesses(): { texts: string[]; processes: number } {
  const family = new Set([process.pid]);
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const];
      } catch {
        return []; // it ended meanwhile
      }
    });
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  const texts = [...family].flatMap((pid) =>
    ['environ', 'cmdline'].flatMap((name) => {
      try {
        return [readFileSync(`/proc/${pid}/${name}`, 'latin1')];
      } catch {
        return [];
      }
    }),
  );
  return { texts, processes: family.size };
}

describe.skipIf(!hasSoftHsm)('the life of an external key store, script by script, at one station', { timeout: 180_000 }, () => {
  it('xks-store makes key, proxy, key store and KMS key, and the first drill holds', async () => {
    const view = await one.through('xks-store');
    await expectGood(view);
    key = must(await importedKey(join(one.evidence, view.ceremonyId)));
    expect(await one.store()).toMatchObject({ name: STORE, connectionState: 'CONNECTED', connectionErrorCode: null });
    const { keyStore, state } = must(await (await one.kms()).describeKey(key.kmsKeyArn)).value;
    expect([state, keyStore?.xksKeyId]).toEqual(['Enabled', key.keyLabel]);
    expect(await decrypted(await encrypted())).toBe('the secret of the day');
    expect(must(await one.proxy.ask({ verb: 'status' })).latch.killed).toBe(false);

    const names = await readdir(join(one.evidence, view.ceremonyId, 'artefacts'));
    expect(names).toEqual(
      expect.arrayContaining([
        ...['key-plan.json', 'certificate-request.pem', 'certificate.pem', 'proxy-settings.toml', 'proxy-policy.cedar'],
        ...['proxy-test.json', 'proxy-latency.json', 'key-store-plan.json', 'key-policy.json', 'kms-key-plan.json'],
        ...['xks-alarms.yaml', 'certificate.ics', 'credential.ics', 'drill.ics', 'drill-plan.json'],
      ]),
    );
    const entries = must(await openCalendar(one.ground.calendarFile).list());
    expect(entries.map(({ kind, owner }) => `${kind} ${owner}`).toSorted()).toEqual(
      ['certificate', 'credential', 'drill'].map((kind) => `${kind} ${OWNER}`),
    );
    expect(await readdir(one.ground.privateFolder).catch(() => [])).toEqual([]);
    await noteSecrets();
  });

  it('kill-drill at the switch of the proxy measures the kill, and the proxy serves afterwards', async () => {
    const view = await later('kill-drill', { layer: 'proxy' });
    await expectGood(view);
    const times = await dataOf(view, 'drill.kill');
    expect(times).toMatchObject({ how: 'acknowledged' });
    expect(times['refusedAfterMs']).toBeGreaterThanOrEqual(0);
    expect(await decrypted(await encrypted())).toBe('the secret of the day');
  });

  it('kill-drill at the key store as well disconnects it, and connects it again', async () => {
    const view = await later('kill-drill', { layer: 'store' });
    await expectGood(view);
    expect(await dataOf(view, 'aws.disconnectStore')).toMatchObject({ connectionState: 'DISCONNECTED' });
    expect(await one.store()).toMatchObject({ connectionState: 'CONNECTED' });
    expect(await decrypted(await encrypted())).toBe('the secret of the day');
  });

  it('proxy-arm gives back what somebody killed from outside, and says who it was', async () => {
    const ciphertext = await encrypted();
    const end = await pullKillSwitch(join(one.proxyFolder, 'state'), { who: 'night guard', why: 'smoke in the room' });
    expect(end).toMatchObject({ how: 'acknowledged', answer: { restart: 'same' } });
    expect(await decrypted(ciphertext)).toBe('aws.invalidState');
    const view = await later('proxy-arm');
    await expectGood(view);
    expect(await dataOf(view, 'proxy.planArm')).toMatchObject({ killedBy: 'night guard' });
    expect(await decrypted(ciphertext)).toBe('the secret of the day');
  });

  it('xks-disconnect leaves the key unavailable where it is to stay so, and connects it again where it is not', async () => {
    const ciphertext = await encrypted();
    await expectGood(await later('xks-disconnect', { back: 'stay' }));
    expect(await one.store()).toMatchObject({ connectionState: 'DISCONNECTED' });
    expect(must(await (await one.kms()).describeKey(key.kmsKeyArn)).value.state).toBe('Unavailable');
    await expectGood(await later('xks-disconnect', { back: 'connect' }));
    expect(await one.store()).toMatchObject({ connectionState: 'CONNECTED' });
    expect(await decrypted(ciphertext)).toBe('the secret of the day');
  });

  it('kms-disable has a real use refused until it is enabled again, in the same ceremony or in a later one', async () => {
    const ciphertext = await encrypted();
    await expectGood(await later('kms-disable', { change: 'disable' }));
    expect(await decrypted(ciphertext)).toBe('aws.disabled');
    const enabling = await later('kms-disable', { change: 'enable' });
    await expectGood(enabling);
    expect(await dataOf(enabling, 'aws.enableKey')).toMatchObject({ state: 'Enabled', use: 'the use succeeded' });
    expect(await decrypted(ciphertext)).toBe('the secret of the day');
    const both = await later('kms-disable', { change: 'both' });
    await expectGood(both);
    expect(await dataOf(both, 'aws.disableKey')).toMatchObject({ state: 'Disabled', use: 'aws.disabled' });
    expect(await decrypted(ciphertext)).toBe('the secret of the day');
  });

  it('xks-rotate-credential refuses nobody on the way, and leaves one credential: the new one', async () => {
    const ciphertext = await encrypted();
    const before = (await one.store())?.accessKeyId;
    const seen = new Set<string>();
    let use: Promise<void> = Promise.resolve();
    const found = must(await findScript(RESOURCES, 'xks-rotate-credential'));
    const view = await one.through('xks-rotate-credential', namedIn(found.script, key), {
      onMove: () => {
        use = use.then(async () => void seen.add(await decrypted(ciphertext)));
      },
    });
    await use;
    await expectGood(view);
    await noteSecrets();
    expect([...seen]).toEqual(['the secret of the day']);
    const { accessKeyId } = (await one.store()) ?? {};
    expect(accessKeyId).not.toBe(before);
    const { credentials } = must(await one.proxy.ask({ verb: 'status' }));
    expect(credentials.filter(({ store }) => store === STORE).map((row) => row.accessKeyId)).toEqual([accessKeyId]);
    expect(await readdir(join(one.proxyFolder, 'secrets')), 'the old secret went after the last use').toEqual([accessKeyId]);
  });

  it('xks-rotate-key encrypts with the next key of the same label and still decrypts what the first one encrypted', async () => {
    const ciphertext = await encrypted();
    const view = await later('xks-rotate-key', { keyLabel: key.keyLabel });
    await expectGood(view);
    const { was, now } = await dataOf(view, 'store.after');
    expect(was).not.toBe(now);
    expect(await decrypted(ciphertext)).toBe('the secret of the day');
    expect(await decrypted(await encrypted())).toBe('the secret of the day');
    must(await one.proxy.crash());
    expect(await decrypted(ciphertext), 'the settings on disk are those in force').toBe('the secret of the day');
  });

  it('nothing of all this wrote a secret down: no pack, journal, log, trail or setting, no environment and no argument', async () => {
    const all = [...secrets.values()];
    expect(all, 'two credentials, PIN and TLS key').toHaveLength(4);
    const settings = await readFile(join(one.proxyFolder, 'settings.toml'), 'utf8');
    expect(settings).toContain('pin_from = "supervisor"');
    const made = ['secrets', 'tls'].map((name) => join(one.proxyFolder, name));
    const { found, files } = await secretsIn(
      [one.evidence, one.proxyFolder, join(one.home, 'kms', 'rehearsal-trail')],
      all,
      (path) => made.some((folder) => path.startsWith(folder)),
    );
    expect(found).toEqual([]);
    const kept = (await secretsIn(made, all)).found.map((line) => line.slice(line.lastIndexOf(': ') + 2));
    const now = (await one.store())?.accessKeyId;
    expect(kept, 'the search finds what is there, and an old credential is there no longer').toEqual([now, 'TLS key']);
    expect(files).toBeGreaterThan(100);
    expect(await readFile(join(one.proxyFolder, 'process.log'), 'utf8')).not.toContain(PRACTICE.userPin);
    if (process.platform !== 'linux') return;
    const { texts, processes } = saidToProcesses();
    expect(processes).toBeGreaterThan(2);
    expect(hits(texts, all)).toEqual([]);
  });

  it('xks-retire schedules the end of the KMS keys, and refuses to delete the store before they are gone', async () => {
    await expectGood(await later('xks-retire', { phase: 'schedule', deletionDays: '7' }));
    expect(must(await (await one.kms()).describeKey(key.kmsKeyArn)).value.state).toBe('PendingDeletion');
    const early = await later('xks-retire', { phase: 'delete' });
    expect(early.outcome).toBe('aborted');
    expect(happened(early).join()).toContain('aws.storeHasKeys');
    expect(await one.store()).not.toBeNull();
  });

  it('xks-retire deletes the store when the waiting period is over', async () => {
    await must(await one.aws.running()).advance(8 * DAY_MS);
    one.clock.offsetMs += 8 * DAY_MS;
    await expectGood(await later('xks-retire', { phase: 'delete' }));
    expect(await one.store()).toBeNull();
  });
});
