import { isIP } from 'node:net';
import { failure, success, type Result } from '../contract/result';

/** Where calls go. `isAws`: a host of KMS itself by its name, which its certificate proves. */
export interface Endpoint {
  /** '' for AWS's own of the Region */
  readonly url: string;
  readonly isAws: boolean;
}

/** The domains of AWS's partitions (partitions.json of the SDKs, dnsSuffix and dualStackDnsSuffix). */
const AWS_DOMAINS = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'api.aws',
  'api.amazonwebservices.com.cn',
  'api.amazonwebservices.eu',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'cloud.adc-e.uk',
  'csp.hci.ic.gov',
];

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}

const refused = (field: string, problem: string) => failure('input.invalid', { field, problem });

function readUrl(text: string): Result<URL> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol))
    return refused('endpoint', 'it is no URL like https://kms.eu-central-1.amazonaws.com');
  if (url.username || url.password) return refused('endpoint', 'it must not hold a user or a password');
  if (url.pathname !== '/' || url.search || url.hash) return refused('endpoint', 'it ends after host and port');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return refused('endpoint', 'plain http is possible to this station only, and only in a rehearsal');
  return success(url);
}

/** `kms.REGION.DOMAIN`, its FIPS host, or an interface endpoint of a VPC for it. */
const KMS_HOST = /^(?:vpce-[a-z0-9-]+\.)?kms(?:-fips)?\.([a-z0-9-]+)\.(?:vpce\.)?([a-z0-9.-]+)$/;

/**
 * The Region of a host of KMS, null for every other host. Being under a domain of AWS is not enough: anybody can have a bucket, an
 * API or a load balancer with a name and a certificate there, and answer as he likes.
 */
function regionOfKmsHost({ protocol, hostname }: URL): string | null {
  const [, region, domain] = KMS_HOST.exec(hostname) ?? [];
  return protocol === 'https:' && region !== undefined && AWS_DOMAINS.includes(domain ?? '') ? region : null;
}

/**
 * In production only hosts of KMS itself, over TLS. Whoever answers in KMS's place chooses the wrapping key and would be given ours;
 * that is more than a certificate some authority signed may decide.
 * `input.invalid` (no URL; a host of another Region than `region`), `aws.rehearsalOnly`
 */
export function readEndpoint(text: string, runMode: 'rehearsal' | 'production', region: string | null = null): Result<Endpoint> {
  if (text === '') return success({ url: '', isAws: true });
  const read = readUrl(text);
  if (!read.ok) return read;
  const { origin } = read.value;
  const hostRegion = regionOfKmsHost(read.value);
  if (hostRegion !== null && region !== null && hostRegion !== region)
    return refused('endpoint', `it is a host of KMS in ${hostRegion}, not in ${region}`);
  if (hostRegion !== null || runMode === 'rehearsal') return success({ url: origin, isAws: hostRegion !== null });
  return failure('aws.rehearsalOnly', {
    endpoint: origin,
    message:
      'In production Keyrite speaks to hosts of KMS itself only, over TLS: whoever answers in its place hands out the wrapping key.',
  });
}

/** `eu-central-1`, `us-gov-west-1`: the form of a Region's name, not whether it exists. */
export function checkRegion(region: string): Result<string> {
  return /^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/.test(region)
    ? success(region)
    : refused('region', 'it is no name of a Region like eu-central-1');
}
