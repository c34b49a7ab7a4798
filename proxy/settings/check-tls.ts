import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { readPlainFile } from './plain-file';
import type { Remarks } from './remarks';
import type { Settings } from './settings';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

async function readText(path: string, key: string, remarks: Remarks): Promise<string | null> {
  try {
    return Buffer.from((await readPlainFile(path)).bytes).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    remarks.error(key, `${path} cannot be read (${code})`, 'Name a PEM file that the user the proxy runs as can read.');
    return null;
  }
}

function parseCertificates(text: string): readonly X509Certificate[] | null {
  try {
    return Array.from(text.matchAll(PEM_CERTIFICATE), ([pem]) => new X509Certificate(pem));
  } catch {
    return null;
  }
}

async function certificatesOf(path: string, key: string, remarks: Remarks): Promise<readonly X509Certificate[] | null> {
  const text = await readText(path, key, remarks);
  if (text === null) return null;
  const certificates = parseCertificates(text);
  if (certificates !== null && certificates.length > 0) return certificates;
  remarks.error(key, `${path} holds no certificate that can be read`, 'It begins with -----BEGIN CERTIFICATE-----.');
  return null;
}

function judgeDates(certificate: X509Certificate, now: Date, remarks: Remarks): void {
  const key = 'tls.tls_cert_pem';
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  const days = Math.floor((to.getTime() - now.getTime()) / DAY_MS);
  const remedy = 'Put a new certificate in its place; while it is not valid, AWS KMS reaches no key of these stores.';
  if (now > to) remarks.error(key, `The certificate expired on ${to.toISOString()}`, remedy);
  else if (now < from)
    remarks.error(key, `The certificate is not valid before ${from.toISOString()}`, `${remedy} Is this computer's clock right?`);
  else if (days < SOON_DAYS)
    remarks.warning(
      key,
      `The certificate expires in ${days} days, on ${to.toISOString()}`,
      'Renew it: the proxy takes the new one on SIGHUP, without a restart.',
    );
}

/** AWS KMS wants the whole chain; a certificate that signed itself is none of a public CA. */
function judgeChain([own, ...others]: readonly X509Certificate[], remarks: Remarks): void {
  if (own === undefined) return;
  const key = 'tls.tls_cert_pem';
  if (own.issuer === own.subject)
    remarks.warning(
      key,
      'The certificate signed itself; AWS KMS refuses it',
      'For AWS KMS it comes from a CA on the list of the XKS proxy specification.',
    );
  else if (others.length === 0)
    remarks.warning(
      key,
      'The file holds one certificate and no chain',
      'Append the intermediate certificates of the CA: without them AWS KMS answers XKS_PROXY_INVALID_TLS_CONFIGURATION.',
    );
  else if (!others.some((issuer) => own.checkIssued(issuer))) {
    remarks.warning(
      key,
      'The chain after the certificate is not that of its issuer',
      "The server's certificate comes first, then the one that signed it, and so on.",
    );
  }
}

function parseKey(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

async function judgeKey(path: string, certificate: X509Certificate | undefined, remarks: Remarks): Promise<void> {
  const key = 'tls.tls_key_pem';
  const text = await readText(path, key, remarks);
  if (text === null) return;
  const privateKey = parseKey(text);
  if (privateKey === null)
    remarks.error(
      key,
      `${path} holds no private key that can be read`,
      'PEM without a passphrase: PKCS#8, PKCS#1 (RSA) or SEC1 (EC).',
    );
  else if (certificate && !certificate.checkPrivateKey(privateKey)) {
    remarks.error(
      key,
      'The private key does not belong to the certificate',
      'Name the key that the certificate was requested with.',
    );
  }
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o007) !== 0) {
    remarks.warning(key, `${path} can be read by every user`, `chmod 0600 ${path}`);
  }
}

/** Looks at the files of TLS: there, whole, belonging together, valid at `now`. */
export async function checkTls(tls: Settings['tls'], now: Date, remarks: Remarks): Promise<void> {
  if (tls === null) return;
  const certificates = (await certificatesOf(tls.certificateFile, 'tls.tls_cert_pem', remarks)) ?? [];
  if (certificates[0]) judgeDates(certificates[0], now, remarks);
  judgeChain(certificates, remarks);
  await judgeKey(tls.keyFile, certificates[0], remarks);
  if (tls.client) await certificatesOf(tls.client.caFile, 'tls.mtls_client_ca_pem', remarks);
}
