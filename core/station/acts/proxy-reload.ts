import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import type { Answer } from '../../control/contract';
import { readDeploymentPlan } from '../../deployment/plan';
import { diskFailure } from '../../pack/disk-failure';
import { replaceFile } from '../../pack/durable';
import type { StationProxy } from '../proxy-port';
import { check, outcome, type Act, type ActContext } from './act';
import { ownArtefact } from './own-artefact';
import { credentialOf } from './proxy-credential';
import { forgetOtherSecrets, otherFiles, putInForce, type ProxyFiles } from './proxy-in-force';
import { ownProxy, proxyPlace, type ProxyPlace } from './proxy-place';

/**
 * Writes the approved settings where the proxy reads them, and has it read them. A proxy that does not say that it did gets its files
 * back: the ones that the change was planned from, whatever the disk has after a crash in the middle.
 */
export const proxyReload: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const change = await plannedChange(context);
  if (!change.ok) return change;
  const { before, approved } = change.value;
  const other = await otherFiles(place.value, before, approved);
  if (other.length > 0) return failure('proxy.filesChanged', { files: other.join(', ') });
  const put = await putChange(context, place.value, approved);
  if (!put.ok) return put;
  const reloaded = await reload(context, proxy.value, 'approved in this ceremony');
  if (!reloaded.ok) return goBack(context, proxy.value, place.value, before, reloaded);
  // what goes now stays until the use through AWS KMS has gone well: going back needs it
  const forgotten = await forgetOtherSecrets(place.value, before.plan, approved.plan);
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

function reload({ state }: ActContext, proxy: StationProxy, why: string): Promise<Result<Answer<'reload'>>> {
  return proxy.ask({ verb: 'reload', act: { who: state.genesis.data.ceremonyId, why } });
}

/**
 * What lies there must be what is in force: a restart reads it, and so does the next rotation. A proxy that did not answer may have
 * taken over the new settings, and one that refuses them may have them from an earlier try, so it reads the old ones once more. Where
 * it does not say that it did, no secret goes: either may be needed.
 */
async function goBack(
  context: ActContext,
  proxy: StationProxy,
  place: ProxyPlace,
  before: ProxyFiles,
  refused: Result<never>,
): Promise<Result<never>> {
  const back = await putInForce(place, before);
  if (!back.ok) return back;
  if (!(await reload(context, proxy, 'what was in force before')).ok) return refused;
  const forgotten = await forgetOtherSecrets(place, before.plan);
  return forgotten.ok ? refused : forgotten;
}

/** Both sides of the change that was written out last, and approved. */
export async function plannedChange(context: ActContext): Promise<Result<{ before: ProxyFiles; approved: ProxyFiles }>> {
  const approved = await version(context, 'deployment', 0);
  if (!approved.ok) return approved;
  const before = await version(context, 'before', 2);
  return before.ok ? success({ before: before.value, approved: approved.value }) : before;
}

/** Plan, settings and policy of one side, from the record. */
async function version(context: ActContext, plan: 'deployment' | 'before', index: number): Promise<Result<ProxyFiles>> {
  const read = readDeploymentPlan(context.state.data['proxy.planChange']?.[plan]);
  if (!read.ok) return read;
  const settings = await ownArtefact(context, 'proxy.planChange', index);
  if (!settings.ok) return settings;
  const policy = await ownArtefact(context, 'proxy.planChange', index + 1);
  return policy.ok ? success({ plan: read.value, settings: settings.value, policy: policy.value }) : policy;
}

/** The secret of a new credential first: settings that name it need it. */
async function putChange(context: ActContext, place: ProxyPlace, files: ProxyFiles): Promise<Result<null>> {
  if (context.state.data['proxy.credential'] !== undefined) {
    const secret = await putSecret(context, place);
    if (!secret.ok) return secret;
  }
  return putInForce(place, files);
}

async function putSecret(context: ActContext, { secrets }: ProxyPlace): Promise<Result<null>> {
  const credential = await credentialOf(context);
  if (!credential.ok) return credential;
  const { accessKeyId, secret } = credential.value;
  try {
    await mkdir(secrets, { recursive: true, mode: 0o700 });
    await replaceFile(join(secrets, accessKeyId), secret);
    return success(null);
  } catch (error) {
    return diskFailure(error, secrets);
  } finally {
    secret.fill(0);
  }
}
