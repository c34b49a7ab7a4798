import { stringify } from 'smol-toml';
import { XKS_BASE } from '../xks/uri';
import type { DeploymentPlan } from './plan';

type Table = Readonly<Record<string, unknown>>;

/** The keys by which the proxy's settings name the place of a secret. */
function sourceOf(what: 'pin' | 'secret', source: DeploymentPlan['hsm']['pin']): Table {
  switch (source.from) {
    case 'supervisor':
      return { [`${what}_from`]: 'supervisor' };
    case 'credential':
      return { [`${what}_credential`]: source.name };
    case 'file':
      return { [`${what}_file`]: source.path };
  }
}

const HEAD = `# Keyrite XKS proxy: made from a deployment plan.
#
# It holds no secret: the PIN and the secret access key come from where the keys below say.
#   keyrite proxy --config THIS_FILE --check            names every mistake at once, and changes nothing
#   keyrite proxy --config THIS_FILE --make-health-key  makes the key that health checks use
# Run both as the user the proxy runs as. docs/deployment.md has the order of steps.
`;

/** Comments are fixed texts, and values are written by the TOML writer: no value can become a key or a line of its own. */
function section(comment: string, table: Table): string {
  const lines = comment.split('\n').map((line) => `# ${line}`);
  return `${lines.join('\n')}\n${stringify(table).trimEnd()}\n`;
}

function keyStore(plan: DeploymentPlan): Table {
  const credentials = [{ accessKeyId: plan.accessKeyId, secretAccessKey: plan.secretAccessKey }, ...plan.olderCredentials];
  return {
    name: plan.keyStoreName,
    uri_path_prefix: plan.uriPathPrefix,
    xks_key_id_set: [...plan.keyLabels],
    // A new store has no ciphertext of another proxy: none is tried.
    foreign_framings: [],
    credentials: credentials.map(({ accessKeyId, secretAccessKey }) => ({
      access_key_id: accessKeyId,
      ...sourceOf('secret', secretAccessKey),
    })),
  };
}

function generationSections({ generations }: DeploymentPlan): readonly string[] {
  if (generations.length === 0) return [];
  const keys = Object.fromEntries(
    generations.map(({ label, current, legacy }) => [label, { current, ...(legacy !== null && { legacy }) }]),
  );
  return [section('Which of the keys with one label encrypts; by CKA_ID.', { keys })];
}

function sections(plan: DeploymentPlan): readonly string[] {
  const { listen, region, tls, hsm, pool, healthKeyLabel, fleetSize, metricsPort, authorization } = plan;
  return [
    section('Where it listens, and the Region of the AWS KMS that calls it, on port 443 over IPv4.', {
      server: { ip: listen.ip, port: listen.port, region },
    }),
    section(
      'Certificate with its whole chain, and its key (mode 0600). New files in the same place are taken over by a reload.',
      { tls: { tls_cert_pem: tls.certificateFile, tls_key_pem: tls.keyFile } },
    ),
    section(
      `The key store: XksProxyUriPath is the prefix and ${XKS_BASE}. A key that is not named does not exist for AWS KMS.\nA second credential beside the first lets you rotate without a lost request.`,
      { external_key_stores: [keyStore(plan)] },
    ),
    ...generationSections(plan),
    section('The HSM. The library at this path is given the PIN.', {
      hsm: { profile: hsm.profile, module: hsm.modulePath, token_label: hsm.tokenLabel, ...sourceOf('pin', hsm.pin) },
    }),
    section('Sessions at the token, shared out to as many processes.', { pool: { ...pool } }),
    section('A key of its own that nothing is encrypted with, and how many proxies there are behind this endpoint.', {
      health: { key: healthKeyLabel, fleet_size: fleetSize },
    }),
    section('Kill switch, lock and control socket. It must outlive this machine’s restarts.', {
      state: { folder: plan.stateFolder },
    }),
    section('One line for each request, chained by hashes. No line, no answer.', {
      audit: { folder: plan.auditFolder, on_failure: 'refuse' },
    }),
    ...(metricsPort === null
      ? []
      : [section('For Prometheus, on this machine only.', { metrics: { ip: '127.0.0.1', port: metricsPort } })]),
    ...(authorization === null
      ? []
      : [section('Who may use which keys.', { authorization: { policy_file: authorization.policyFile } })]),
  ];
}

/** The proxy's settings (TOML) for this plan; its reader takes them without an error. Holds no secret. */
export function settingsText(plan: DeploymentPlan): string {
  return [HEAD, ...sections(plan)].join('\n');
}
