import { tlsFailureInWords } from '../connection-failure';
import { handshake, UNABLE, type CertificateFacts, type Handshake } from '../handshake';
import { fails, holds, notApplicable, untested, warns, type Judgement } from '../judgement';
import { proxyCase, type ProxyCase } from '../proxy-case';
import type { Session } from '../session';

/** The specification's suites, of which one at least has to work; by the version they belong to. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  'TLSv1.3': ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  'TLSv1.2': ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
};
const PLAIN_HTTP = notApplicable('plain HTTP');
const LAST_DAYS = 10;
const DAY_MS = 86_400_000;

async function oldHandshake({ store, tls }: Session): Promise<Handshake | null> {
  if (!store.endpoint.isTls) return null;
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
  // OpenSSL speaks it at this level only; BoringSSL knows no levels
  const seen = await handshake(store.endpoint, tls, { ...old, ciphers: 'ALL:@SECLEVEL=0' });
  return seen.kind === 'failed' && seen.code === UNABLE ? handshake(store.endpoint, tls, old) : seen;
}

export function judgeOldTls(seen: Handshake | null): Judgement {
  if (!seen) return PLAIN_HTTP;
  if (seen.kind === 'done') return fails(`${seen.protocol} was accepted`);
  // Our own library may have been built without old versions; then nothing was sent.
  return seen.code === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE' || seen.code === UNABLE
    ? untested('this machine cannot speak TLS 1.1')
    : holds('TLS 1.1 is refused');
}

async function suites({ store, tls }: Session): Promise<readonly string[] | null> {
  if (!store.endpoint.isTls) return null;
  const names = Object.values(SUITES).flat();
  const open = await handshake(store.endpoint, tls, {});
  // the one that both sides would take by themselves; of the others a library that lets nobody choose (BoringSSL, TLS 1.3) tells nothing
  const accepted = open.kind === 'done' && names.includes(open.suite) ? [open.suite] : [];
  for (const [version, ofVersion] of Object.entries(SUITES)) {
    for (const ciphers of ofVersion.filter((name) => !accepted.includes(name))) {
      const only = { minVersion: version, maxVersion: version, ciphers } as const;
      const seen = await handshake(store.endpoint, tls, only as Parameters<typeof handshake>[2]);
      if (seen.kind === 'done' && !accepted.includes(seen.suite)) accepted.push(seen.suite);
    }
  }
  return accepted;
}

export function judgeSuites(accepted: readonly string[] | null): Judgement {
  if (!accepted) return PLAIN_HTTP;
  return accepted.length > 0 ? holds(accepted.join(', ')) : fails('none of the specification’s suites is offered');
}

/** What was shown, for which host, when, and whether the caller brought its own roots. */
export interface ShownCertificate {
  readonly certificate: CertificateFacts | null;
  readonly host: string;
  readonly now: number;
  readonly hasOwnRoots: boolean;
}

function isNamed(host: string, name: string): boolean {
  const [, ...parent] = host.split('.');
  return name.toLowerCase() === host.toLowerCase() || name.toLowerCase() === `*.${parent.join('.').toLowerCase()}`;
}

export function judgeCertificate({ certificate, host, now, hasOwnRoots }: ShownCertificate): Judgement {
  if (!certificate) return untested('no handshake came about');
  const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  const facts = `${certificate.commonName || '(no CN)'}, issued by ${certificate.issuer || '?'}, ${days} days left`;
  if (certificate.problem !== '') return fails(`${tlsFailureInWords(certificate.problem)} (${facts})`);
  if (days < LAST_DAYS)
    return warns(facts, {
      means: 'When it expires, all keys of the key store are unavailable.',
      remedy: 'Renew the certificate now.',
    });
  if (!isNamed(host, certificate.commonName))
    return warns(`${facts}; the subject’s CN is not ${host}`, {
      means: 'KMS asks for a subject CN that matches the endpoint.',
      remedy: 'Put the endpoint’s name (or *.parent) into CN as well as into the alternative names.',
    });
  if (hasOwnRoots)
    return warns(`${facts}; trusted here because of --ca`, {
      means: 'KMS trusts the public authorities on its own list only.',
      remedy: 'Before production, get a certificate of an authority in TrustedCertificateAuthorities.',
    });
  return holds(facts);
}

async function shownCertificate({ store, tls, now }: Session): Promise<ShownCertificate | null> {
  if (!store.endpoint.isTls) return null;
  const seen = await handshake(store.endpoint, tls, {});
  const certificate = seen.kind === 'done' ? seen.certificate : null;
  return { certificate, host: store.endpoint.host, now: now(), hasOwnRoots: tls.ca !== undefined };
}

const INVALID_TLS = 'XKS_PROXY_INVALID_TLS_CONFIGURATION';

export const TLS_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'certificate',
    theme: 'connection',
    needs: 'nothing',
    expects: 'The certificate is valid for the host, in time, and leads to a trusted root.',
    means: 'KMS ends the handshake; every key of the key store is unavailable.',
    remedy: 'Install a certificate for this host with its full chain, from an authority KMS trusts.',
    kmsSays: INVALID_TLS,
    run: shownCertificate,
    judge: (seen) => (seen ? judgeCertificate(seen) : PLAIN_HTTP),
  }),
  proxyCase({
    name: 'tls-suites',
    theme: 'connection',
    needs: 'connection',
    expects: 'At least one of the specification’s suites of TLS 1.2 or 1.3 is offered.',
    means: 'KMS finds no common suite and cannot connect.',
    remedy: 'Offer TLS_AES_256_GCM_SHA384 or the ECDHE suite with AES256-GCM that fits the certificate’s key.',
    kmsSays: INVALID_TLS,
    run: suites,
    judge: judgeSuites,
  }),
  proxyCase({
    name: 'tls-old-refused',
    theme: 'connection',
    needs: 'connection',
    expects: 'TLS 1.1 and older are refused.',
    means: 'The specification asks for TLS 1.2 at least; older versions protect badly.',
    remedy: 'Set the lowest version to TLS 1.2, at the load balancer too where TLS ends there.',
    run: oldHandshake,
    judge: judgeOldTls,
  }),
];
