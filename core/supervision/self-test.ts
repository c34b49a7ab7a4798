import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { KeyStore } from '../as-kms/caller';
import { ALL_CASES } from '../as-kms/cases/all';
import { testProxy, type ProxyTestReport } from '../as-kms/proxy-test';
import { chosenCases } from '../as-kms/run-cases';
import type { TlsFiles } from '../as-kms/transport';
import { failure, success, type Result } from '../contract/result';
import type { ProxySelfTest } from '../contract/proxy-self-test';
import type { ProxyStatus } from '../contract/proxy-status';
import { glanceAtSettings, type SettingsGlance } from './settings-glance';

/** A short run: enough to see a slow HSM, short enough to wait for. */
const LATENCY = { latencySeconds: 3, rate: 20, timeoutMs: 250 };

/** The first listener is the one KMS calls: `127.0.0.1:8443`, `[::]:443`. */
function listenerOf({ listeners }: ProxyStatus): { readonly host: string; readonly port: number } | null {
  const [, host = '', port = ''] = /^(?:\w+:\/\/)?\[?([^\]]*?)\]?:(\d+)$/.exec(listeners[0]?.address ?? '') ?? [];
  if (port === '') return null;
  const isAny = host === '0.0.0.0' || host === '::' || host === '';
  return { host: isAny ? '127.0.0.1' : host, port: Number(port) };
}

/** The name that the certificate proves, or the address where there is no TLS. */
async function publicName(glance: SettingsGlance): Promise<string | null> {
  const isTls = glance.security?.is_tls_enabled ?? glance.tls !== undefined;
  const file = glance.tls?.tls_cert_pem;
  if (!isTls || file === undefined) return null;
  const pem = await readFile(file).catch(() => null);
  if (pem === null) return null;
  const leaf = new X509Certificate(pem);
  const named = /DNS:([^,\s]+)/.exec(leaf.subjectAltName ?? '')?.[1] ?? /CN=([^\n]+)/.exec(leaf.subject)?.[1] ?? '';
  return named.replace(/^\*\./, 'xks.');
}

interface Target {
  readonly store: KeyStore;
  readonly tls: TlsFiles;
  readonly keyId: string;
}

async function targetOf(folder: string, glance: SettingsGlance, status: ProxyStatus): Promise<Result<Target>> {
  const [store] = glance.external_key_stores ?? [];
  const [credential] = store?.credentials ?? [];
  const [keyId] = store?.xks_key_id_set ?? [];
  const listener = listenerOf(status);
  if (!store || !keyId || listener === null) return failure('proxy.settings', { key: 'external_key_stores' });
  if (credential?.secret_file === undefined) return failure('file.notFound', { what: 'the secret of the first credential' });
  const secret = await readFile(credential.secret_file, 'utf8').catch(() => null);
  if (secret === null) return failure('file.notFound', { what: 'the secret of the first credential' });
  const name = await publicName(glance);
  const root = await readFile(join(folder, 'tls', 'authority.pem'), 'utf8').catch(() => '');
  const authority = `${listener.host}:${listener.port}`;
  const endpoint =
    name === null
      ? { isTls: false, host: listener.host, port: listener.port, authority }
      : { isTls: true, host: name, port: 443, authority: name, connectTo: listener };
  const signer = {
    credential: { accessKeyId: credential.access_key_id, secret: secret.replace(/\r?\n$/, '') },
    region: store.region ?? glance.server?.region ?? '',
  };
  return success({ store: { endpoint, prefix: store.uri_path_prefix, signer }, tls: root === '' ? {} : { ca: root }, keyId });
}

function reportOf({ proxy, startedAt, cases, latency, verdict }: ProxyTestReport): ProxySelfTest {
  const summary = latency?.summary ?? null;
  return {
    startedAt,
    ...proxy,
    findings: cases,
    latency: summary && { calls: summary.calls, p50Ms: summary.p50Ms, p95Ms: summary.p95Ms, p99Ms: summary.p99Ms },
    ...verdict,
  };
}

/**
 * Calls a station's own proxy as KMS does, by its public name at its own address, with the credential that lies in its folder. The
 * secret is a text while calls are signed, as every signer has it; the report holds none.
 * @param status of the running proxy
 */
export async function testOwnProxy(folder: string, status: ProxyStatus, signal: AbortSignal): Promise<Result<ProxySelfTest>> {
  const glance = await glanceAtSettings(join(folder, 'settings.toml'));
  if (glance === null) return failure('proxy.notSetUp', { folder });
  const target = await targetOf(folder, glance, status);
  if (!target.ok) return target;
  const cases = chosenCases(ALL_CASES, []) ?? [];
  return success(reportOf(await testProxy({ ...target.value, ...LATENCY, who: {}, cases }, signal)));
}
