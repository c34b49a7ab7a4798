import { isIP } from 'node:net';
import { failure, success, type Result } from '../contract/result';

/** Where calls go. `isAws`: a host under one of AWS's own domains, so that its certificate is AWS's. */
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

/**
 * In production only AWS's own hosts, over TLS. Whoever answers in KMS's place chooses the wrapping key and would be given ours;
 * that is more than a certificate some authority signed may decide. Interface endpoints of a VPC are under AWS's domains too.
 * `input.invalid`, `aws.rehearsalOnly`
 */
export function readEndpoint(text: string, runMode: 'rehearsal' | 'production'): Result<Endpoint> {
  if (text === '') return success({ url: '', isAws: true });
  const read = readUrl(text);
  if (!read.ok) return read;
  const { protocol, hostname, origin } = read.value;
  const isAws = protocol === 'https:' && AWS_DOMAINS.some((domain) => hostname.endsWith(`.${domain}`));
  if (runMode === 'rehearsal' || isAws) return success({ url: origin, isAws });
  return failure('aws.rehearsalOnly', {
    endpoint: origin,
    message:
      'In production Keyrite speaks to hosts of AWS only, over TLS: whoever answers in KMS’s place hands out the wrapping key.',
  });
}

/** `eu-central-1`, `us-gov-west-1`: the form of a Region's name, not whether it exists. */
export function checkRegion(region: string): Result<string> {
  return /^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/.test(region)
    ? success(region)
    : refused('region', 'it is no name of a Region like eu-central-1');
}
