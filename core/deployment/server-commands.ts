import type { DeploymentPlan } from './plan';

/** The terminal on a server that has the release in /opt/keyrite. */
export const PROGRAM = 'node /opt/keyrite/dist/main/keyrite.js';
/** Where the unit of resources/templates/systemd reads the settings. */
export const SETTINGS = '/etc/keyrite-proxy/settings.toml';

const AS_PROXY = 'systemd-run --quiet --wait --pipe --collect --uid=keyrite-proxy';

/** The proxy with these settings, as its user and with its credentials: PIN and secret are those of the service, and a trial needs them, too. */
export function trialCommand({ hsm, secretAccessKey }: DeploymentPlan): string {
  const names = [hsm.pin, secretAccessKey].flatMap((each) => (each.from === 'credential' ? [each.name] : []));
  const options = [...new Set(names)].map((name) => ` -p LoadCredential=${name}:/etc/keyrite-proxy/${name}`).join('');
  return `${AS_PROXY}${options} ${PROGRAM} proxy --config ${SETTINGS}`;
}

/** An act on the proxy that runs. As root, the terminal looks where the unit keeps its state; it has to be told of another folder. */
export function actCommand({ stateFolder }: DeploymentPlan, verb: string): string {
  return `${PROGRAM} ${verb}${stateFolder === '/var/lib/keyrite-proxy' ? '' : ` --config ${SETTINGS}`}`;
}
