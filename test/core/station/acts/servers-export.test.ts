import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeploymentPlan, type DeploymentPlan } from '../../../../core/deployment/plan';
import { notMadeFrom } from '../../../../core/deployment/made-from-plan';
import { proxyPlanChange } from '../../../../core/station/acts/proxy-change';
import { proxyCredential } from '../../../../core/station/acts/proxy-credential';
import { serversExport } from '../../../../core/station/acts/servers-export';
import { planOf } from '../../deployment/plans';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const OLD = 'A'.repeat(20);
const OLD_FILE = `/etc/keyrite-proxy/secrets/${OLD}`;
const PLAN = planOf({ accessKeyId: OLD, secretAccessKey: { from: 'file', path: OLD_FILE }, keyLabels: [STORE_INPUTS.keyLabel] });

let record: ActRecord;

async function open(inputs: Readonly<Record<string, string>> = {}): Promise<void> {
  record = await actRecord({ ...STORE_INPUTS, ...inputs });
  record.known('servers.readSettings', { deployment: PLAN });
}
beforeEach(() => open());
afterEach(() => record.remove());

const onMedium = (change: number, ...names: string[]) => join(record.media('out'), `keyrite-proxy-change-${change}`, ...names);
const text = (change: number, name: string) => readFile(onMedium(change, name), 'utf8');

async function namesOn(change: number): Promise<readonly string[]> {
  const entries = await readdir(onMedium(change), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(onMedium(change).length + 1))
    .toSorted();
}

async function exported() {
  expect(failedRules(await record.done('proxy.planChange', proxyPlanChange))).toEqual([]);
  return record.done('servers.export', serversExport);
}

const ETC = ['README.md', 'etc/keyrite-proxy/plan.json', 'etc/keyrite-proxy/settings.toml'];

describe('the change of a credential, for servers', () => {
  it('goes out with the new secret alone, and the second time without a secret', async () => {
    const id = value(await record.done('proxy.credential', proxyCredential)).data['accessKeyId'] as string;
    const first = await exported();
    expect(failedRules(first)).toEqual([]);
    const secret = `etc/keyrite-proxy/secrets/${id}`;
    expect(await namesOn(1)).toEqual([...ETC, secret].toSorted());
    expect((await stat(onMedium(1, secret))).mode & 0o077).toBe(0);
    const plan = value(readDeploymentPlan(JSON.parse(await text(1, 'etc/keyrite-proxy/plan.json'))));
    expect([plan.accessKeyId, plan.olderCredentials.map(({ accessKeyId }) => accessKeyId)]).toEqual([id, [OLD]]);
    expect(plan.secretAccessKey).toEqual({ from: 'file', path: `/${secret}` });
    expect(notMadeFrom(plan, { settings: await text(1, 'etc/keyrite-proxy/settings.toml'), policy: '' })).toEqual([]);
    const readme = await text(1, 'README.md');
    expect(readme).toContain(`install -D -m 0600 -o keyrite-proxy -g keyrite-proxy ./${secret} /${secret}`);
    expect(readme).toContain('reload --reason "xks-store-1 change 1"');
    expect(readme).not.toContain('shred');
    const said = JSON.stringify(value(first));
    expect(said).not.toContain(await text(1, secret));
    expect(said).toContain('SECRET: in no record');

    record.known('aws.updateStore', { accessKeyId: id });
    expect(failedRules(await exported())).toEqual([]);
    expect(await namesOn(2)).toEqual(ETC);
    expect(JSON.parse(await text(2, 'etc/keyrite-proxy/plan.json'))).toMatchObject({ accessKeyId: id, olderCredentials: [] });
    const second = await text(2, 'README.md');
    expect(second).toMatch(new RegExp(`only when the ceremony says so, after the use through AWS KMS.*shred -u ${OLD_FILE}`));
    for (const [change, said] of [readme, second].entries()) {
      const kept = `/root/keyrite-before-xks-store-1-change-${change + 1}`;
      expect(said, 'made anew or refused, so that a second time does not keep what is new').toContain(
        `mkdir -m 0700 ${kept} && cp`,
      );
      expect(said).toContain(`copy those of \`${kept}\` back`);
    }
    expect(await text(2, 'README.md')).toContain('reload --reason "xks-store-1 change 2"');
  });

  it('has the very secret whose fingerprint is in the record, and begins with what was carried out last', async () => {
    value(await record.done('proxy.credential', proxyCredential));
    expect(failedRules(await exported())).toEqual([]);
    const again = value(await record.done('proxy.planChange', proxyPlanChange));
    expect(again.data['before']).toEqual(again.data['deployment']);
  });
});

describe('the change of a key, for servers', () => {
  it('has no secret; it names the key there is, then the one that follows it', async () => {
    await record.remove();
    const [first, second] = ['aa'.repeat(16), 'bb'.repeat(16)];
    await open({ ckaId: first });
    value(await exported());
    expect(await namesOn(1)).toEqual(ETC);
    const planIn = async (change: number) => JSON.parse(await text(change, 'etc/keyrite-proxy/plan.json')) as DeploymentPlan;
    expect((await planIn(1)).generations).toEqual([{ label: 'xks-root-1', current: first, legacy: first }]);
    record.known('token.generate', { ckaId: second });
    value(await exported());
    expect((await planIn(2)).generations).toEqual([{ label: 'xks-root-1', current: second, legacy: first }]);
    expect((await planIn(2)).accessKeyId, 'all else stays').toBe(OLD);
  });
});
