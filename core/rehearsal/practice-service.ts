import type { RehearsalEndpointService } from './kms/endpoint-services';
import { REHEARSAL_ACCOUNT } from './kms/identity';
import { practicePlan } from './practice-proxy';

/** Of every Region, the one endpoint service that a rehearsal has; a hint of `xks-store` says its name. */
const SERVICE_ID = 'vpce-svc-0123456789abcdef0';

export function practiceServiceName(region: string): string {
  return `com.amazonaws.vpce.${region}.${SERVICE_ID}`;
}

/** An endpoint service as AWS KMS wants it. */
export function practiceService(region: string, privateDnsName: string): RehearsalEndpointService {
  return {
    name: practiceServiceName(region),
    owner: REHEARSAL_ACCOUNT,
    state: 'Available',
    type: 'Interface',
    ipAddressTypes: ['ipv4'],
    privateDnsName,
    isDnsNameVerified: true,
    zones: [`${region}a`, `${region}b`],
    allowedPrincipals: [`cks.kms.${region}.amazonaws.com`],
    isAcceptanceRequired: false,
    scheme: 'internal',
    listeners: [{ port: 443, protocol: 'TCP', targets: ['healthy', 'healthy'] }],
  };
}

/** The endpoint services of a rehearsal: they bear the name of this station's proxy, and there are none before it has one. */
export function practiceServicesAt(proxyFolder: string, regions: readonly string[]): () => readonly RehearsalEndpointService[] {
  return () => {
    const plan = practicePlan(proxyFolder);
    return plan === null ? [] : regions.map((region) => practiceService(region, plan.endpointHost));
  };
}
