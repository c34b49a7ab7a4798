import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { diskFailure, errnoOf } from '../../pack/disk-failure';
import { replaceFile } from '../../pack/durable';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { ownArtefacts } from './own-artefact';
import { changedFiles } from './proxy-files';
import { forgetOtherSecrets, otherFiles, putInForce, type ProxyFiles } from './proxy-in-force';
import { isSetUpByHand, preparedPlace, proxyPlace, type ProxyPlace } from './proxy-place';
import { deploymentHere } from './proxy-settings';

/** Puts what was approved where the proxy reads it, and only now takes the place of one that was there: nothing of it is touched before. */
export const proxyInstall: Act = async (context) => {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const approved = await approvedFiles(context);
  if (!approved.ok) return approved;
  const { folder } = place.value;
  // the same settings without a plan: the program died before it could write it
  const isOther = (await otherFiles(place.value, approved.value)).includes('settings.toml');
  if (isOther && (await isSetUpByHand(place.value))) return failure('file.exists', { folder, file: 'settings.toml' });
  const changed = await changedFiles(context, preparedPlace(context));
  if (changed.length === 0) {
    const put = await putAll(context, place.value, approved.value);
    if (!put.ok) return put;
  }
  const wrong = changed.length === 0 ? await filesNotApproved(context) : success(changed);
  if (!wrong.ok) return wrong;
  const wanted = 'every file as in the record';
  return success(
    outcome({
      data: { folder },
      checks: [check('CER-PROXY-FILES', wrong.value.length === 0, wanted, wrong.value.join(', ') || wanted)],
      show: [
        facts('Put in place', [
          ['Folder', folder, true],
          ['Files', 'settings.toml, policy.cedar, secrets, tls, state, audit'],
        ]),
      ],
    }),
  );
};

async function approvedFiles(context: ActContext): Promise<Result<ProxyFiles>> {
  const plan = await deploymentHere(context);
  if (!plan.ok) return plan;
  const files = await ownArtefacts(context, 'proxy.plan', 2);
  if (!files.ok) return files;
  const [settings = new Uint8Array(), policy = new Uint8Array()] = files.value;
  return success({ plan: plan.value, settings, policy });
}

async function putAll(context: ActContext, place: ProxyPlace, files: ProxyFiles): Promise<Result<null>> {
  const prepared = preparedPlace(context);
  const { accessKeyId } = files.plan;
  for (const [from, to] of [
    [join(prepared.secrets, accessKeyId), join(place.secrets, accessKeyId)],
    [prepared.tlsKey, place.tlsKey],
    [prepared.certificate, place.certificate],
    [prepared.authority, place.authority],
  ] as const) {
    const copied = await copy(from, to);
    if (!copied.ok) return copied;
  }
  const put = await putInForce(place, files);
  return put.ok ? forgetOtherSecrets(place, files.plan) : put;
}

/** A file of this user only; it stays where it was made as well, until the seal. */
export async function copy(from: string, to: string): Promise<Result<null>> {
  let bytes: Buffer | null = null;
  try {
    bytes = await readFile(from);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await replaceFile(to, bytes);
    return success(null);
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? failure('file.notFound', { file: from }) : diskFailure(error, dirname(to));
  } finally {
    bytes?.fill(0);
  }
}

/** Files of the proxy here that are not the ones this ceremony approved and put in place. */
export async function filesNotApproved(context: ActContext): Promise<Result<readonly string[]>> {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const approved = await approvedFiles(context);
  if (!approved.ok) return approved;
  return success([...(await changedFiles(context, place.value)), ...(await otherFiles(place.value, approved.value))]);
}
