import type { NoAnswer } from './exchange';

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there (connection refused)',
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name could not be resolved (DNS does not answer)',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no connection came about',
};

const TLS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the chain ends in a root that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'the chain is not complete: an issuer is missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the chain leads to no trusted root: an issuer is missing or not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the proxy sent its certificate alone, without the chain, and its issuer is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

/** Is it a code of a handshake, whatever the library calls it? */
function isTlsCode(code: string): boolean {
  return code in TLS || code === 'EPROTO' || /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_)/.test(code);
}

/** The error of a socket in words; only its code is used, the rest may hold somebody else's text. */
export function tlsFailureInWords(code: string): string {
  return TLS[code] ?? `the TLS handshake failed (${code || 'the connection was closed'})`;
}

/** @param isSetUp the connection, with TLS where that was wanted, had come about */
export function connectionFailure(
  code: string,
  isTls: boolean,
  isConnected: boolean,
  isSetUp: boolean,
): Pick<NoAnswer, 'kind' | 'what'> {
  if (isTlsCode(code)) return { kind: 'tls', what: tlsFailureInWords(code) };
  const unreachable = UNREACHABLE[code];
  if (!isConnected) return { kind: 'unreachable', what: unreachable ?? `no connection came about (${code || 'unknown'})` };
  if (isTls && !isSetUp) return { kind: 'tls', what: tlsFailureInWords(code) };
  return { kind: 'broken', what: `the proxy ended the connection without a proper answer (${code || 'closed'})` };
}
