import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { readPlainFile } from '../settings/plain-file';
import type { Settings, SettingsRemark } from '../settings/settings';
import { NO_TICKETS } from './mtls';

type TlsSettings = NonNullable<Settings['tls']>;

/** The suites of the specification, and no other. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':');

const DAY_MS = 86_400_000;

/** Today's least for RSA; OpenSSL would still serve with 1,024 bits where its own level is set low. */
const LEAST_RSA_BITS = 2048;

/** Certificate, key and client CA, read and found to fit together. */
export interface TlsMaterial {
  readonly context: SecureContextOptions;
  readonly certificate: CertificateFacts;
  /** what a client certificate has to name; null: none is asked for */
  readonly clientSubject: string | null;
  /** things worth a word that do not keep it from being used */
  readonly warnings: readonly SettingsRemark[];
}

export interface CertificateFacts {
  /** e.g. `CN=xks.example.com` */
  readonly subject: string;
  /** e.g. `DNS:xks.example.com` */
  readonly names: string;
  /** epoch ms: when the first certificate of the chain expires */
  readonly expiresAt: number;
}

export type TlsRead =
  { readonly ok: true; readonly value: TlsMaterial } | { readonly ok: false; readonly problem: SettingsRemark };

/** Thrown inside this file alone: the first thing that is wrong. */
class Unusable extends Error {
  readonly remark: SettingsRemark;
  constructor(key: string, problem: string, remedy: string) {
    super(problem);
    this.remark = { severity: 'error', key, problem, remedy };
  }
}

const CERTIFICATE = 'tls.tls_cert_pem';
const KEY = 'tls.tls_key_pem';
const CLIENT_CA = 'tls.mtls_client_ca_pem';

/**
 * Reads the TLS files and proves that a server can be run with them: PEM, a key of RSA (PKCS#1 or PKCS#8) or EC (SEC1 or PKCS#8) that
 * belongs to the first certificate, valid today. Nothing of the files is in the problem's text.
 * @param now epoch ms
 */
export async function readTls({ certificateFile, keyFile, client }: TlsSettings, now: number): Promise<TlsRead> {
  try {
    const cert = await text(CERTIFICATE, certificateFile);
    const key = await text(KEY, keyFile);
    const chain = chainOf(cert, certificateFile);
    fits(chain, privateKeyOf(key, keyFile), keyFile);
    const certificate = { ...namesOf(chain), expiresAt: timely(chain, now, certificateFile) };
    const ca = client === null ? {} : { ca: await clientCa(client.caFile), ...NO_TICKETS };
    const context = contextOf({ cert, key, ...ca });
    return {
      ok: true,
      value: { context, certificate, clientSubject: client?.subject ?? null, warnings: await openToAll(keyFile) },
    };
  } catch (error) {
    if (error instanceof Unusable) return { ok: false, problem: error.remark };
    throw error;
  }
}

/** Whole days until the certificate expires, rounded down; negative after it. */
export function daysToExpiry({ expiresAt }: CertificateFacts, now: number): number {
  return Math.floor((expiresAt - now) / DAY_MS);
}

async function text(key: string, path: string): Promise<string> {
  try {
    return Buffer.from((await readPlainFile(path)).bytes).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Unusable(key, `${path} cannot be read (${code}).`, 'Name a PEM file that the user of the proxy may read.');
  }
}

function chainOf(pem: string, path: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const chain = blocks.map((block) => new X509Certificate(block));
    if (chain.length > 0) return chain;
  } catch {
    // said below: for people both are the same
  }
  throw new Unusable(
    CERTIFICATE,
    `${path} holds no readable certificate.`,
    'Give the certificate of the proxy first, then those between it and the root, each as PEM.',
  );
}

function privateKeyOf(pem: string, path: string): KeyObject {
  let key: KeyObject | null = null;
  try {
    key = createPrivateKey(pem);
  } catch {
    // said below, without OpenSSL's words
  }
  if (key?.asymmetricKeyType === 'ec') return key;
  if (key?.asymmetricKeyType === 'rsa') return strong(key, path);
  throw new Unusable(
    KEY,
    `${path} holds no private key of RSA or EC that can be read without a passphrase.`,
    'Give the key as PEM (PKCS#8, PKCS#1 or SEC1), not encrypted, readable for the user of the proxy alone.',
  );
}

function strong(key: KeyObject, path: string): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= LEAST_RSA_BITS) return key;
  throw new Unusable(KEY, `The RSA key in ${path} has ${bits} bits.`, 'Make one with 2048 bits or more, or an EC key (P-256).');
}

function fits(chain: readonly X509Certificate[], key: KeyObject, path: string): void {
  if (chain[0]?.checkPrivateKey(key) === true) return;
  throw new Unusable(
    KEY,
    `The key in ${path} is not the key of the first certificate.`,
    'Give the certificate and the key that were made together; the certificate of the proxy has to come first in its file.',
  );
}

function timely(chain: readonly X509Certificate[], now: number, path: string): number {
  const expiresAt = Math.min(...chain.map(({ validTo }) => Date.parse(validTo)));
  const beginsAt = Math.max(...chain.map(({ validFrom }) => Date.parse(validFrom)));
  const day = (at: number): string => new Date(at).toISOString();
  if (expiresAt <= now)
    throw new Unusable(
      CERTIFICATE,
      `A certificate in ${path} expired at ${day(expiresAt)}.`,
      'Renew it: KMS refuses to connect.',
    );
  if (beginsAt > now)
    throw new Unusable(
      CERTIFICATE,
      `A certificate in ${path} is not valid before ${day(beginsAt)}.`,
      'Check the clock of this host.',
    );
  return expiresAt;
}

function namesOf([leaf]: readonly X509Certificate[]): Pick<CertificateFacts, 'subject' | 'names'> {
  return { subject: (leaf?.subject ?? '').replaceAll('\n', ', '), names: leaf?.subjectAltName ?? '' };
}

async function clientCa(path: string): Promise<string> {
  const pem = await text(CLIENT_CA, path);
  try {
    if (pem.includes('-----BEGIN CERTIFICATE-----') && new X509Certificate(pem).subject !== '') return pem;
  } catch {
    // said below
  }
  throw new Unusable(CLIENT_CA, `${path} holds no readable certificate.`, 'Give the CA certificates of the clients as PEM.');
}

/** OpenSSL has the last word on what it will serve with. */
function contextOf(material: SecureContextOptions): SecureContextOptions {
  const context: SecureContextOptions = {
    ...material,
    ciphers: CIPHERS,
    honorCipherOrder: true,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
  };
  try {
    createSecureContext(context);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Unusable(
      CERTIFICATE,
      `OpenSSL refuses the certificate (${code}).`,
      'Ask for one with RSA of 2048 bits or more, or EC P-256.',
    );
  }
  return context;
}

async function openToAll(keyFile: string): Promise<readonly SettingsRemark[]> {
  const { mode } = await stat(keyFile);
  if (process.platform === 'win32' || (mode & 0o004) === 0) return [];
  return [
    { severity: 'warning', key: KEY, problem: `Every user of this host can read ${keyFile}.`, remedy: `chmod 600 ${keyFile}` },
  ];
}
