import { createServer } from 'node:net';
import path, { join, posix } from 'node:path';
import { canonical } from '../../evidence/canonical';
import { success, type Result } from '../../contract/result';
import { readDeploymentPlan, type DeploymentPlan } from '../../deployment/plan';
import { textsOf } from '../../deployment/made-from-plan';
import type { Outcome, ShowBlock } from '../../keys/evidence';
import { sha256Text } from '../../pack/sha256';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { planInForce } from './proxy-in-force';
import { ON_SERVER, proxyPlace, type ProxyPlace } from './proxy-place';
import { fleetSizeOf, storePlan, type StorePlan } from './store-plan';

/** AWS KMS calls this port and no other. */
const KMS_PORT = 443;
/** A small desktop token, and a server with two cores. */
const POOL = { here: { sessions: 2, processes: 1 }, server: { sessions: 8, processes: 2 } } as const;
const STATE_ON_SERVER = '/var/lib/keyrite-proxy';

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
  const { settings, policy } = textsOf(deployment);
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
    ['Who may use the key', plan.allowedPrincipal, true],
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
  const files = isHere ? place : ON_SERVER;
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
    secretAccessKey: { from: 'file', path: (isHere ? path : posix).join(files.secrets, accessKeyId) },
    hsm: {
      profile,
      modulePath,
      tokenLabel: context.state.token.label,
      pin: isHere ? { from: 'supervisor' } : { from: 'credential', name: 'pin' },
    },
    pool: POOL[plan.place],
    fleetSize: isHere ? 1 : fleetSizeOf(context.state),
    tls: { certificateFile: files.certificate, keyFile: files.tlsKey },
    stateFolder: isHere ? join(place.folder, 'state') : STATE_ON_SERVER,
    auditFolder: isHere ? join(place.folder, 'audit') : `${STATE_ON_SERVER}/audit`,
    listen: { ip: isHere ? '127.0.0.1' : '0.0.0.0', port },
    metricsPort: null,
    authorization: { policyFile: files.policy, principals: [plan.allowedPrincipal], kmsKeyArns: null },
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

/** The deployment this ceremony wrote out, or took in from the servers; else the one that the proxy of this station has. */
export async function deploymentHere(
  context: Pick<ActContext, 'state' | 'proxy' | 'privateFolder'>,
): Promise<Result<DeploymentPlan>> {
  const { data } = context.state;
  const written = (data['proxy.plan'] ?? data['servers.readSettings'])?.['deployment'];
  if (written !== undefined) return readDeploymentPlan(written);
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  return planInForce(place.value);
}
