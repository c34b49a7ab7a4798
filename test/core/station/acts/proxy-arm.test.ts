import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProxyStatus } from '../../../../core/contract/proxy-status';
import { success } from '../../../../core/contract/result';
import { proxyArm, proxyPlanArm } from '../../../../core/station/acts/proxy-arm';
import type { StationProxy } from '../../../../core/station/proxy-port';
import { planOf } from '../../deployment/plans';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';

const KILLED = {
  killed: true,
  by: 'night guard',
  why: 'a stolen laptop',
  at: '2026-11-28T03:00:00.000Z',
  problem: '',
  blocked: [],
};

let record: ActRecord;
let latch: Record<string, unknown> = KILLED;
let asked: string[] = [];
let isForPractice = true;
let loggedOut: 'no' | 'now' = 'no';

beforeEach(async () => {
  latch = KILLED;
  isForPractice = true;
  loggedOut = 'no';
  asked = [];
  const proxy = {
    isForPractice: () => Promise.resolve(isForPractice),
    ask: ({ verb }: { verb: string }) => {
      asked.push(verb);
      if (verb === 'arm') {
        latch = { ...latch, killed: false };
        return Promise.resolve(success({ recorded: true, problem: '' }));
      }
      return Promise.resolve(
        success({
          ...{ latch, stores: [], version: '1', listeners: [], certificate: null, audit: { head: '' } },
          ...{
            health: { state: 'ACTIVE' },
            hsm: { condition: 'serving', loggedOut, problem: '', sessions: { ready: 1, wanted: 1 }, token: null },
          },
        } as unknown as ProxyStatus),
      );
    },
  } as unknown as StationProxy;
  record = await actRecord({ ...STORE_INPUTS, place: 'here' }, { proxy });
  const auditFolder = join(record.folder, 'audit');
  await mkdir(auditFolder);
  record.known('proxy.plan', { deployment: { ...planOf({ auditFolder }) } });
  expect(failedRules(await record.done('proxy.planArm', proxyPlanArm))).toEqual([]);
});
afterEach(() => record.remove());

describe('arming', () => {
  it('undoes the kill that was approved', async () => {
    expect(failedRules(await record.done('proxy.arm', proxyArm))).toEqual([]);
    expect(asked).toContain('arm');
  });

  it.each([
    ['somebody else', { by: 'officer' }],
    ['another time', { at: '2026-11-28T04:00:00.000Z' }],
    ['a second one, past the proxy', { pulls: [{ by: 'porter', why: 'smoke', at: '2026-11-28T04:00:00.000Z' }] }],
  ])('does not undo a kill by %s, though the log that is looked at has none of it', async (_, differs) => {
    latch = { ...KILLED, ...differs };
    expect(await record.done('proxy.arm', proxyArm)).toMatchObject({ error: { code: 'ceremony.differs' } });
    expect(asked).not.toContain('arm');
  });

  it('goes through for a latch that was lost, which says another time after each start', async () => {
    latch = { ...KILLED, problem: 'The latch file is empty.', at: '2026-11-28T04:00:00.000Z' };
    expect(failedRules(await record.done('proxy.arm', proxyArm))).toEqual([]);
  });

  it('asks for the PIN first where somebody logged the proxy out', async () => {
    loggedOut = 'now';
    expect(await record.done('proxy.arm', proxyArm)).toMatchObject({ error: { code: 'proxy.loggedOut' } });
    expect(asked).not.toContain('arm');
  });

  it('begins in production with no proxy for practice, and with one that has a real token', async () => {
    const context = record.context();
    const production = { ...context, state: { ...context.state, runMode: 'production' as const } };
    expect(await proxyPlanArm(production)).toMatchObject({ error: { code: 'policy.rehearsalOnly' } });
    isForPractice = false;
    expect(failedRules(await proxyPlanArm(production))).toEqual([]);
  });
});
