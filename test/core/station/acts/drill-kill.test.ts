import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure, success } from '../../../../core/contract/result';
import type { KillEnd } from '../../../../core/control/kill';
import type { KmsPort } from '../../../../core/kms/port';
import { drillKill } from '../../../../core/station/acts/drill-kill';
import type { StationProxy } from '../../../../core/station/proxy-port';
import { planOf } from '../../deployment/plans';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const KEY = 'arn:aws:kms:eu-central-1:000000000000:key/1';
const ACKNOWLEDGED = { how: 'acknowledged', answer: { restart: 'same', tookMs: 1 } } as unknown as KillEnd;

let record: ActRecord;
/** refuses the uses from this one on, counted from the first of the act; each takes 100 ms */
let refusesFrom = 0;
let end: KillEnd = ACKNOWLEDGED;
/** why a use after the switch does not go through */
let reason: 'aws.invalidState' | 'aws.throttled' | 'aws.unreachable' = 'aws.invalidState';

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let uses = 0;
  end = ACKNOWLEDGED;
  reason = 'aws.invalidState';
  const decrypt: KmsPort['decrypt'] = () => {
    uses += 1;
    vi.advanceTimersByTime(100);
    const requestId = `request-${uses}`;
    return Promise.resolve(
      uses >= refusesFrom ? failure(reason, { requestId }) : success({ value: new Uint8Array(32), requestId, at: '' }),
    );
  };
  const proxy = { kill: () => Promise.resolve(end) } as unknown as StationProxy;
  record = await actRecord(
    { ...STORE_INPUTS, place: 'here' },
    { proxy, kms: () => Promise.resolve(success({ decrypt } as unknown as KmsPort)) },
  );
  const auditFolder = join(record.folder, 'audit');
  await mkdir(auditFolder);
  record.known('proxy.plan', { deployment: { ...planOf({ auditFolder }) } });
  record.known('aws.createStoreKey', { keyArn: KEY });
  record.known('drill.baseline', { canary: Buffer.from('canary').toString('base64') });
});
afterEach(async () => {
  vi.useRealTimers();
  await record.remove();
});

const BEFORE = 5;

describe('the kill of a drill', () => {
  it('passes where the first use after the switch is refused', async () => {
    refusesFrom = BEFORE + 1;
    const done = await drillKill(record.context());
    expect(failedRules(done)).toEqual([]);
    expect(value(done).data).toMatchObject({ refusedBefore: 0, refusedAfterMs: 100, lastUseAfterMs: 0 });
  });

  it('fails where the key is never refused, and does not wait for ever', async () => {
    refusesFrom = Number.POSITIVE_INFINITY;
    const done = await drillKill(record.context());
    expect(failedRules(done)).toEqual(['CER-DRILL-REFUSED']);
    expect(value(done).checks.find(({ ok }) => !ok)?.got).toBe('nothing was refused');
    expect(performance.now()).toBeLessThan(70_000);
  });

  it.each(['aws.throttled', 'aws.unreachable'] as const)('takes no failure beside the key for a refusal: %s', async (code) => {
    refusesFrom = BEFORE + 1;
    reason = code;
    const done = await drillKill(record.context());
    expect(failedRules(done)).toEqual(['CER-DRILL-REFUSED']);
    expect(value(done).checks.find(({ ok }) => !ok)?.got).toBe('nothing was refused');
  });

  it('fails where it is refused too late', async () => {
    refusesFrom = BEFORE + 60;
    const done = await drillKill(record.context());
    expect(failedRules(done)).toEqual(['CER-DRILL-REFUSED']);
    expect(value(done).checks.find(({ ok }) => !ok)?.got).toBe('after 6000 ms');
  });

  it('measured nothing where a use was refused before the switch', async () => {
    refusesFrom = 1;
    expect(failedRules(await drillKill(record.context()))).toEqual(['CER-DRILL-REFUSED']);
  });

  it.each([
    ['no proxy ran', { how: 'notRunning', latch: { isKept: true, problem: '' } }, ['CER-DRILL-ACKNOWLEDGED']],
    [
      'it had to be ended and nothing was kept',
      { how: 'forced', pid: 1, problem: '', latch: { isKept: false, problem: 'disk' } },
      ['CER-DRILL-ACKNOWLEDGED', 'CER-DRILL-LATCH'],
    ],
    ['it failed', { how: 'failed', error: failure('proxy.foreign').error }, ['CER-DRILL-ACKNOWLEDGED', 'CER-DRILL-LATCH']],
    ['the next start may be armed', { how: 'acknowledged', answer: { restart: 'unknown', tookMs: 1 } }, ['CER-DRILL-LATCH']],
  ] as const)('says so where %s', async (_, ended, rules) => {
    refusesFrom = BEFORE + 1;
    end = ended as unknown as KillEnd;
    expect(failedRules(await drillKill(record.context()))).toEqual(rules);
  });
});
