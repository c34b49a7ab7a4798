import type { DeploymentPlan } from './plan';

/** What StateDirectory= of the unit makes. */
const UNIT_FOLDER = '/var/lib/keyrite-proxy';
/** From here on, a port takes no capability. */
const FIRST_FREE_PORT = 1024;

/** Files that systemd hands over; the proxy itself cannot open them. */
function credentials({ hsm, secretAccessKey }: DeploymentPlan): readonly string[] {
  const names = [hsm.pin, secretAccessKey].flatMap((each) => (each.from === 'credential' ? [each.name] : []));
  return [...new Set(names)].map((name) => `LoadCredential=${name}:/etc/keyrite-proxy/${name}`);
}

/** Folders outside the one that the unit makes: the file system is read-only but for these. */
function folders({ stateFolder, auditFolder }: DeploymentPlan): readonly string[] {
  const isElsewhere = (folder: string) => folder !== UNIT_FOLDER && !folder.startsWith(`${UNIT_FOLDER}/`);
  return [...new Set([stateFolder, auditFolder])].filter(isElsewhere).map((folder) => `ReadWritePaths=${folder}`);
}

function ports({ listen, metricsPort }: DeploymentPlan): readonly string[] {
  const all = metricsPort === null ? [listen.port] : [listen.port, metricsPort];
  return all.map((port) => `SocketBindAllow=tcp:${port}`);
}

/**
 * What the unit of resources/templates/systemd does otherwise for this plan, as a drop-in: the next release can replace the unit. An
 * empty value takes back what the unit says. Only for a plan whose paths are plain.
 */
export function dropInText(plan: DeploymentPlan): string {
  const needsNoCapability = plan.listen.port >= FIRST_FREE_PORT && (plan.metricsPort ?? FIRST_FREE_PORT) >= FIRST_FREE_PORT;
  const lines = [
    '# Made from a deployment plan. It goes beside the unit: keyrite-proxy.service.d/plan.conf',
    '[Service]',
    'LoadCredential=',
    ...credentials(plan),
    'SocketBindAllow=',
    ...ports(plan),
    ...(needsNoCapability ? ['CapabilityBoundingSet=', 'AmbientCapabilities='] : []),
    ...folders(plan),
  ];
  return `${lines.join('\n')}\n`;
}
