import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { failure, success, type Result } from '../../contract/result';
import { textsOf, type ProxyTexts } from '../../deployment/made-from-plan';
import { planText, readDeploymentPlan, type DeploymentPlan } from '../../deployment/plan';
import { diskFailure, errnoOf } from '../../pack/disk-failure';
import { removeIfThere, replaceFile } from '../../pack/durable';
import { readSmallFile } from '../../pack/small-file';
import type { ProxyPlace } from './proxy-place';

/** What a proxy runs by: its settings, its policy (empty where it has none), and the plan that both are made from. */
export interface ProxyFiles {
  readonly plan: DeploymentPlan;
  readonly settings: Uint8Array;
  readonly policy: Uint8Array;
}

export function filesOf(plan: DeploymentPlan): ProxyFiles {
  const { settings, policy } = textsOf(plan);
  return { plan, settings: new TextEncoder().encode(settings), policy: new TextEncoder().encode(policy) };
}

export function textsIn({ settings, policy }: ProxyFiles): ProxyTexts {
  const decoder = new TextDecoder();
  return { settings: decoder.decode(settings), policy: decoder.decode(policy) };
}

/** The plan of a proxy where it runs. Errors: `proxy.notSetUp`, `file.damaged`, `input.invalid`. */
export async function planInForce({ folder, plan: path }: ProxyPlace): Promise<Result<DeploymentPlan>> {
  const found = await readSmallFile(path).catch(() => null);
  if (found?.kind !== 'text') return failure('proxy.notSetUp', { folder });
  try {
    return readDeploymentPlan(JSON.parse(found.text));
  } catch {
    return failure('file.damaged', { path });
  }
}

/** All three as they lie there now. */
export async function filesInForce(place: ProxyPlace): Promise<Result<ProxyFiles>> {
  const plan = await planInForce(place);
  if (!plan.ok) return plan;
  try {
    const settings = new Uint8Array(await readFile(place.settings));
    const policy = plan.value.authorization === null ? new Uint8Array() : new Uint8Array(await readFile(place.policy));
    return success({ plan: plan.value, settings, policy });
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? failure('proxy.notSetUp', { folder: place.folder }) : diskFailure(error, place.folder);
  }
}

/** The plan last: whoever finds it finds settings that go with it. */
export async function putInForce(place: ProxyPlace, { plan, settings, policy }: ProxyFiles): Promise<Result<null>> {
  try {
    await mkdir(plan.stateFolder, { recursive: true, mode: 0o700 });
    await mkdir(plan.auditFolder, { recursive: true, mode: 0o700 });
    await replaceFile(place.settings, settings);
    if (plan.authorization !== null) await replaceFile(place.policy, policy);
    await replaceFile(place.plan, new TextEncoder().encode(planText(plan)));
    return success(null);
  } catch (error) {
    return diskFailure(error, place.folder);
  }
}

/** Names of those that lie there otherwise than in any of these versions. */
export async function otherFiles(place: ProxyPlace, ...versions: readonly ProxyFiles[]): Promise<readonly string[]> {
  const settings = await read(place.settings);
  const policy = await read(place.policy);
  const plan = await planInForce(place);
  const isOne = (isSo: (version: ProxyFiles) => boolean): boolean => versions.some(isSo);
  return [
    ...(isOne((version) => settings?.equals(version.settings) === true) ? [] : ['settings.toml']),
    ...(isOne((version) => version.plan.authorization === null || policy?.equals(version.policy) === true)
      ? []
      : ['policy.cedar']),
    ...(isOne((version) => plan.ok && isDeepStrictEqual(plan.value, version.plan)) ? [] : ['plan.json']),
  ];
}

const read = (path: string): Promise<Buffer | null> => readFile(path).catch(() => null);

/** As proxy.credential names the file of a secret, and as one that was not written to its end. */
const SECRET_FILE = /^([A-Z2-7]{20,30})(\.part)?$/;

/** Takes away the secrets that no credential of these plans needs, those of a ceremony that was given up among them. */
export async function forgetOtherSecrets({ secrets }: ProxyPlace, ...plans: readonly DeploymentPlan[]): Promise<Result<null>> {
  const needed = plans.flatMap((plan) => [plan.accessKeyId, ...plan.olderCredentials.map(({ accessKeyId }) => accessKeyId)]);
  try {
    for (const name of await namesIn(secrets)) {
      const [, id = '', part] = SECRET_FILE.exec(name) ?? [];
      if (id !== '' && (part !== undefined || !needed.includes(id))) await removeIfThere(join(secrets, name));
    }
    return success(null);
  } catch (error) {
    return diskFailure(error, secrets);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
