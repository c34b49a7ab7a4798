import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { unreadable, type Read } from './endpoint';
import type { TlsFiles } from './transport';

async function readPem(path: string): Promise<Read<string>> {
  try {
    return { ok: true, value: await readFile(path, 'utf8') };
  } catch (error) {
    return unreadable(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}

/** Node passes over roots it cannot read, and then every proxy would look as if its certificate were bad. */
function areCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0;
  } catch {
    // said by whoever asked
    return false;
  }
}

function fitTogether(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key });
    return true;
  } catch {
    // said by whoever asked; OpenSSL's words may quote the file
    return false;
  }
}

async function readClient(certPath: string, keyPath: string): Promise<Read<TlsFiles>> {
  const [cert, key] = [await readPem(certPath), await readPem(keyPath)];
  if (!cert.ok) return cert;
  if (!key.ok) return key;
  if (!fitTogether(cert.value, key.value))
    return unreadable(
      `${certPath} and ${keyPath} are no certificate and key as PEM, without a passphrase, that belong together.`,
    );
  return { ok: true, value: { clientCert: cert.value, clientKey: key.value } };
}

export interface TlsPaths {
  /** '' where there is none, as with the others */
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** Roots and client certificate, proven to be usable before anything is asked of a proxy. Problems never quote a file. */
export async function readTlsFiles({ ca: caPath, clientCert, clientKey }: TlsPaths): Promise<Read<TlsFiles>> {
  if ((clientCert === '') !== (clientKey === '')) return unreadable('A client certificate and its key go together.');
  const ca = caPath === '' ? null : await readPem(caPath);
  if (ca && !ca.ok) return ca;
  if (ca && !areCertificates(ca.value)) return unreadable(`${caPath} holds no certificates as PEM.`);
  const client = clientCert === '' ? null : await readClient(clientCert, clientKey);
  if (client && !client.ok) return client;
  return { ok: true, value: { ...(ca && { ca: ca.value }), ...client?.value } };
}
