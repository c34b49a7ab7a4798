import { readDeploymentPlan, type DeploymentPlan } from '../../../core/deployment/plan';

/** A plan for a server with an HSM, with what a test wants to be different. Judged as every plan is. */
export function planOf(differs: Partial<DeploymentPlan> = {}): DeploymentPlan {
  const plan: DeploymentPlan = {
    region: 'eu-central-1',
    keyStoreName: 'production',
    uriPathPrefix: '/production/blue',
    endpointHost: 'xks.example.com',
    connectivity: 'public',
    keyLabels: ['payments-2026', 'hr_2026.v1'],
    healthKeyLabel: 'keyrite-health',
    accessKeyId: 'ABCDEFGHIJKLMNOPQRSTUVWXY2345',
    secretAccessKey: { from: 'file', path: '/etc/keyrite-proxy/secrets/production' },
    olderCredentials: [],
    generations: [],
    hsm: {
      profile: 'thales-luna',
      modulePath: '/usr/safenet/lunaclient/lib/libCryptoki2_64.so',
      tokenLabel: 'xks-partition',
      pin: { from: 'credential', name: 'pin' },
    },
    pool: { sessions: 32, processes: 2 },
    fleetSize: 2,
    tls: { certificateFile: '/etc/keyrite-proxy/tls/certificate.pem', keyFile: '/etc/keyrite-proxy/tls/key.pem' },
    stateFolder: '/var/lib/keyrite-proxy',
    auditFolder: '/var/lib/keyrite-proxy/audit',
    listen: { ip: '0.0.0.0', port: 443 },
    metricsPort: 9464,
    authorization: null,
    ...differs,
  };
  const read = readDeploymentPlan(plan);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}
