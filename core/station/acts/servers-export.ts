import { failure, success, type Result } from '../../contract/result';
import type { DeploymentPlan } from '../../deployment/plan';
import { changedServerFiles } from '../../deployment/server-files';
import { facts, type Act, type ActContext } from './act';
import { openFile, putOut, type OutFile } from './out-files';
import { credentialOf } from './proxy-credential';
import { plannedChange } from './proxy-reload';

/** Folder on the OUT medium, with the number of the change: there may be two in one ceremony. */
const FOLDER = 'keyrite-proxy-change';

/** The approved settings, policy and plan onto the OUT medium, and with them the secret of a new credential: once, with the settings that bring it. */
export const serversExport: Act = async (context) => {
  const medium = await context.medium('out');
  if (!medium.ok) return medium;
  const planned = await plannedChange(context);
  if (!planned.ok) return planned;
  const { before, approved } = planned.value;
  const { plan } = approved;
  const change = exportedChange(context.state) + 1;
  const newSecret = await newSecretOf(context, plan);
  if (!newSecret.ok) return newSecret;
  const oldSecretFiles = secretFilesOf(before.plan).filter((file) => !secretFilesOf(plan).includes(file));
  const newSecretFile = newSecret.value === null ? '' : `/${newSecret.value.name}`;
  const texts = changedServerFiles({ plan, reason: reloadReason(context, change), newSecretFile, oldSecretFiles });
  if (!texts.ok) {
    newSecret.value?.bytes.fill(0);
    return texts;
  }
  const files = [...texts.value.map(openFile), ...(newSecret.value === null ? [] : [newSecret.value])];
  const written = await putOut(medium.value, `${FOLDER}-${change}`, files);
  if (!written.ok) return written;
  return success({
    ...written.value,
    data: { ...written.value.data, change, deployment: plan },
    show: [
      ...written.value.show,
      facts('On each server', [
        ['Files', 'as the README on the medium says'],
        ['Then', `keyrite reload --reason "${reloadReason(context, change)}"`, true],
      ]),
    ],
  });
};

/** The number of the change that was carried to the servers last, counted from 1; 0: none was. */
export function exportedChange({ data }: ActContext['state']): number {
  const change = data['servers.export']?.['change'];
  return typeof change === 'number' ? change : 0;
}

/** By these words the log of a host shows that it took over this very change. */
export function reloadReason({ state }: Pick<ActContext, 'state'>, change: number): string {
  return `${state.genesis.data.ceremonyId} change ${change}`;
}

/** null: these settings bring no new credential, or the servers have it already. */
async function newSecretOf(context: ActContext, { secretAccessKey }: DeploymentPlan): Promise<Result<OutFile | null>> {
  const { data } = context.state;
  if (data['proxy.credential'] === undefined || data['aws.updateStore'] !== undefined) return success(null);
  if (secretAccessKey.from !== 'file') return failure('input.invalid', { name: 'deployment plan', problem: 'secretAccessKey' });
  const credential = await credentialOf(context);
  if (!credential.ok) return credential;
  return success({ name: secretAccessKey.path.slice(1), bytes: credential.value.secret, isSecret: true });
}

function secretFilesOf({ secretAccessKey, olderCredentials }: DeploymentPlan): readonly string[] {
  const sources = [secretAccessKey, ...olderCredentials.map((one) => one.secretAccessKey)];
  return sources.flatMap((source) => (source.from === 'file' ? [source.path] : []));
}
