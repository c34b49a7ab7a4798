import { join } from 'node:path';
import { readDeploymentPlan, type DeploymentPlan } from '../deployment/plan';
import { readSmallFileSync } from '../pack/small-file';
import { placeIn } from '../station/acts/proxy-place';
import type { RehearsalKmsOptions } from './kms/start';

type ProxyAt = NonNullable<RehearsalKmsOptions['proxyAt']>;

/**
 * Where the rehearsal KMS finds the proxy of this station: no DNS knows its name, so its plan says which address stands for it, and
 * which practice authority signed its certificate. Asked at each call: the proxy may have been set up a moment ago.
 */
export function practiceProxyAt(folder: string): ProxyAt {
  const place = placeIn(folder);
  return (uriEndpoint) => {
    const plan = practicePlan(folder);
    if (plan === null || uriEndpoint !== `https://${plan.endpointHost}`) return null;
    return { host: plan.listen.ip, port: plan.listen.port, ca: textOf(place.authority) };
  };
}

/** What the proxy in this folder was set up from; null while there is none. */
export function practicePlan(folder: string): DeploymentPlan | null {
  try {
    const plan = readDeploymentPlan(JSON.parse(textOf(join(folder, 'plan.json')) ?? 'null'));
    return plan.ok ? plan.value : null;
  } catch {
    return null; // what is no plan leads nowhere, as a name that DNS does not know
  }
}

function textOf(path: string): string | null {
  const file = readSmallFileSync(path);
  return file.kind === 'text' ? file.text : null;
}
