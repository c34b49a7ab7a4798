import { connect, createSecureContext, type ConnectionOptions, type PeerCertificate, type SecureContext } from 'node:tls';
import { peerOf, type Endpoint } from './endpoint';
import type { TlsFiles } from './transport';

/** What a certificate says, as far as KMS cares. */
export interface CertificateFacts {
  readonly commonName: string;
  /** dNSName entries */
  readonly names: readonly string[];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** '' or why this machine does not trust it for the host (a code of OpenSSL or Node) */
  readonly problem: string;
}

/** The code of a handshake that was never tried: the TLS library of this program does not know what was asked of it (BoringSSL in Electron). */
export const UNABLE = 'ERR_TLS_UNABLE';

/** `failed`: the code of the error; '' when the proxy just closed the connection. */
export type Handshake =
  | { readonly kind: 'done'; readonly protocol: string; readonly suite: string; readonly certificate: CertificateFacts }
  | { readonly kind: 'failed'; readonly code: string };

/** A probe is no call of KMS: it may take its time. */
const PROBE_TIMEOUT_MS = 5000;

function one(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

function certificateFacts(
  { subject, subjectaltname, issuer, valid_from, valid_to }: PeerCertificate,
  problem: string,
): CertificateFacts {
  const names = (subjectaltname ?? '').split(', ').flatMap((entry) => (entry.startsWith('DNS:') ? [entry.slice(4)] : []));
  return {
    commonName: one(subject.CN),
    names,
    issuer: one(issuer.CN) || one(issuer.O),
    validFrom: valid_from,
    validTo: valid_to,
    problem,
  };
}

function contextOf(options: ConnectionOptions): SecureContext | null {
  try {
    return createSecureContext(options);
  } catch {
    return null;
  }
}

/** One TLS handshake with these limits, whatever the certificate is worth; closed at once. */
export function handshake(
  endpoint: Endpoint,
  { ca, clientCert, clientKey }: TlsFiles,
  limits: ConnectionOptions,
): Promise<Handshake> {
  const secureContext = contextOf({
    ...(ca !== undefined && { ca }),
    ...(clientCert !== undefined && { cert: clientCert }),
    ...(clientKey !== undefined && { key: clientKey }),
    ...limits,
  });
  if (secureContext === null) return Promise.resolve({ kind: 'failed', code: UNABLE });
  return new Promise((resolve) => {
    const socket = connect({
      ...peerOf(endpoint),
      family: 4,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      secureContext,
    } as ConnectionOptions);
    const end = (result: Handshake): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => end({ kind: 'failed', code: 'ETIMEDOUT' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ kind: 'failed', code: error.code ?? '' }));
    socket.once('close', () => end({ kind: 'failed', code: '' }));
    socket.once('secureConnect', () => {
      // Typed as an error, but Node puts the code of one there.
      const problem = socket.authorized ? '' : String(socket.authorizationError);
      const certificate = certificateFacts(socket.getPeerCertificate(), problem);
      end({ kind: 'done', protocol: socket.getProtocol() ?? '', suite: socket.getCipher().name, certificate });
    });
  });
}
