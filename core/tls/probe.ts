import type { X509Certificate } from 'node:crypto';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Check } from '../keys/evidence';

/** Suites of the XKS proxy API specification 1.0.3, of which one at least has to work. */
const SUITES = {
  'TLSv1.3': ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  'TLSv1.2': ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
} as const;

type Version = keyof typeof SUITES;

export interface ProbeOrder {
  /** address or name to connect to, IPv4 as AWS KMS does */
  readonly host: string;
  readonly port: number;
  /** the name that is asked for (SNI), and that the certificate has to have */
  readonly servername: string;
  /** trusted roots as PEM; left out: those Node knows */
  readonly ca?: readonly string[];
  /** for everything; 10 s unless told */
  readonly deadlineMs?: number;
}

export interface TlsProbe {
  /** '' where no handshake came about, as with the next three */
  readonly protocol: string;
  readonly suite: string;
  /** what the server sent, in its order, as PEM: for `checkChain` */
  readonly chainPem: string;
  /** '' when this machine trusts it for the name, else a code of OpenSSL or Node */
  readonly problem: string;
  /** the suites of the specification that were taken, by version; '' for none */
  readonly offered: Readonly<Record<Version, string>>;
  readonly checks: readonly Check[];
}

type Seen =
  | {
      readonly kind: 'done';
      readonly protocol: string;
      readonly suite: string;
      readonly problem: string;
      readonly chainPem: string;
    }
  | { readonly kind: 'failed'; readonly code: string };

function chainOf(socket: TLSSocket): string {
  const pems: string[] = [];
  // Node hangs the certificates of the wire behind each other here, in their order and as they came.
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  for (; certificate !== undefined && pems.length < 20; certificate = certificate.issuerCertificate)
    pems.push(certificate.toString());
  return pems.join('');
}

/** One handshake; the certificate is taken whatever it is worth, and judged afterwards. Nothing is sent. */
function shake({ host, port, servername, ca, deadlineMs = 10_000 }: ProbeOrder, limits: ConnectionOptions): Promise<Seen> {
  return new Promise((resolve) => {
    const options: ConnectionOptions = {
      ...{ host, port, servername, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] },
      ...(ca !== undefined && { ca: [...ca] }),
      ...limits,
    };
    const socket = connect({ ...options, family: 4 } as ConnectionOptions);
    const end = (seen: Seen): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(seen);
    };
    const timer = setTimeout(() => end({ kind: 'failed', code: 'ETIMEDOUT' }), deadlineMs);
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => end({ kind: 'failed', code }));
    socket.once('close', () => end({ kind: 'failed', code: 'ECONNRESET' }));
    socket.once('secureConnect', () => {
      // Typed as an error, but Node puts the code of one there.
      const problem = socket.authorized ? '' : String(socket.authorizationError);
      const { name: suite } = socket.getCipher();
      end({ kind: 'done', protocol: socket.getProtocol() ?? '', suite, problem, chainPem: chainOf(socket) });
    });
  });
}

async function offered(order: ProbeOrder, version: Version): Promise<string> {
  const seen = await shake(order, { minVersion: version, maxVersion: version, ciphers: SUITES[version].join(':') });
  return seen.kind === 'done' ? seen.suite : '';
}

function checksOf(order: ProbeOrder, seen: Seen, { 'TLSv1.3': newer, 'TLSv1.2': older }: TlsProbe['offered']): readonly Check[] {
  const reached = {
    rule: 'TLS-REACHED',
    ok: seen.kind === 'done',
    wanted: `a TLS handshake with ${order.servername} on port ${order.port}`,
    got: seen.kind === 'done' ? `${seen.protocol}, ${seen.suite}` : `none (${seen.code || 'closed'})`,
  };
  if (seen.kind === 'failed') return [reached];
  return [
    reached,
    {
      rule: 'TLS-SUITE',
      ok: newer !== '' || older !== '',
      wanted: Object.values(SUITES).flat().join(', '),
      got: [newer, older].filter((suite) => suite !== '').join(', ') || 'none of them',
    },
    {
      rule: 'TLS-TRUSTED',
      ok: seen.problem === '',
      wanted: `a certificate that this machine trusts for ${order.servername}`,
      got: seen.problem || 'trusted',
    },
  ];
}

/**
 * Connects as AWS KMS would and says what it would see: version, suite, the chain as it was sent, and whether one of the
 * specification's suites is offered in TLS 1.2 and 1.3. Ends within `deadlineMs`.
 */
export async function probeTls(order: ProbeOrder): Promise<TlsProbe> {
  const [seen, newer, older] = await Promise.all([shake(order, {}), offered(order, 'TLSv1.3'), offered(order, 'TLSv1.2')]);
  const taken = { 'TLSv1.3': newer, 'TLSv1.2': older };
  const facts = seen.kind === 'done' ? seen : { protocol: '', suite: '', chainPem: '', problem: '' };
  const { protocol, suite, chainPem, problem } = facts;
  return { protocol, suite, chainPem, problem, offered: taken, checks: checksOf(order, seen, taken) };
}
