import { isIP } from 'node:net';

/** Where a proxy is, as far as its XksProxyUriEndpoint says. */
export interface Endpoint {
  readonly isTls: boolean;
  /** name or address, IPv6 without brackets */
  readonly host: string;
  readonly port: number;
  /** as the Host header names it: with the port only where it is not the scheme's own */
  readonly authority: string;
  /** where this name leads, for a proxy whose name no DNS knows yet; names and certificate stay those of the endpoint */
  readonly connectTo?: { readonly host: string; readonly port: number };
}

/** What a connection is made to, and the name the other end has to prove. */
export function peerOf({ host, port, connectTo }: Endpoint): { host: string; port: number; servername: string } {
  return { ...(connectTo ?? { host, port }), servername: isIP(host) ? '' : host };
}

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function unreadable(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Reads `https://host[:port]`. Plain HTTP is for a proxy on this machine and only when asked for: over a network it would carry
 * signed requests and plaintexts in the clear.
 */
export function readEndpoint(text: string, allowsLoopbackHttp: boolean): Read<Endpoint> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol)) return unreadable(`"${text}" is no URL like https://xks.example.com.`);
  if (url.username || url.password) return unreadable('The URL must not hold a user or a password.');
  if (url.pathname !== '/' || url.search || url.hash)
    return unreadable('The URL ends after host and port; what stands before /kms/xks/v1 belongs to --prefix.');
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!isTls && !isLoopback(host))
    return unreadable('Plain HTTP is possible to this machine only (localhost, 127.0.0.1); use https.');
  if (!isTls && !allowsLoopbackHttp) return unreadable('Plain HTTP has to be asked for with --insecure-loopback.');
  return { ok: true, value: { isTls, host, port: Number(url.port) || (isTls ? 443 : 80), authority: url.host } };
}
