import { join, posix } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import type { CeremonyState } from '../../ceremony/state';
import { changedLines } from '../../deployment/changed-lines';
import { notMadeFrom, textsOf } from '../../deployment/made-from-plan';
import { readDeploymentPlan, type DeploymentPlan } from '../../deployment/plan';
import type { ShowBlock } from '../../keys/evidence';
import { facts, type Act, type ActContext } from './act';
import { filesInForce, filesOf, textsIn, type ProxyFiles } from './proxy-in-force';
import { ON_SERVER, proxyPlace } from './proxy-place';
import { writtenOut } from './proxy-settings';
import { storePlan } from './store-plan';

/**
 * What a rotation changes in the settings, step by step: the old stays until nothing needs it. It begins with what is in force, all of
 * which must come from its plan, and shows each line that changes: a plan that was planted would bring lines that nobody asked for.
 */
export const proxyPlanChange: Act = async (context) => {
  const now = await filesToChange(context);
  if (!now.ok) return now;
  const { secretFile, before } = now.value;
  const change = changeOf(context.state, before.plan, secretFile);
  if (!change.ok) return change;
  const next = readDeploymentPlan({ ...before.plan, ...change.value.changes });
  if (!next.ok) return next;
  const [old, made] = [textsIn(before), textsOf(next.value)];
  const written = writtenOut(next.value, {
    checks: [],
    show: [
      facts(
        'What changes',
        [...change.value.rows, whoMay(next.value)].map(([name, value]) => [name, value, true]),
      ),
      linesTable('settings.toml', old.settings, made.settings),
      linesTable('policy.cedar', old.policy, made.policy),
    ],
  });
  return success({
    ...written,
    data: { ...written.data, before: before.plan },
    artefacts: [
      ...written.artefacts,
      { name: 'proxy-settings-before.toml', bytes: before.settings },
      { name: 'proxy-policy-before.cedar', bytes: before.policy },
    ],
  });
};

/** No rotation changes it; it is said all the same, for a line that is missing is overlooked. */
function whoMay({ authorization }: DeploymentPlan): readonly [name: string, value: string] {
  if (authorization === null) return ['May use the keys', 'everybody whom AWS KMS lets through'];
  const { principals, kmsKeyArns } = authorization;
  const rules = [principals?.join(', ') ?? 'everybody', kmsKeyArns === null ? '' : `for ${kmsKeyArns.join(', ')}`];
  return ['May use the keys', rules.filter((rule) => rule !== '').join(' ')];
}

interface ToChange {
  readonly before: ProxyFiles;
  /** where the secret of a credential lies for the proxy */
  readonly secretFile: (accessKeyId: string) => string;
}

/** What is in force. `proxy.filesChanged` where settings or policy are not what the plan beside them makes. */
async function filesToChange(context: ActContext): Promise<Result<ToChange>> {
  if (storePlan(context.state).place === 'server') return onServers(context.state);
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const files = await filesInForce(place.value);
  if (!files.ok) return files;
  const other = notMadeFrom(files.value.plan, textsIn(files.value));
  if (other.length > 0) return failure('proxy.filesChanged', { files: other.join(', ') });
  return success({ before: files.value, secretFile: (id) => join(place.value.secrets, id) });
}

/** What the servers have: the settings that were taken in and held against their plan, or those that were carried to them since. */
function onServers({ data }: CeremonyState): Result<ToChange> {
  const plan = readDeploymentPlan((data['servers.export'] ?? data['servers.readSettings'])?.['deployment']);
  if (!plan.ok) return plan;
  return success({ before: filesOf(plan.value), secretFile: (id) => posix.join(ON_SERVER.secrets, id) });
}

function linesTable(file: string, before: string, after: string): ShowBlock {
  return {
    kind: 'table',
    title: `Lines of ${file} that change`,
    columns: ['In', 'Change', 'Line'],
    rows: changedLines(before, after).map(({ section, change, line }) => [section, change, line]),
    empty: 'None.',
  };
}

interface Change {
  readonly changes: Partial<DeploymentPlan>;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** The next step of the rotation that this ceremony is, by what it has done so far. */
function changeOf(state: CeremonyState, now: DeploymentPlan, secretFile: ToChange['secretFile']): Result<Change> {
  const accessKeyId = state.data['proxy.credential']?.['accessKeyId'];
  if (typeof accessKeyId === 'string') return success(credentialChange(state, now, accessKeyId, secretFile(accessKeyId)));
  const { ckaId: old = '' } = state.genesis.data.inputs;
  const next = state.data['token.generate']?.['ckaId'];
  if (old === '') return failure('ceremony.notNow');
  return success(generationChange(state, now, old, typeof next === 'string' ? next : null));
}

function credentialChange(state: CeremonyState, now: DeploymentPlan, accessKeyId: string, path: string): Change {
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
      secretAccessKey: { from: 'file', path },
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
