import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { success } from '../../../../core/contract/result';
import { textsOf } from '../../../../core/deployment/made-from-plan';
import { planText, type DeploymentPlan } from '../../../../core/deployment/plan';
import type { KmsPort } from '../../../../core/kms/port';
import { serversReadSettings } from '../../../../core/station/acts/servers-settings';
import { planOf } from '../../deployment/plans';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const ID = 'A'.repeat(20);
const PLAN = planOf({
  ...{ keyStoreName: STORE_INPUTS.storeName, endpointHost: STORE_INPUTS.proxyHost, uriPathPrefix: STORE_INPUTS.uriPrefix },
  accessKeyId: ID,
  authorization: {
    policyFile: '/etc/keyrite-proxy/policy.cedar',
    principals: ['arn:aws:iam::111122223333:role/app'],
    kmsKeyArns: null,
  },
});
const STORE = { name: 'payments', uriEndpoint: 'https://xks.example.com', uriPath: '/payments/kms/xks/v1', accessKeyId: ID };

let record: ActRecord;
let inAws: Partial<typeof STORE>;
beforeEach(async () => {
  inAws = {};
  const kms = { keyStore: () => Promise.resolve(success({ value: { ...STORE, ...inAws }, requestId: 'request-1', at: '' })) };
  record = await actRecord(STORE_INPUTS, { kms: () => Promise.resolve(success(kms as unknown as KmsPort)) });
  record.known('aws.findStore', { storeId: 'cks-1' });
});
afterEach(() => record.remove());

const onMedium = (...names: string[]) => join(record.media('back'), 'settings', ...names);
const read = () => record.done('servers.readSettings', serversReadSettings);

/** Lays what a host runs by onto the medium; `texts`: what is different from what its plan makes. */
async function lay(host: string, plan: DeploymentPlan = PLAN, texts: Partial<ReturnType<typeof textsOf>> = {}): Promise<void> {
  const { settings, policy } = { ...textsOf(plan), ...texts };
  await mkdir(onMedium(host), { recursive: true });
  for (const [name, text] of [
    ['plan.json', planText(plan)],
    ['settings.toml', settings],
    ['policy.cedar', policy],
  ] as const)
    await writeFile(onMedium(host, name), text);
}

describe('the settings of the servers', () => {
  it('are taken where every host has the same, made from its plan, of the store that AWS KMS signs to', async () => {
    await lay('hsm-a');
    await lay('hsm-b');
    const done = await read();
    expect(failedRules(done)).toEqual([]);
    expect(value(done).data).toEqual({ deployment: PLAN, hosts: ['hsm-a', 'hsm-b'] });
    expect(JSON.stringify(value(done).show)).toContain('role/app');
  });

  it('are counted, and compared host by host', async () => {
    await lay('hsm-a');
    expect(failedRules(await read())).toEqual(['CER-SERVERS-FLEET']);
    const older = [{ accessKeyId: 'B'.repeat(20), secretAccessKey: { from: 'file' as const, path: '/secrets/B' } }];
    await lay('hsm-b', { ...PLAN, olderCredentials: older });
    const done = await read();
    expect(failedRules(done)).toEqual(['CER-SERVERS-SAME']);
    expect(value(done).checks.find(({ ok }) => !ok)?.got).toBe('hsm-b: another plan');
  });

  it.each<[string, (plan: DeploymentPlan) => Promise<void>, string]>([
    [
      'a plan that lets everybody in beside settings that do not',
      (plan) => lay('hsm-b', { ...plan, authorization: null }, textsOf(plan)),
      'hsm-b: settings.toml',
    ],
    [
      'settings that were edited',
      (plan) => lay('hsm-b', plan, { settings: textsOf(plan).settings.replace('port = 443', 'port = 444') }),
      'hsm-b: settings.toml',
    ],
    [
      'a policy that was edited',
      (plan) => lay('hsm-b', plan, { policy: 'permit (principal, action, resource);\n' }),
      'hsm-b: policy.cedar',
    ],
    [
      'a permission behind a comment that a carriage return ends',
      (plan) => lay('hsm-b', plan, { policy: `${textsOf(plan).policy}// fine\rpermit (principal, action, resource);\n` }),
      'hsm-b: policy.cedar',
    ],
  ])('are refused with %s', async (_, plant, got) => {
    await lay('hsm-a');
    await plant(PLAN);
    const done = await read();
    expect(failedRules(done)).toContain('CER-SERVERS-SETTINGS');
    expect(value(done).checks.find(({ rule }) => rule === 'CER-SERVERS-SETTINGS')?.got).toBe(got);
  });

  it.each<[string, Partial<typeof STORE>]>([
    ['an older plan, from before the last rotation', { accessKeyId: 'B'.repeat(20) }],
    ['the plan of another store', { name: 'ledger' }],
    ['the plan of another address', { uriPath: '/ledger/kms/xks/v1' }],
  ])('are not %s', async (_, differs) => {
    inAws = differs;
    await lay('hsm-a');
    await lay('hsm-b');
    expect(failedRules(await read())).toEqual(['CER-SERVERS-STORE']);
  });

  it('are of the token that the key is made in, where one is', async () => {
    await lay('hsm-a');
    await lay('hsm-b');
    Object.assign(record.context().state.token, { open: true, label: 'another' });
    expect(failedRules(await read())).toEqual(['CER-SERVERS-TOKEN']);
  });

  it('are not read where something is missing, is a link, is no plan, or lies beside them', async () => {
    const problem = async (): Promise<string> => {
      const done = await read();
      return done.ok ? 'read' : `${done.error.code} ${String(done.error.detail['problem'])}`;
    };
    expect(await problem()).toMatch(/^file\.serverSettings There is no such folder/);
    await lay('hsm-a');
    await writeFile(onMedium('hsm-a', 'plan.json'), JSON.stringify({ ...PLAN, more: true }));
    expect(await problem()).toMatch(/^file\.serverSettings plan\.json: plan: /);
    await rm(onMedium('hsm-a', 'plan.json'));
    await symlink('/etc/hostname', onMedium('hsm-a', 'plan.json'));
    expect(await problem()).toMatch(/plan\.json is not there, or is no file/);
    await rm(onMedium('hsm-a', 'plan.json'));
    await lay('hsm-a');
    await rm(onMedium('hsm-a', 'policy.cedar'));
    expect(await problem()).toMatch(/policy\.cedar is not there/);
    await lay('hsm-a');
    await writeFile(onMedium('notes.txt'), '');
    expect(await problem()).toMatch(/no folder|not a folder/);
  });
});
