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
 * Everything that clients of the SDK would decide by themselves, decided here: one attempt, no correction of a wrong clock, no endpoint from
 * AWS_ENDPOINT_URL or a profile (it would turn a production ceremony to a stand-in without a word), no console. The transport is
 * ours as well.
 */
function clientConfig({ region, profile, credentials }: ClientChoices) {
  // Which Node the house needs is said by package.json, not by a warning on the terminal of a ceremony.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  return {
    region,
    ...(profile === '' ? {} : { profile }),
    ...(credentials === null ? {} : { credentials: { ...credentials } }),
    maxAttempts: 1,
    retryMode: 'standard',
    disableClockSkewCorrection: true,
    ignoreConfiguredEndpointUrls: true,
    logger: SILENT,
  };
}

function placeConfig({ url }: Endpoint) {
  return { endpoint: url, useFipsEndpoint: false, useDualstackEndpoint: false };
}

/** Of a client of any service but KMS: an AWS host that was chosen (FIPS, VPC) is one of KMS, a rehearsal KMS answers for all. */
export function besideKms(choices: ClientChoices) {
  const { endpoint } = choices;
  return { ...clientConfig(choices), ...(endpoint.isAws ? {} : placeConfig(endpoint)) };
}

/** The clients that every ceremony with AWS needs. */
export function openClients(choices: ClientChoices) {
  const { endpoint, timeoutMs } = choices;
  const place = endpoint.url === '' ? {} : placeConfig(endpoint);
  return {
    kms: new KMSClient({ ...clientConfig(choices), ...place, requestHandler: openTransport(timeoutMs) }),
    sts: new STSClient({ ...besideKms(choices), requestHandler: openTransport(timeoutMs) }),
  };
}
