import { constants } from 'node:crypto';
import type { SecureContextOptions, TLSSocket } from 'node:tls';

/** Where clients show certificates there are no tickets: a resumed session shows none, and would outlive a change of the CA. */
export const NO_TICKETS: SecureContextOptions = { secureOptions: constants.SSL_OP_NO_TICKET };

/**
 * Whether the client is the one the settings name: the subject stands as a dNSName or as the CN in its certificate, letter case aside,
 * wildcards meaning nothing. That its chain ends at the configured CA was checked by OpenSSL before.
 */
export function isAllowedClient(socket: Pick<TLSSocket, 'authorized' | 'getPeerX509Certificate'>, subject: string): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (!socket.authorized || certificate === undefined) return false;
  return certificate.checkHost(subject, { subject: 'always', wildcards: false, partialWildcards: false }) !== undefined;
}
