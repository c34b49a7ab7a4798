import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** For `describe.skipIf(!hasOpenssl)`: keys of every form a proxy may find (RSA, PKCS#1, SEC1, encrypted) are made by the tool that makes them in life. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

if (!hasOpenssl) {
  const remedy = 'They need the openssl command (Debian, Ubuntu: apt install openssl).';
  if (process.env['CI'] === 'true') throw new Error(`The tests of TLS must run in CI. ${remedy}`);
  console.warn(`SKIPPED: the tests of TLS files and listeners. ${remedy}`);
}

/** PEM files of one certificate, absolute paths. */
export interface Pair {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface Order {
  readonly name: string;
  /** `rsa:2048` or an EC curve like `prime256v1` */
  readonly key?: string;
  readonly commonName?: string;
  /** e.g. `DNS:xks.example.com`; '' for none */
  readonly names?: string;
  /** days; negative: expired */
  readonly days?: number;
  readonly usage?: 'serverAuth' | 'clientAuth';
}

/** A folder of its own for a test's certificates, gone after it. */
export function certificateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyrite-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });

/** A CA that signs for the test. */
export function authority(folder: string, name = 'ca'): Pair {
  const pair = pairOf(folder, name);
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'],
    ...['-subj', `/CN=Test authority ${name}`, '-addext', 'basicConstraints=critical,CA:TRUE'],
    ...['-keyout', pair.keyFile, '-out', pair.certificateFile],
  );
  return pair;
}

/** A certificate by that CA; its key in PKCS#8. */
export function certificate(folder: string, ca: Pair, order: Order): Pair {
  const { name, key = 'prime256v1', commonName = 'xks.example.com', names = 'DNS:xks.example.com', days = 30 } = order;
  const pair = pairOf(folder, name);
  const request = join(folder, `${name}.csr`);
  const kind = key.startsWith('rsa') ? ['-newkey', key] : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${key}`];
  openssl('req', '-new', ...kind, '-nodes', '-subj', `/CN=${commonName}`, '-keyout', pair.keyFile, '-out', request);
  const extensions = join(folder, `${name}.ext`);
  const subjectNames = names === '' ? '' : `subjectAltName=${names}\n`;
  writeFileSync(extensions, `extendedKeyUsage=${order.usage ?? 'serverAuth'}\n${subjectNames}`);
  openssl(
    ...['x509', '-req', '-in', request, '-CA', ca.certificateFile, '-CAkey', ca.keyFile, '-CAcreateserial'],
    ...['-days', String(days), '-extfile', extensions, '-out', pair.certificateFile],
  );
  chmodSync(pair.keyFile, 0o600);
  return pair;
}

/** The same key in its older form: PKCS#1 or SEC1. */
export function traditional({ keyFile, certificateFile }: Pair, kind: 'rsa' | 'ec'): Pair {
  const other = `${keyFile}.old`;
  openssl(kind, '-in', keyFile, '-out', other, ...(kind === 'rsa' ? ['-traditional'] : []));
  chmodSync(other, 0o600);
  return { certificateFile, keyFile: other };
}

export function encrypted({ keyFile, certificateFile }: Pair): Pair {
  const other = `${keyFile}.enc`;
  openssl('pkcs8', '-topk8', '-in', keyFile, '-passout', 'pass:secret', '-out', other);
  return { certificateFile, keyFile: other };
}

function pairOf(folder: string, name: string): Pair {
  return { certificateFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
}
