import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { failure, success, type Result } from '../../contract/result';
import { asShown, notMadeFrom, type ProxyTexts } from '../../deployment/made-from-plan';
import { readDeploymentPlan, type DeploymentPlan } from '../../deployment/plan';
import type { Check } from '../../keys/evidence';
import { diskFailure } from '../../pack/disk-failure';
import { readSmallFile } from '../../pack/small-file';
import { XKS_BASE } from '../../xks/uri';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { eachHost } from './each-host';
import { hostsOn, type HostFolder } from './servers-medium';
import { storeOf } from './store-create';
import { storeIdOf, storePlan } from './store-plan';

interface HostSettings extends ProxyTexts {
  readonly host: string;
  readonly plan: DeploymentPlan;
}

/**
 * Takes in plan, settings and policy of every server, which the next change begins with. Every host must have the same, made from its
 * plan, and be of the key store that AWS KMS signs to: a host that was forgotten last time is found here, not by a refused request.
 */
export const serversReadSettings: Act = async (context) => {
  const medium = await context.medium('back');
  if (!medium.ok) return medium;
  const hosts = await hostsOn(medium.value, 'settings');
  if (!hosts.ok) return hosts;
  const read = await readAll(hosts.value);
  if (!read.ok) return read;
  const [first] = read.value;
  if (first === undefined) return failure('file.serverSettings', { problem: 'There is no host.' });
  const { plan } = first;
  const inAws = await storeAtAws(context);
  if (!inAws.ok) return inAws;
  const here = storeInWords(plan);
  const count = `${plan.fleetSize} hosts`;
  const names = read.value.map(({ host }) => host).join(', ');
  return success(
    outcome({
      data: { deployment: plan, hosts: read.value.map(({ host }) => host) },
      checks: [
        check('CER-SERVERS-FLEET', read.value.length === plan.fleetSize, count, `${read.value.length} hosts: ${names}`),
        eachHost(
          'CER-SERVERS-SETTINGS',
          'settings and policy as its plan makes them',
          read.value,
          (host) => notMadeFrom(host.plan, host).join(', ') || false,
        ),
        eachHost('CER-SERVERS-SAME', `the same as ${first.host}`, read.value, (host) =>
          isDeepStrictEqual(host.plan, plan) ? false : 'another plan',
        ),
        check('CER-SERVERS-STORE', here === inAws.value, inAws.value, here),
        ...tokenChecks(context, plan),
      ],
      show: [
        facts('On every server', [
          ['Hosts', names],
          ['Key store', here, true],
          ['Older credentials', plan.olderCredentials.map(({ accessKeyId }) => accessKeyId).join(', '), true],
          ['Keys', plan.keyLabels.join(', '), true],
        ]),
        { kind: 'code', title: 'settings.toml', text: asShown(first.settings) },
        ...(first.policy === '' ? [] : [{ kind: 'code' as const, title: 'policy.cedar', text: asShown(first.policy) }]),
      ],
    }),
  );
};

/** A key that is made in another token than that of the servers is none for them. Asked where the ceremony has a token. */
function tokenChecks({ state }: ActContext, { hsm }: DeploymentPlan): Check[] {
  const { label } = state.token;
  return state.token.open ? [check('CER-SERVERS-TOKEN', hsm.tokenLabel === label, label, hsm.tokenLabel)] : [];
}

/** What a plan and the store at AWS must agree about: whom AWS KMS calls, and by which credential it signs. */
function storeInWords({ keyStoreName, region, endpointHost, uriPathPrefix, accessKeyId }: DeploymentPlan): string {
  return inWords({ name: keyStoreName, region, address: `https://${endpointHost}${uriPathPrefix}${XKS_BASE}`, accessKeyId });
}

async function storeAtAws(context: ActContext): Promise<Result<string>> {
  const store = await storeOf(context, storeIdOf(context.state));
  if (!store.ok) return store;
  const { name, uriEndpoint, uriPath, accessKeyId } = store.value;
  return success(inWords({ name, region: storePlan(context.state).region, address: uriEndpoint + uriPath, accessKeyId }));
}

function inWords(store: Readonly<Record<'name' | 'region' | 'address' | 'accessKeyId', string>>): string {
  return `${store.name} in ${store.region}, ${store.address}, credential ${store.accessKeyId}`;
}

async function readAll(hosts: readonly HostFolder[]): Promise<Result<readonly HostSettings[]>> {
  const all: HostSettings[] = [];
  for (const host of hosts) {
    const read = await readOne(host);
    if (!read.ok) return read;
    all.push(read.value);
  }
  return success(all);
}

async function readOne({ host, folder }: HostFolder): Promise<Result<HostSettings>> {
  const refused = (problem: string) => failure('file.serverSettings', { host, problem });
  try {
    const text = async (name: string) => {
      const file = await readSmallFile(join(folder, name));
      return file.kind === 'text' ? file.text : null;
    };
    const [planFile, settings, policy] = [await text('plan.json'), await text('settings.toml'), await text('policy.cedar')];
    if (planFile === null) return refused('plan.json is not there, or is no file.');
    if (settings === null) return refused('settings.toml is not there, or is no file.');
    const plan = readDeploymentPlan(jsonOf(planFile));
    if (!plan.ok) return refused(`plan.json: ${String(plan.error.detail['problem'])}`);
    const policyFile = plan.value.authorization === null ? '' : policy;
    if (policyFile === null) return refused('policy.cedar is not there, or is no file.');
    return success({ host, plan: plan.value, settings, policy: policyFile });
  } catch (error) {
    return diskFailure(error, folder);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
