import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serversJoin } from '../../../../core/station/acts/servers-join';
import { serversReadLogs } from '../../../../core/station/acts/servers-logs';
import { serversGenerations } from '../../../../core/station/acts/store-generations';
import { generationOf } from '../../../../core/pack/generation';
import { planOf } from '../../deployment/plans';
import { request, started, timeAt, writeAudit, type SampleEvent } from '../../pack/sample-audit';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const [OLD, NEW] = ['A'.repeat(20), 'B'.repeat(20)];
const KEY = 'arn:aws:kms:eu-central-1:000000000000:key/key-1';
const PLAN = planOf({
  accessKeyId: NEW,
  olderCredentials: [{ accessKeyId: OLD, secretAccessKey: { from: 'file', path: '/secrets/old' } }],
});

/** AWS KMS is given the new credential at 08:01:40. */
const UPDATED = 100;

let record: ActRecord;
/** by the clock of the station */
let now: Date;
beforeEach(async () => {
  now = new Date(timeAt(2_000));
  record = await actRecord({ ...STORE_INPUTS, fleetSize: '2' }, { now: () => now });
  record.known('aws.findStoreKey', { keyArn: KEY });
});
afterEach(() => record.remove());

const reloaded = (at: number, why: string): SampleEvent => ({ at, type: 'reloaded', data: { who: 'ada', why, changed: [] } });
const used = (at: number, id: string, more: Readonly<Record<string, unknown>> = {}): SampleEvent =>
  request(at, id, { kmsKeyArn: KEY, accessKeyId: NEW, ...more });

async function read(...logs: readonly (readonly SampleEvent[])[]) {
  for (const [i, events] of logs.entries())
    await writeAudit(join(record.media('back'), 'servers', `hsm-${i}`), [started(0), ...events], `hsm-${i}`);
  return record.done('servers.readLogs', serversReadLogs);
}

async function gotOf(rule: string, ...logs: readonly (readonly SampleEvent[])[]): Promise<string> {
  return value(await read(...logs)).checks.find((one) => one.rule === rule)?.got ?? 'no such check';
}

describe('copies of logs', () => {
  it('have a line for every use of this ceremony, on whatever host', async () => {
    record.known('store.before', { requestId: 'call-1' });
    record.known('aws.proveStore', { calls: [{ operation: 'Encrypt', requestId: 'call-2', apis: ['Encrypt'] }] });
    expect(await gotOf('CER-SERVERS-REACH', [used(1, 'call-1')], [])).toBe('none for call-2');
    expect(failedRules(await read([used(1, 'call-1')], [used(2, 'call-2')]))).toEqual([]);
  });

  it('say that each host took over the settings that were carried to it last', async () => {
    record.known('servers.export', { change: 2 });
    const [first, second] = ['xks-store-1 change 1', 'xks-store-1 change 2'];
    expect(await gotOf('CER-SERVERS-RELOADED', [reloaded(1, second)], [reloaded(1, first)])).toBe(
      `hsm-1: its last reload says "${first}"`,
    );
    expect(await gotOf('CER-SERVERS-RELOADED', [reloaded(1, second)], [])).toBe('hsm-1: no reload in its log');
    const undone = [reloaded(1, second), reloaded(2, 'put back')];
    expect(await gotOf('CER-SERVERS-RELOADED', [reloaded(1, second)], undone)).toBe('hsm-1: its last reload says "put back"');
    expect(failedRules(await read([reloaded(1, second)], [reloaded(1, first), reloaded(2, second)]))).toEqual([]);
  });

  it('are of the very hosts whose settings were taken in', async () => {
    record.known('servers.readSettings', { hosts: ['hsm-0', 'hsm-9'] });
    const done = await read([], []);
    expect(failedRules(done)).toEqual(['CER-SERVERS-FLEET']);
    expect(value(done).checks[0]?.got).toBe('2 hosts: hsm-0, hsm-1; settings came from none named hsm-1; no log of hsm-9');
    record.known('servers.readSettings', { hosts: ['hsm-0', 'hsm-1'] });
    expect(failedRules(await read([], []))).not.toContain('CER-SERVERS-FLEET');
  });

  describe('in the rotation of a credential', () => {
    beforeEach(() => {
      record.known('servers.export', { change: 0, deployment: PLAN });
      record.known('aws.updateStore', { accessKeyId: NEW, updatedAt: timeAt(UPDATED) });
    });
    const old = (at: number) => used(at, 'somebody', { accessKeyId: OLD });
    const QUIET = 'CER-CREDENTIAL-QUIET';

    it('are long enough on every host to say that the old one is quiet', async () => {
      expect(await gotOf(QUIET, [used(UPDATED + 2, 'x')], [old(UPDATED - 5)])).toMatch(
        /^hsm-1: its log ends at .*, too early to say$/,
      );
      expect(await gotOf(QUIET, [used(UPDATED + 2, 'x')], [old(UPDATED + 5), used(UPDATED + 5.5, 'x')])).toBe(
        `hsm-1: ${OLD} is still in use`,
      );
      expect(failedRules(await read([used(UPDATED + 2, 'x')], [old(UPDATED + 5), used(UPDATED + 7, 'x')]))).toEqual([]);
    });

    it('are watched for a quarter of an hour where it counts', async () => {
      Object.assign(record.context().state, { runMode: 'production' });
      const early = [used(UPDATED + 899, 'x')];
      expect(await gotOf(QUIET, early, early)).toMatch(/^hsm-0: .*too early to say; hsm-1: .*too early to say$/);
      const late = [used(UPDATED + 901, 'x')];
      expect(failedRules(await read(late, late))).toEqual([]);
      expect(await gotOf(QUIET, late, [old(UPDATED + 60), ...late])).toBe(`hsm-1: ${OLD} is still in use`);
    });

    it('say nothing before the time has passed here too: a host can set its clock', async () => {
      Object.assign(record.context().state, { runMode: 'production' });
      const ahead = [used(UPDATED + 2, 'x'), reloaded(UPDATED + 1_200, 'by a clock that is twenty minutes ahead')];
      now = new Date(timeAt(UPDATED + 125));
      expect(await gotOf(QUIET, ahead, ahead)).toMatch(
        /^hsm-0: too early to say, by the clock of this station; hsm-1: too early/,
      );
      now = new Date(timeAt(UPDATED + 1_000));
      expect(await gotOf(QUIET, ahead, ahead)).toMatch(/^hsm-0: its log ends at .*, which is still to come; hsm-1: /);
      now = new Date(timeAt(UPDATED + 1_201));
      record.known('servers.readLogs', {});
      expect(failedRules(await read(ahead, ahead))).toEqual([]);
    });

    it('say nothing by the claims of a stranger, who was not believed', async () => {
      const claimed = used(UPDATED + 6, '', { accessKeyId: OLD, outcome: 'AuthenticationFailedException', status: 401 });
      expect(failedRules(await read([used(UPDATED + 7, 'x')], [claimed, used(UPDATED + 6.5, 'x')]))).toEqual([]);
    });
  });
});

describe('uses beside the lines of a fleet', () => {
  const calls = [
    { operation: 'Encrypt', requestId: 'call-1', apis: ['Encrypt'] },
    { operation: 'ReEncrypt', requestId: 'call-2', apis: ['Decrypt', 'Encrypt'] },
  ];
  const joined = async (...logs: readonly (readonly SampleEvent[])[]) => {
    record.known('aws.proveStore', { calls });
    await read(...logs);
    return record.done('servers.join', serversJoin);
  };
  const encrypt = (at: number, id: string, more = {}) => used(at, id, { api: 'Encrypt', ...more });

  it('have the lines of each call once in the whole fleet, though its two halves were on two hosts', async () => {
    const done = await joined([encrypt(1, 'call-1'), used(2, 'call-2')], [encrypt(2, 'call-2')]);
    expect(failedRules(done)).toEqual([]);
    expect(JSON.stringify(value(done).show)).toContain('hsm-0 2, hsm-1 1');
  });

  it.each<[string, readonly SampleEvent[]]>([
    ['is half', []],
    ['is there twice', [encrypt(2, 'call-2'), encrypt(3, 'call-2')]],
    ['is for another KMS key', [encrypt(2, 'call-2', { kmsKeyArn: `${KEY}2` })]],
    ['was refused', [encrypt(2, 'call-2', { outcome: 'AccessDeniedException' })]],
  ])('fail by the request id of the call that %s', async (_, other) => {
    const done = await joined([encrypt(1, 'call-1'), used(2, 'call-2')], other);
    expect(value(done).checks).toMatchObject([{ rule: 'CER-XKS-JOINED', ok: false, got: 'call-2' }]);
  });
});

describe('both keys by the lines of a fleet', () => {
  const MADE = 'bb'.repeat(16);
  const MADE_GENERATION = generationOf(MADE);
  const use = (requestId: string, ok = true) => ({ ok, code: ok ? '' : 'aws.invalidState', requestId });
  const proven = async (was: string, now: string, uses = { old: use('old'), fresh: use('fresh'), again: use('again') }) => {
    record.known('store.before', { requestId: 'first' });
    record.known('token.generate', { ckaId: MADE });
    record.known('store.after', { uses });
    const events = [used(1, 'first', { generation: 'g1' }), used(2, 'old', { generation: was }), used(2, 'again')];
    await read(events, [used(2, 'fresh', { generation: now })]);
    return failedRules(await record.done('servers.generations', serversGenerations));
  };

  it('are proven where the old one opened what it closed, and the new one closed what came after', async () => {
    expect(await proven('g1', MADE_GENERATION)).toEqual([]);
  });

  it('are not where a third key encrypts, which this ceremony did not make', async () => {
    expect(await proven('g1', 'g3')).toEqual(['CER-XKS-NEW-ENCRYPTS']);
  });

  it('are not where a host took the other one, or has no line', async () => {
    expect(await proven('g2', MADE_GENERATION)).toEqual(['CER-XKS-OLD-DECRYPTS']);
    expect(await proven('g1', 'g1')).toEqual(['CER-XKS-NEW-ENCRYPTS']);
    expect(await proven('', '')).toEqual(['CER-XKS-OLD-DECRYPTS', 'CER-XKS-NEW-ENCRYPTS']);
    const refused = { old: use('old', false), fresh: use('fresh'), again: use('again') };
    expect(await proven('g1', MADE_GENERATION, refused)).toEqual(['CER-XKS-OLD-DECRYPTS']);
  });
});
