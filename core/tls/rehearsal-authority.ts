import { randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { failure, success, type Result } from '../contract/result';
import { isHostName } from '../deployment/host-name';
import { newRsaKey, publicPemOf, readRsaKey } from './certificate-key';
import { nameField } from './request';
import { signWith } from './sign-with';

/** A CA for practice. Its subjects begin with REHEARSAL, and no computer trusts it but by its root. */
export interface RehearsalAuthority {
  readonly rootPem: string;
  /** the CA between root and server, as public ones have it */
  readonly issuingPem: string;
  /** PEM of the issuing key. The root's is gone: nothing but `issuingPem` was ever signed with it. */
  readonly issuingKey: Uint8Array;
}

/** What is wrong with a certificate that is made for a drill. */
export type Flaw = 'expired' | 'wrongName' | 'noChain';

export interface IssueOrder {
  /** PKCS#10 as PEM */
  readonly requestPem: string;
  readonly host: string;
  readonly now: Date;
  /** null: a good certificate */
  readonly flaw: Flaw | null;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 90;
const WRONG_HOST = 'another-host.rehearsal.invalid';
const ROOT = 'REHEARSAL practice root';
const ISSUING = 'REHEARSAL practice issuing CA';

const days = (now: Date, count: number): Date => new Date(now.getTime() + count * DAY_MS);
const subject = (commonName: string) => [
  nameField('organizationName', 'REHEARSAL - not for production'),
  nameField('commonName', commonName),
];

/** 127 random bits, positive and never empty (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

interface Draft {
  readonly publicKey: forge.pki.PublicKey;
  readonly subject: forge.pki.CertificateField[];
  readonly issuer: forge.pki.CertificateField[];
  readonly from: Date;
  readonly to: Date;
  readonly extensions: readonly object[];
}

function publicKeyOf(pem: Uint8Array): forge.pki.PublicKey {
  const key = readRsaKey(pem);
  if (key === null) throw new Error('A key that was just made cannot be read.');
  return forge.pki.publicKeyFromPem(publicPemOf(key));
}

function issue(draft: Draft, issuerKey: Uint8Array): string {
  const key = readRsaKey(issuerKey);
  if (key === null) throw new Error('The key of the practice CA cannot be read.');
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = draft.publicKey;
  certificate.serialNumber = serialNumber();
  certificate.validity = { notBefore: draft.from, notAfter: draft.to };
  certificate.setSubject(draft.subject);
  certificate.setIssuer(draft.issuer);
  const keyIdentifier = forge.pki.getPublicKeyFingerprint(publicKeyOf(issuerKey), { type: 'RSAPublicKey' }).getBytes();
  const identifiers = [{ name: 'subjectKeyIdentifier' }, { name: 'authorityKeyIdentifier', keyIdentifier }];
  certificate.setExtensions([...draft.extensions, ...identifiers]);
  const signer = signWith(key, () => (certificate as unknown as { tbsCertificate: forge.asn1.Asn1 }).tbsCertificate);
  certificate.sign(signer, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r', '');
}

const authorityExtensions = (pathLength: number) => [
  { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: pathLength },
  { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
];

/** Makes a CA for practice: root and issuing CA, valid from 400 days before `now`, so that a drill can have an expired certificate. */
export async function rehearsalAuthority({ now }: { readonly now: Date }): Promise<RehearsalAuthority> {
  const [rootKey, issuingKey] = await Promise.all([newRsaKey(2048), newRsaKey(2048)]);
  const times = { from: days(now, -400), to: days(now, 1825) };
  const root = {
    publicKey: publicKeyOf(rootKey),
    subject: subject(ROOT),
    issuer: subject(ROOT),
    ...times,
    extensions: authorityExtensions(1),
  };
  const issuing = {
    publicKey: publicKeyOf(issuingKey),
    subject: subject(ISSUING),
    issuer: subject(ROOT),
    ...times,
    extensions: authorityExtensions(0),
  };
  const made = { rootPem: issue(root, rootKey), issuingPem: issue(issuing, rootKey), issuingKey };
  rootKey.fill(0);
  return made;
}

/** The key of a request whose signature is right; null for anything else. */
function requested(pem: string): { readonly publicKey: forge.pki.PublicKey; readonly commonName: string } | null {
  try {
    const request = forge.pki.certificationRequestFromPem(pem);
    if (!request.verify() || request.publicKey === null) return null;
    const field = request.subject.getField('CN') as { readonly value?: unknown } | null;
    return { publicKey: request.publicKey, commonName: typeof field?.value === 'string' ? field.value : '' };
  } catch {
    // forge throws texts of its own for whatever is no request; which one helps nobody
    return null;
  }
}

function serverExtensions(host: string) {
  return [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
  ];
}

/** Signs a request for `host`, valid for 90 days; with a flaw for drills. Answers the file a proxy serves: certificate, then issuing CA. */
export function issueForRehearsal(
  { issuingPem, issuingKey }: RehearsalAuthority,
  { requestPem, host, now, flaw }: IssueOrder,
): Result<{ readonly chainPem: string }> {
  const request = requested(requestPem);
  if (request === null || !isHostName(host) || request.commonName !== host)
    return failure('input.invalid', {
      name: 'certificate request',
      problem: `It is no certificate request for ${isHostName(host) ? host : 'this host'} whose signature is right.`,
    });
  const name = flaw === 'wrongName' ? WRONG_HOST : host;
  const last = days(now, flaw === 'expired' ? -1 : VALID_DAYS);
  const draft = {
    publicKey: request.publicKey,
    subject: subject(name),
    issuer: subject(ISSUING),
    // An hour back, for clocks that are not quite alike.
    from: flaw === 'expired' ? days(last, -VALID_DAYS) : new Date(now.getTime() - 3_600_000),
    to: last,
    extensions: serverExtensions(name),
  };
  const certificate = issue(draft, issuingKey);
  return success({ chainPem: flaw === 'noChain' ? certificate : certificate + issuingPem });
}
