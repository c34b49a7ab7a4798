import { X509Certificate } from 'node:crypto';
import { inSequence, isHex, readFirst, TAG } from '../keys/der-reader';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
/** A chain has three or four; whatever has more is a bundle of roots or an attack on our time. */
const MOST = 10;

/** The certificates of a PEM file in their order. null: there is none, there are too many, or one cannot be read. */
export function certificatesOf(pem: string, most = MOST): readonly X509Certificate[] | null {
  const blocks = pem.match(CERTIFICATE) ?? [];
  const begun = pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  if (blocks.length === 0 || blocks.length !== begun || blocks.length > most) return null;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    // which of them it is, a person sees when there is one left
    return null;
  }
}

/** Signature algorithms by the content of their OID (RFC 8017, A.2.4; RFC 5758, 3.2). What is not here is not strong, or not known. */
const SIGNATURES = {
  '2a864886f70d010105': 'RSA with SHA-1',
  '2a864886f70d010104': 'RSA with MD5',
  '2a8648ce3d0401': 'ECDSA with SHA-1',
  '2a864886f70d01010b': 'RSA with SHA-256',
  '2a864886f70d01010c': 'RSA with SHA-384',
  '2a864886f70d01010d': 'RSA with SHA-512',
  '2a8648ce3d040302': 'ECDSA with SHA-256',
  '2a8648ce3d040303': 'ECDSA with SHA-384',
  '2a8648ce3d040304': 'ECDSA with SHA-512',
} as const;

/** How a certificate is signed. Node tells it from version 24 on only, so it is read from the certificate (RFC 5280, 4.1.1.2). */
export function signatureOf({ raw }: X509Certificate): string {
  const [, algorithm] = inSequence(readFirst(raw)?.value) ?? [];
  const [oid] = inSequence(algorithm) ?? [];
  if (oid?.tag !== TAG.oid) return 'unknown';
  return Object.entries(SIGNATURES).find(([hex]) => isHex(oid.content, hex))?.[1] ?? 'unknown';
}

export function isStrongSignature(signature: string): boolean {
  return /with SHA-(256|384|512)$/.test(signature);
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'EC P-256', secp384r1: 'EC P-384' };

/** The kind of key in a certificate, for people: `RSA 2048`, `EC P-256`, or what else it is. */
export function keyOf({ publicKey }: X509Certificate): { readonly text: string; readonly isStrong: boolean } {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: { modulusLength = 0, namedCurve = '' } = {} } = publicKey;
  if (type === 'rsa') return { text: `RSA ${modulusLength}`, isStrong: modulusLength >= 2048 };
  if (type !== 'ec') return { text: type, isStrong: false };
  return { text: CURVES[namedCurve] ?? `EC ${namedCurve}`, isStrong: namedCurve in CURVES };
}

/** Certificates are somebody else's text: what could repaint a screen or fill it is taken out. */
export function shown(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
}

/** Every CN of the subject, as it stands there. */
export function commonNames(certificate: X509Certificate): readonly string[] {
  const { CN } = certificate.toLegacyObject().subject as { readonly CN?: string | readonly string[] };
  if (CN === undefined) return [];
  return typeof CN === 'string' ? [CN] : CN;
}

/** CN, else the whole name in one line. */
export function titleOf(certificate: X509Certificate): string {
  return shown(commonNames(certificate).join(', ') || certificate.subject || '(no name)');
}
