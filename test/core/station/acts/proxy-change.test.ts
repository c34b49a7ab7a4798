import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CeremonyState } from '../../../../core/ceremony/state';
import { failure, success } from '../../../../core/contract/result';
import type { Outcome } from '../../../../core/keys/evidence';
import type { DeploymentPlan } from '../../../../core/deployment/plan';
import { filesOf, putInForce } from '../../../../core/station/acts/proxy-in-force';
import { proxyPlanChange } from '../../../../core/station/acts/proxy-change';
import { proxyCredential } from '../../../../core/station/acts/proxy-credential';
import { proxyForgetSecrets } from '../../../../core/station/acts/proxy-forget-secrets';
import { proxyReload } from '../../../../core/station/acts/proxy-reload';
import { deploymentHere } from '../../../../core/station/acts/proxy-settings';
import { placeIn, type ProxyPlace } from '../../../../core/station/acts/proxy-place';
import type { StationProxy } from '../../../../core/station/proxy-port';
import { planOf } from '../../deployment/plans';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const OLD = 'A'.repeat(20);
const [FIRST, SECOND] = ['aa'.repeat(16), 'bb'.repeat(16)];
const HERE = { ...STORE_INPUTS, place: 'here' };

/** A ceremony at this station that has done nothing yet. */
const AS_NEW = { data: {}, genesis: { data: { inputs: HERE } } } as unknown as CeremonyState;

/** Only one principal may use the keys. */
const AUTHORIZED: Partial<DeploymentPlan> = {
  authorization: { policyFile: '/policy.cedar', principals: ['arn:aws:iam::111122223333:role/app'], kmsKeyArns: null },
};

let record: ActRecord | null = null;
afterEach(async () => record?.remove());

/** A station whose proxy has this deployment; `reloads` is what it answers. */
async function station(
  inputs: Readonly<Record<string, string>>,
  differs: Partial<DeploymentPlan> = {},
  reloads: (request: unknown) => unknown = () => success({ changed: ['credentials of payments'], needsRestart: [] }),
) {
  let home = '';
  const proxy = {
    folder: () => Promise.resolve(success(home)),
    standstill: () => Promise.resolve(null),
    ask: (request: unknown) => Promise.resolve(reloads(request)),
  } as unknown as StationProxy;
  const made = await actRecord(inputs, { proxy });
  home = join(made.folder, 'proxy');
  const place = placeIn(home);
  const deployment = planOf({
    ...{ accessKeyId: OLD, secretAccessKey: { from: 'file', path: join(place.secrets, OLD) } as const },
    ...{ keyLabels: [STORE_INPUTS.keyLabel], stateFolder: join(home, 'state'), auditFolder: join(home, 'audit') },
    ...differs,
  });
  value(await putInForce(place, filesOf(deployment)));
  await mkdir(place.secrets, { recursive: true });
  await writeFile(join(place.secrets, OLD), 'secret');
  record = made;
  const credential = async (): Promise<string> => {
    const { data } = value(await made.done('proxy.credential', proxyCredential));
    return data['accessKeyId'] as string;
  };
  return { record: made, place, next: async () => plannedBy(made), credential };
}

async function plannedBy(made: ActRecord): Promise<DeploymentPlan> {
  const planned = value(await made.done('proxy.planChange', proxyPlanChange));
  return planned.data['deployment'] as unknown as DeploymentPlan;
}

const shownIn = (outcome: Outcome): string => JSON.stringify(outcome.show);

describe('the settings in the rotation of a credential', () => {
  it('have the new one first and the old one beside it, then the new one alone', async () => {
    const { record: made, place, next, credential } = await station(HERE);
    const id = await credential();
    expect(await readdir(place.secrets), 'what may be given up is not among those in force').toEqual([OLD]);
    const both = await next();
    expect(both).toMatchObject({ accessKeyId: id, secretAccessKey: { path: join(place.secrets, id) } });
    expect(both.olderCredentials).toEqual([
      { accessKeyId: OLD, secretAccessKey: { from: 'file', path: join(place.secrets, OLD) } },
    ]);
    expect(failedRules(await made.done('proxy.reload', proxyReload))).toEqual([]);
    const onDisk = await readFile(place.settings, 'utf8');
    expect([OLD, id].every((one) => onDisk.includes(`access_key_id = "${one}"`))).toBe(true);
    expect((await readdir(place.secrets)).toSorted()).toEqual([OLD, id].toSorted());

    made.known('aws.updateStore', { accessKeyId: id });
    const alone = await next();
    expect([alone.accessKeyId, alone.olderCredentials]).toEqual([id, []]);
    const [left, part] = ['C'.repeat(29), `${'D'.repeat(29)}.part`];
    for (const name of [left, part, 'README']) await writeFile(join(place.secrets, name), 'of a ceremony that was given up');
    expect(failedRules(await made.done('proxy.reload', proxyReload))).toEqual([]);
    expect((await readdir(place.secrets)).toSorted(), 'the way back needs the old secret').toEqual(
      ['README', OLD, id].toSorted(),
    );
    expect(failedRules(await made.done('proxy.forgetSecrets', proxyForgetSecrets))).toEqual([]);
    expect((await readdir(place.secrets)).toSorted(), 'it goes after the use through AWS KMS').toEqual(['README', id].toSorted());
  });

  it('lose no secret while both credentials are in force', async () => {
    const { record: made, place, next, credential } = await station(HERE);
    const id = await credential();
    await next();
    value(await made.done('proxy.reload', proxyReload));
    value(await made.done('proxy.forgetSecrets', proxyForgetSecrets));
    expect((await readdir(place.secrets)).toSorted()).toEqual([OLD, id].toSorted());
    const both = await readFile(place.settings);
    made.known('aws.updateStore', { accessKeyId: id });
    await next();
    value(await made.done('proxy.reload', proxyReload));
    await writeFile(place.settings, both);
    expect(await made.done('proxy.forgetSecrets', proxyForgetSecrets), 'somebody went back').toMatchObject({
      error: { code: 'proxy.filesChanged' },
    });
    expect((await readdir(place.secrets)).toSorted()).toEqual([OLD, id].toSorted());
  });

  it('show each line that comes and goes', async () => {
    const { record: made, credential } = await station(HERE);
    const id = await credential();
    const text = shownIn(value(await made.done('proxy.planChange', proxyPlanChange)));
    expect(text).toContain(JSON.stringify(['[[external_key_stores.credentials]]', 'comes', `access_key_id = "${id}"`]));
    expect(text).not.toContain('"goes"');
    expect(text).toContain('everybody whom AWS KMS lets through');
  });

  it('stay within what the proxy takes', async () => {
    const older = ['C', 'D', 'E'].map((letter) => ({
      accessKeyId: letter.repeat(20),
      secretAccessKey: { from: 'file' as const, path: `/secrets/${letter}` },
    }));
    const { record: made, credential } = await station(HERE, { olderCredentials: older });
    await credential();
    expect(await made.done('proxy.planChange', proxyPlanChange), 'none is dropped without a word').toMatchObject({
      error: { code: 'input.invalid', detail: { problem: expect.stringContaining('olderCredentials') as string } },
    });
  });

  it('name no credential twice when they are written out once more', async () => {
    const { record: made, place, next, credential } = await station(HERE);
    const id = await credential();
    await next();
    value(await made.done('proxy.reload', proxyReload));
    const again = await next();
    expect([again.accessKeyId, ...again.olderCredentials.map(({ accessKeyId }) => accessKeyId)]).toEqual([id, OLD]);
    expect(await readFile(place.settings, 'utf8')).toContain(OLD);
  });

  it.each<[string, string, (place: ProxyPlace) => Promise<void>]>([
    [
      'a plan in which everybody may use the keys',
      'settings.toml',
      async (place) => {
        const plan = JSON.parse(await readFile(place.plan, 'utf8')) as DeploymentPlan;
        await writeFile(place.plan, JSON.stringify({ ...plan, authorization: null }));
      },
    ],
    ['settings with a line more', 'settings.toml', (place) => appendFile(place.settings, '\n[limits]\nrequests = 1\n')],
    ['a policy with a line more', 'policy.cedar', (place) => appendFile(place.policy, 'permit (principal, action, resource);\n')],
  ])('do not begin with %s', async (_, files, plant) => {
    const { record: made, place, credential } = await station(HERE, AUTHORIZED);
    await credential();
    await plant(place);
    const refused = await made.done('proxy.planChange', proxyPlanChange);
    expect(refused).toMatchObject({ error: { code: 'proxy.filesChanged', detail: { files } } });
  });

  it('begin with settings that another release wrote, whose comments differ', async () => {
    const { record: made, place, credential } = await station(HERE, AUTHORIZED);
    await credential();
    await writeFile(place.settings, (await readFile(place.settings, 'utf8')).replaceAll(/^#.*$/gm, '# otherwise'));
    await writeFile(place.policy, (await readFile(place.policy, 'utf8')).replaceAll(/^\/\/.*$/gm, '// otherwise'));
    expect(failedRules(await made.done('proxy.planChange', proxyPlanChange))).toEqual([]);
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
    const late = await station(HERE, {}, () => success({ changed: [], needsRestart: ['the port'] }));
    await late.credential();
    await late.next();
    expect(failedRules(await late.record.done('proxy.reload', proxyReload))).toEqual(['CER-PROXY-RELOADED']);
    await late.record.remove();

    const answers = [failure('proxy.reloadRefused'), success({ changed: [], needsRestart: [] })];
    const refused = await station(HERE, {}, () => answers.shift());
    const before = await readFile(refused.place.settings, 'utf8');
    await refused.credential();
    await refused.next();
    expect(await refused.record.done('proxy.reload', proxyReload)).toMatchObject({ error: { code: 'proxy.reloadRefused' } });
    expect(await readFile(refused.place.settings, 'utf8'), 'what lies there is what is in force').toBe(before);
    expect(await readdir(refused.place.secrets), 'nor does its secret').toEqual([OLD]);
    expect(value(await deploymentHere({ ...refused.record.context(), state: AS_NEW })).accessKeyId).toBe(OLD);
  });

  it.each(['proxy.notAnswering', 'proxy.fault'] as const)(
    'that ends with %s may have happened: the old settings are read once more',
    async (code) => {
      const asked: unknown[] = [];
      const done = async (second: unknown) => {
        const answers = [failure(code), second];
        const {
          record: made,
          place,
          credential,
          next,
        } = await station(HERE, {}, (request) => {
          asked.push(request);
          return answers.shift();
        });
        const before = await readFile(place.settings, 'utf8');
        const id = await credential();
        await next();
        expect(await made.done('proxy.reload', proxyReload)).toMatchObject({ error: { code } });
        expect(await readFile(place.settings, 'utf8')).toBe(before);
        const kept = (await readdir(place.secrets)).toSorted();
        await made.remove();
        return { kept, id };
      };
      const certain = await done(success({ changed: [], needsRestart: [] }));
      expect(certain.kept).toEqual([OLD]);
      expect(asked).toMatchObject([{ verb: 'reload' }, { verb: 'reload', act: { why: 'what was in force before' } }]);
      for (const second of [failure(code), failure('proxy.reloadRefused')]) {
        const { kept, id } = await done(second);
        expect(kept, 'nobody knows which settings are in force: both secrets stay').toEqual([OLD, id].toSorted());
      }
    },
  );

  it('that a crash cut short and the proxy then refuses goes back to what was in force before both', async () => {
    let answer: unknown = success({ changed: [], needsRestart: [] });
    const { record: made, place, credential, next } = await station(HERE, AUTHORIZED, () => answer);
    const before = await readFile(place.settings, 'utf8');
    await credential();
    await next();
    await made.done('proxy.reload', proxyReload);
    expect(await readFile(place.settings, 'utf8'), 'the files are new, and no result says so').not.toBe(before);
    answer = failure('proxy.reloadRefused');
    expect(await made.done('proxy.reload', proxyReload)).toMatchObject({ error: { code: 'proxy.reloadRefused' } });
    expect(await readFile(place.settings, 'utf8')).toBe(before);
    expect(value(await deploymentHere({ ...made.context(), state: AS_NEW })).accessKeyId).toBe(OLD);
  });

  it('is of what was approved: settings that were changed in the record are not put in force', async () => {
    const { record: made, next, credential } = await station(HERE);
    await credential();
    await next();
    await writeFile(join(made.folder, 'pack', 'artefacts', 'proxy-settings.toml'), 'another = true\n');
    expect(await made.done('proxy.reload', proxyReload)).toMatchObject({ error: { code: 'file.changedUnderneath' } });
  });

  it.each(['settings', 'policy', 'plan'] as const)('does not pass over a %s that somebody changed since', async (file) => {
    const { record: made, place, next, credential } = await station(HERE, AUTHORIZED);
    await credential();
    await next();
    await writeFile(place[file], '{}');
    expect(await made.done('proxy.reload', proxyReload)).toMatchObject({ error: { code: 'proxy.filesChanged' } });
    expect(await readFile(place[file], 'utf8')).toBe('{}');
  });
});
