import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import type { CeremonyState } from '../../ceremony/state';
import { readDeploymentPlan, type DeploymentPlan } from '../../deployment/plan';
import { diskFailure } from '../../pack/disk-failure';
import { removeIfThere } from '../../pack/durable';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { ownArtefact } from './own-artefact';
import { untilProxy } from './until-proxy';
import { ownProxy, proxyPlace, proxyToBeginWith, type ProxyPlace } from './proxy-place';
import { deploymentHere, putInPlace, writtenOut } from './proxy-settings';
import { proxyFacts } from './proxy-start';
import { storePlan } from './store-plan';

/** A proxy that was just started or armed proves its health with a key of its own first, ms. */
const HEALTH_MS = 30_000;

/** The proxy of this station as it is: what a ceremony about a running one begins with. */
export const proxyLook: Act = async (context) => {
  const proxy = await proxyToBeginWith(context);
  if (!proxy.ok) return proxy;
  const status = await untilProxy(proxy.value, ({ health, latch }) => latch.killed || health.state === 'ACTIVE', HEALTH_MS);
  if (!status.ok) return status;
  const { hsm, latch, health } = status.value;
  return success(
    outcome({
      data: { pid: status.value.pid },
      checks: [
        check('CER-PROXY-ARMED', !latch.killed, 'armed', latch.killed ? `killed by ${latch.by}` : 'armed'),
        check('CER-PROXY-SERVING', health.state === 'ACTIVE', 'ACTIVE', `${health.state}${hsm.problem && `: ${hsm.problem}`}`),
      ],
      show: [proxyFacts('The proxy', status.value)],
    }),
  );
};

/** What a rotation changes in the settings, step by step: the old stays until nothing needs it. */
export const proxyPlanChange: Act = async (context) => {
  const now = await deploymentHere(context);
  if (!now.ok) return now;
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const change = changeOf(context.state, now.value, place.value.secrets);
  if (!change.ok) return change;
  const next = readDeploymentPlan({ ...now.value, ...change.value.changes });
  if (!next.ok) return next;
  return success(
    writtenOut(next.value, {
      checks: [],
      show: [
        facts(
          'What changes',
          change.value.rows.map(([name, value]) => [name, value, true]),
        ),
      ],
    }),
  );
};

interface Change {
  readonly changes: Partial<DeploymentPlan>;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** The next step of the rotation that this ceremony is, by what it has done so far. */
function changeOf(state: CeremonyState, now: DeploymentPlan, secretsFolder: string): Result<Change> {
  const accessKeyId = state.data['proxy.credential']?.['accessKeyId'];
  if (typeof accessKeyId === 'string') return success(credentialChange(state, now, accessKeyId, secretsFolder));
  const { ckaId: old = '' } = state.genesis.data.inputs;
  const next = state.data['token.generate']?.['ckaId'];
  if (old === '') return failure('ceremony.notNow');
  return success(generationChange(state, now, old, typeof next === 'string' ? next : null));
}

function credentialChange(state: CeremonyState, now: DeploymentPlan, accessKeyId: string, folder: string): Change {
  if (state.data['aws.updateStore'] !== undefined)
    return {
      changes: { olderCredentials: [] },
      rows: [
        ['Stays', now.accessKeyId],
        ['Goes', now.olderCredentials.map((one) => one.accessKeyId).join(', ')],
      ],
    };
  const older = [{ accessKeyId: now.accessKeyId, secretAccessKey: now.secretAccessKey }, ...now.olderCredentials].filter(
    (one) => one.accessKeyId !== accessKeyId,
  );
  return {
    changes: {
      accessKeyId,
      secretAccessKey: { from: 'file', path: join(folder, accessKeyId) },
      olderCredentials: older,
    },
    rows: [
      ['Comes', accessKeyId],
      ['Stays for now', older.map((one) => one.accessKeyId).join(', ')],
    ],
  };
}

function generationChange(state: CeremonyState, now: DeploymentPlan, old: string, next: string | null): Change {
  const label = storePlan(state).keyLabel;
  const others = now.generations.filter((one) => one.label !== label);
  const legacy = now.generations.find((one) => one.label === label)?.legacy ?? old;
  const current = next ?? old;
  return {
    changes: { generations: [...others, { label, current, legacy }] },
    rows: [
      ['Label', label],
      ['Encrypts', current],
      ['Decrypts what came before', next === null ? 'by the same key' : `${old}, as its ciphertexts say`],
    ],
  };
}

/** Writes the approved settings where the proxy reads them, and has it read them. A proxy that refuses keeps what it has. */
export const proxyReload: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const written = readDeploymentPlan(context.state.data['proxy.planChange']?.['deployment']);
  if (!written.ok) return written;
  const files = await approvedFiles(context);
  if (!files.ok) return files;
  const before = await filesNow(context, place.value);
  if (!before.ok) return before;
  const put = await putInPlace(place.value, written.value, files.value);
  if (!put.ok) return put;
  const reloaded = await proxy.value.ask({
    verb: 'reload',
    act: { who: context.state.genesis.data.ceremonyId, why: 'approved in this ceremony' },
  });
  if (!reloaded.ok) {
    // what lies there must be what is in force: a restart reads it, and so does the next rotation
    const back = await putInPlace(place.value, before.value.plan, before.value);
    return back.ok ? reloaded : back;
  }
  const forgotten = await forgetSecrets(place.value, before.value.plan, written.value);
  if (!forgotten.ok) return forgotten;
  const { changed, needsRestart } = reloaded.value;
  return success(
    outcome({
      data: { changed, needsRestart },
      checks: [check('CER-PROXY-RELOADED', needsRestart.length === 0, 'in force', needsRestart.join('; ') || 'in force')],
      show: [
        {
          kind: 'table',
          title: 'What the proxy says',
          columns: ['Changed'],
          rows: changed.map((line) => [line]),
          empty: 'Nothing had to change.',
        },
      ],
    }),
  );
};

/** Settings, policy and plan as they are in force. */
async function filesNow(
  context: ActContext,
  place: ProxyPlace,
): Promise<Result<{ plan: DeploymentPlan; settings: Uint8Array; policy: Uint8Array }>> {
  const plan = await deploymentHere(context);
  if (!plan.ok) return plan;
  try {
    const settings = new Uint8Array(await readFile(place.settings));
    const policy = plan.value.authorization === null ? new Uint8Array() : new Uint8Array(await readFile(place.policy));
    return success({ plan: plan.value, settings, policy });
  } catch (error) {
    return diskFailure(error, place.folder);
  }
}

/** The files of secrets that no credential of the settings needs any more. */
async function forgetSecrets(place: ProxyPlace, before: DeploymentPlan, now: DeploymentPlan): Promise<Result<null>> {
  const idsOf = (plan: DeploymentPlan) => [plan.accessKeyId, ...plan.olderCredentials.map(({ accessKeyId }) => accessKeyId)];
  const gone = idsOf(before).filter((id) => !idsOf(now).includes(id));
  try {
    for (const id of gone) await removeIfThere(join(place.secrets, id));
    return success(null);
  } catch (error) {
    return diskFailure(error, place.secrets);
  }
}

async function approvedFiles(context: ActContext): Promise<Result<{ settings: Uint8Array; policy: Uint8Array }>> {
  const settings = await ownArtefact(context, 'proxy.planChange', 0);
  if (!settings.ok) return settings;
  const policy = await ownArtefact(context, 'proxy.planChange', 1);
  return policy.ok ? success({ settings: settings.value, policy: policy.value }) : policy;
}
