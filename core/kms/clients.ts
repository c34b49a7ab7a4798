import { KMSClient } from '@aws-sdk/client-kms';
import { STSClient } from '@aws-sdk/client-sts';
import type { Endpoint } from './endpoint';
import { openTransport } from './transport';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ClientChoices {
  readonly region: string;
  readonly endpoint: Endpoint;
  /** '' for the default chain */
  readonly profile: string;
  readonly credentials: Credentials | null;
  readonly timeoutMs: number;
}

const nothing = (): void => undefined;

/** The SDK says nothing anywhere: it would print to the console, requests at level debug. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/**
 * The SDK's clients, with everything they would decide by themselves decided here:
 * one attempt, our transport, no correction of a wrong clock, no endpoint from AWS_ENDPOINT_URL or a profile (it would turn a
 * production ceremony to a stand-in without a word), no console.
 */
export function openClients({ region, endpoint, profile, credentials, timeoutMs }: ClientChoices) {
  // Which Node the house needs is said by package.json, not by a warning on the terminal of a ceremony.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const common = {
    region,
    ...(profile === '' ? {} : { profile }),
    ...(credentials === null ? {} : { credentials: { ...credentials } }),
    maxAttempts: 1,
    retryMode: 'standard',
    disableClockSkewCorrection: true,
    ignoreConfiguredEndpointUrls: true,
    logger: SILENT,
  };
  const custom = { endpoint: endpoint.url, useFipsEndpoint: false, useDualstackEndpoint: false };
  // An AWS host that was chosen (FIPS, VPC) is one of KMS; STS is asked where it always is. A rehearsal KMS answers for both.
  const forKms = endpoint.url === '' ? {} : custom;
  const forSts = endpoint.isAws ? {} : custom;
  return {
    kms: new KMSClient({ ...common, ...forKms, requestHandler: openTransport(timeoutMs) }),
    sts: new STSClient({ ...common, ...forSts, requestHandler: openTransport(timeoutMs) }),
  };
}
