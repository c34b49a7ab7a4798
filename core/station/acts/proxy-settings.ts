import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { canonical } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import { readDeploymentPlan, type DeploymentPlan } from '../../deployment/plan';
import { policyText } from '../../deployment/policy-text';
import { settingsText } from '../../deployment/settings-text';
import type { Outcome, ShowBlock } from '../../keys/evidence';
import { diskFailure } from '../../pack/disk-failure';
import { replaceFile } from '../../pack/durable';
import { sha256Text } from '../../pack/sha256';
import { readSmallFile } from '../../pack/small-file';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { ownArtefact } from './own-artefact';
import { changedFiles, changedSettings } from './proxy-files';
import { isSetUpByHand, placeIn, proxyPlace, type ProxyPlace } from './proxy-place';
import { storePlan, type StorePlan } from './store-plan';

/** AWS KMS calls this port and no other. */
const KMS_PORT = 443;
/** A small desktop token, and a server with two cores. */
const POOL = { here: { sessions: 2, processes: 1 }, server: { sessions: 8, processes: 2 } } as const;
/** Where the files of a server are (resources/templates/systemd). */
const ON_SERVER = { folder: '/etc/keyrite-proxy', state: '/var/lib/keyrite-proxy' } as const;
const SERVERS = 2;

/** Settings and policy of the proxy as they will lie on the disk; no secret is in them. */
export const proxyPlan: Act = async (context) => {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const deployment = await deploymentOf(context, place.value);
  if (!deployment.ok) return deployment;
  const plan = storePlan(context.state);
  const uri = `${plan.endpoint}${plan.uriPath}`;
  return success(
    writtenOut(deployment.value, {
      checks: [check('CER-PROXY-SETTINGS', uri.length <= 200, 'an address that AWS KMS can call', uri)],
      show: [summary(plan, deployment.value)],
    }),
  );
};

/** Settings and policy of a deployment as what people approve, with what else is said of them. */
export function writtenOut(deployment: DeploymentPlan, more: Pick<Outcome, 'checks' | 'show'>): Outcome {
  const settings = settingsText(deployment);
  const policy = policyText(deployment) ?? '';
  return outcome({
    data: { deployment },
    values: { 'proxySettings.digest': sha256Text(canonical({ settings, policy })) },
    checks: more.checks,
    show: [...more.show, { kind: 'code', title: 'settings.toml', text: settings }, ...policyBlocks(policy)],
    artefacts: [
      { name: 'proxy-settings.toml', bytes: new TextEncoder().encode(settings) },
      { name: 'proxy-policy.cedar', bytes: new TextEncoder().encode(policy) },
    ],
  });
}

function summary(plan: StorePlan, { listen, hsm, healthKeyLabel, accessKeyId, fleetSize }: DeploymentPlan): ShowBlock {
  return facts('The proxy', [
    ['Runs', plan.place === 'here' ? 'on this station, for practice' : `on servers of ours, ${fleetSize} of them`],
    ['Is called', `${plan.endpoint}${plan.uriPath}`, true],
    ['Listens on', `${listen.ip}, port ${listen.port}`, true],
    ['Key', plan.keyLabel, true],
    ['Health key', healthKeyLabel, true],
    ['HSM', `${hsm.profile}, token ${hsm.tokenLabel}`],
    ['Access key id', accessKeyId, true],
    ['Who may use the key', plan.allowedPrincipal === '' ? 'everybody whom AWS KMS lets through' : plan.allowedPrincipal, true],
    [
      'PIN',
      plan.place === 'here' ? 'entered by a crypto officer, in no file' : 'handed over by systemd, in no file of this ceremony',
    ],
  ]);
}

function policyBlocks(policy: string): ShowBlock[] {
  return policy === '' ? [] : [{ kind: 'code', title: 'policy.cedar', text: policy }];
}

async function deploymentOf(context: ActContext, place: ProxyPlace): Promise<Result<DeploymentPlan>> {
  const plan = storePlan(context.state);
  const isHere = plan.place === 'here';
  const port = isHere ? await freePort() : KMS_PORT;
  const files = isHere ? place : placeIn(ON_SERVER.folder);
  const { profile, modulePath } = context.state.genesis.data.token;
  const made = context.state.data['proxy.credential']?.['accessKeyId'];
  const accessKeyId = typeof made === 'string' ? made : '';
  return readDeploymentPlan({
    region: plan.region,
    keyStoreName: plan.storeName,
    uriPathPrefix: plan.prefix,
    endpointHost: plan.host,
    connectivity: plan.connectivity,
    keyLabels: [plan.keyLabel],
    healthKeyLabel: plan.healthLabel,
    accessKeyId,
    secretAccessKey: { from: 'file', path: join(files.secrets, accessKeyId) },
    hsm: {
      profile,
      modulePath,
      tokenLabel: context.state.token.label,
      pin: isHere ? { from: 'supervisor' } : { from: 'credential', name: 'pin' },
    },
    pool: POOL[plan.place],
    fleetSize: isHere ? 1 : SERVERS,
    tls: { certificateFile: files.certificate, keyFile: files.tlsKey },
    stateFolder: isHere ? join(place.folder, 'state') : ON_SERVER.state,
    auditFolder: isHere ? join(place.folder, 'audit') : `${ON_SERVER.state}/audit`,
    listen: { ip: isHere ? '127.0.0.1' : '0.0.0.0', port },
    metricsPort: null,
    authorization:
      plan.allowedPrincipal === '' ? null : { policyFile: files.policy, principals: [plan.allowedPrincipal], kmsKeyArns: null },
  });
}

/** A port nobody has just now. Somebody may take it before the proxy does: it says so then, and a new plan finds another. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The deployment this ceremony wrote out; else the one that the proxy of this station has. */
export async function deploymentHere(
  context: Pick<ActContext, 'state' | 'proxy' | 'privateFolder'>,
): Promise<Result<DeploymentPlan>> {
  const written = context.state.data['proxy.plan']?.['deployment'];
  if (written !== undefined) return readDeploymentPlan(written);
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const path = place.value.plan;
  const found = await readSmallFile(path).catch(() => null);
  if (found?.kind !== 'text') return failure('proxy.notSetUp', { folder: place.value.folder });
  try {
    return readDeploymentPlan(JSON.parse(found.text));
  } catch {
    return failure('file.damaged', { path });
  }
}

/** The plan last: whoever finds it finds settings that go with it. */
export async function putInPlace(
  place: ProxyPlace,
  deployment: DeploymentPlan,
  { settings, policy }: { readonly settings: Uint8Array; readonly policy: Uint8Array },
): Promise<Result<null>> {
  try {
    await mkdir(deployment.stateFolder, { recursive: true, mode: 0o700 });
    await mkdir(deployment.auditFolder, { recursive: true, mode: 0o700 });
    await replaceFile(place.settings, settings);
    if (deployment.authorization !== null) await replaceFile(place.policy, policy);
    await replaceFile(place.plan, new TextEncoder().encode(`${JSON.stringify(deployment, null, 2)}\n`));
    return success(null);
  } catch (error) {
    return diskFailure(error, place.folder);
  }
}

/** Puts what was approved where the proxy reads it. Secrets and certificate lie there already. */
export const proxyInstall: Act = async (context) => {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const deployment = await deploymentHere(context);
  if (!deployment.ok) return deployment;
  const [settings, policy] = [await ownArtefact(context, 'proxy.plan', 0), await ownArtefact(context, 'proxy.plan', 1)];
  if (!settings.ok) return settings;
  if (!policy.ok) return policy;
  const { folder } = place.value;
  const approved = { settings: settings.value, policy: deployment.value.authorization === null ? null : policy.value };
  // the same settings without a plan: the program died before it could write it
  const isOther = (await changedSettings(place.value, approved)).includes('settings.toml');
  if (isOther && (await isSetUpByHand(place.value))) return failure('file.exists', { folder, file: 'settings.toml' });
  const put = await putInPlace(place.value, deployment.value, { settings: settings.value, policy: policy.value });
  if (!put.ok) return put;
  const files = ['settings.toml', 'policy.cedar', 'secrets', 'tls', 'state', 'audit'];
  const wrong = [...(await changedFiles(context, place.value)), ...(await changedSettings(place.value, approved))];
  const wanted = 'every file as in the record';
  return success(
    outcome({
      data: { folder },
      checks: [check('CER-PROXY-FILES', wrong.length === 0, wanted, wrong.join(', ') || wanted)],
      show: [
        facts('Put in place', [
          ['Folder', folder, true],
          ['Files', files.join(', ')],
        ]),
      ],
    }),
  );
};
