import { isIP } from 'node:net';

/** XksProxyUriEndpoint is "https://" and 120 characters at most (AWS KMS, CreateCustomKeyStore). */
const LONGEST = 120;

/** A whole name in lower case that AWS KMS can call, such as `xks.example.com`: no address, no port, no dot at its end, no `*`. */
export function isHostName(host: string): boolean {
  const labels = host.split('.');
  if (host.length > LONGEST || labels.length < 2 || isIP(host) !== 0) return false;
  return labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}
