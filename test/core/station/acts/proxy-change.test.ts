import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CeremonyState } from '../../../../core/ceremony/state';
import { failure, success } from '../../../../core/contract/result';
import type { DeploymentPlan } from '../../../../core/deployment/plan';
import { proxyPlanChange, proxyReload } from '../../../../core/station/acts/proxy-change';
import { deploymentHere, putInPlace } from '../../../../core/station/acts/proxy-settings';
import { placeIn } from '../../../../core/station/acts/proxy-place';
import type { StationProxy } from '../../../../core/station/proxy-port';
import { planOf } from '../../deployment/plans';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const [OLD, NEW] = ['A'.repeat(20), 'B'.repeat(20)];
const [FIRST, SECOND] = ['aa'.repeat(16), 'bb'.repeat(16)];
const HERE = { ...STORE_INPUTS, place: 'here' };

/** A ceremony at this station that has done nothing yet. */
const AS_NEW = { data: {}, genesis: { data: { inputs: HERE } } } as unknown as CeremonyState;

let record: ActRecord | null = null;
afterEach(async () => record?.remove());

/** A station whose proxy has this deployment; `reloads` is what it answers. */
async function station(
  inputs: Readonly<Record<string, string>>,
  differs: Partial<DeploymentPlan> = {},
  reloads: unknown = success({ changed: ['credentials of payments'], needsRestart: [] }),
) {
  let home = '';
  const proxy = {
    folder: () => Promise.resolve(success(home)),
    standstill: () => Promise.resolve(null),
    ask: () => Promise.resolve(reloads),
  } as unknown as StationProxy;
  const made = await actRecord(inputs, { proxy });
  home = join(made.folder, 'proxy');
  const place = placeIn(home);
  const deployment = planOf({
    ...{ accessKeyId: OLD, secretAccessKey: { from: 'file', path: join(place.secrets, OLD) } as const },
    ...{ keyLabels: [STORE_INPUTS.keyLabel], stateFolder: join(home, 'state'), auditFolder: join(home, 'audit') },
    ...differs,
  });
  const none = new Uint8Array();
  value(await putInPlace(place, deployment, { settings: none, policy: none }));
  record = made;
  return { record: made, place, next: async () => plannedBy(made) };
}

async function plannedBy(made: ActRecord): Promise<DeploymentPlan> {
  const planned = value(await made.done('proxy.planChange', proxyPlanChange));
  return planned.data['deployment'] as unknown as DeploymentPlan;
}

describe('the settings in the rotation of a credential', () => {
  it('have the new one first and the old one beside it, then the new one alone', async () => {
    const { record: made, place, next } = await station(HERE);
    made.known('proxy.credential', { accessKeyId: NEW });
    const both = await next();
    expect(both).toMatchObject({ accessKeyId: NEW, secretAccessKey: { path: join(place.secrets, NEW) } });
    expect(both.olderCredentials).toEqual([
      { accessKeyId: OLD, secretAccessKey: { from: 'file', path: join(place.secrets, OLD) } },
    ]);
    expect(failedRules(await made.done('proxy.reload', proxyReload))).toEqual([]);
    const onDisk = await readFile(place.settings, 'utf8');
    expect([OLD, NEW].every((id) => onDisk.includes(`access_key_id = "${id}"`))).toBe(true);

    made.known('aws.updateStore', { accessKeyId: NEW });
    await mkdir(place.secrets, { recursive: true });
    for (const id of [OLD, NEW]) await writeFile(join(place.secrets, id), 'secret');
    const alone = await next();
    expect([alone.accessKeyId, alone.olderCredentials]).toEqual([NEW, []]);
    expect(failedRules(await made.done('proxy.reload', proxyReload))).toEqual([]);
    expect(await readdir(place.secrets), 'the old secret goes with its last use').toEqual([NEW]);
  });

  it('stay within what the proxy takes, and name no credential twice', async () => {
    const older = ['C', 'D', 'E'].map((letter) => ({
      accessKeyId: letter.repeat(20),
      secretAccessKey: { from: 'file' as const, path: `/secrets/${letter}` },
    }));
    const { record: made, next } = await station(HERE, { olderCredentials: older });
    made.known('proxy.credential', { accessKeyId: NEW });
    expect(await made.done('proxy.planChange', proxyPlanChange), 'none is dropped without a word').toMatchObject({
      error: { code: 'input.invalid', detail: { problem: expect.stringContaining('olderCredentials') as string } },
    });
    made.known('proxy.credential', { accessKeyId: OLD });
    expect((await next()).olderCredentials.map(({ accessKeyId }) => accessKeyId)).toEqual(older.map((one) => one.accessKeyId));
  });
});

describe('the settings in the rotation of a key', () => {
  const inputs = { ...HERE, ckaId: FIRST };

  it('say which of two keys of one label encrypts before there are two, then let the new one encrypt', async () => {
    const { record: made, next } = await station(inputs);
    expect((await next()).generations).toEqual([{ label: 'xks-root-1', current: FIRST, legacy: FIRST }]);
    value(await made.done('proxy.reload', proxyReload));
    made.known('token.generate', { ckaId: SECOND });
    expect((await next()).generations).toEqual([{ label: 'xks-root-1', current: SECOND, legacy: FIRST }]);
  });

  it('leave the key that opens what came without a generation, and the keys of other labels', async () => {
    const generations = [
      { label: 'xks-root-1', current: FIRST, legacy: 'cc'.repeat(16) },
      { label: 'other', current: 'dd'.repeat(16), legacy: null },
    ];
    const { record: made, next } = await station(inputs, { keyLabels: ['xks-root-1', 'other'], generations });
    made.known('token.generate', { ckaId: SECOND });
    expect((await next()).generations).toEqual([
      generations[1],
      { label: 'xks-root-1', current: SECOND, legacy: 'cc'.repeat(16) },
    ]);
  });
});

describe('a reload', () => {
  it('fails by name where the proxy would need a restart, and as the proxy says where it refuses', async () => {
    const late = await station(HERE, {}, success({ changed: [], needsRestart: ['the port'] }));
    late.record.known('proxy.credential', { accessKeyId: NEW });
    await late.next();
    expect(failedRules(await late.record.done('proxy.reload', proxyReload))).toEqual(['CER-PROXY-RELOADED']);
    await late.record.remove();

    const refused = await station(HERE, {}, failure('proxy.reloadRefused'));
    refused.record.known('proxy.credential', { accessKeyId: NEW });
    await refused.next();
    expect(await refused.record.done('proxy.reload', proxyReload)).toMatchObject({ error: { code: 'proxy.reloadRefused' } });
    expect(await readFile(refused.place.settings, 'utf8'), 'what lies there is what is in force').toBe('');
    expect(value(await deploymentHere({ ...refused.record.context(), state: AS_NEW })).accessKeyId).toBe(OLD);
  });

  it('is of what was approved: settings that were changed underneath are not put in force', async () => {
    const { record: made, next } = await station(HERE);
    made.known('proxy.credential', { accessKeyId: NEW });
    await next();
    await writeFile(join(made.folder, 'pack', 'artefacts', 'proxy-settings.toml'), 'another = true\n');
    expect(await made.done('proxy.reload', proxyReload)).toMatchObject({ error: { code: 'file.changedUnderneath' } });
  });
});
