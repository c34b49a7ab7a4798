import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeToken, HEALTH_KEY, labelOf, PIN, TOKEN } from '../bench/xks/token.mjs';
import { openCaller, type Caller } from '../../core/as-kms/caller';
import type { Exchange } from '../../core/as-kms/exchange';
import { exampleCaller, decryptBody, encryptBody } from '../../core/as-kms/bodies';
import { readEncrypted, plaintextIn } from '../../core/as-kms/encrypted';
import { start, type RunningProxy } from '../../proxy/run/start';
import { readSettings, type SettingsAnswer } from '../../proxy/settings/read';
import { endpointOf, PATIENT_MS } from '../core/as-kms/run-against';
import { places, RESOURCES } from './service-places';

export const REGION = 'eu-west-1';
export const KEY = labelOf(0);
export const OTHER_KEY = labelOf(1);

export interface Pair {
  readonly accessKeyId: string;
  readonly secret: string;
}

export const FIRST: Pair = { accessKeyId: 'FIRSTFIRSTFIRSTFIRST234567', secret: 'FirstSecretFirstSecretFirstSecretFirstSecret0' };
export const SECOND: Pair = {
  accessKeyId: 'SECONDSECONDSECONDSE234567',
  secret: 'SecondSecretSecondSecretSecondSecretSecondSec',
};

/** Far above what settings may say for KMS: a busy machine must not look like an HSM that is slow. */
const PATIENT = { deadlineMs: 10_000, hungMs: 20_000 };

/** What a test's settings file says besides the usual. */
export interface Wanted {
  readonly module?: string;
  readonly credentials?: readonly Pair[];
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  readonly policyFile?: string;
  readonly pool?: string;
  /** where the PIN comes from, as TOML; default: a file */
  readonly pin?: string;
  /** more tables, as TOML */
  readonly more?: string;
}

export interface Token {
  readonly module: string;
  readonly folder: string;
  readonly conf: string;
  readonly remove: () => void;
}

/** A SoftHSM token with two keys and a health key; this process and its children see it from now on. */
export function makeServiceToken(): Token {
  return makeToken(2);
}

function credentialTables(folder: string, credentials: readonly Pair[]): string {
  return credentials
    .map(({ accessKeyId, secret }) => {
      const file = join(folder, accessKeyId);
      writeFileSync(file, secret, { mode: 0o600 });
      return `[[external_key_stores.credentials]]\naccess_key_id = "${accessKeyId}"\nsecret_file = "${file}"\n`;
    })
    .join('\n');
}

/** Writes a settings file for `token`; again under the same `folder` for a reload. @returns its path */
export function writeServiceSettings(token: Token, folder: string, wanted: Wanted = {}): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'pin'), PIN, { mode: 0o600 });
  const { tls, policyFile, credentials = [FIRST], module = token.module, pool = 'sessions = 4\nprocesses = 2' } = wanted;
  const file = join(folder, 'settings.toml');
  const tables = [
    `[server]\nip = "127.0.0.1"\nport = 0\nregion = "${REGION}"`,
    `[security]\nis_sigv4_auth_enabled = true\nis_tls_enabled = ${String(tls !== undefined)}`,
    tls ? `[tls]\ntls_cert_pem = "${tls.certificateFile}"\ntls_key_pem = "${tls.keyFile}"` : '',
    `[[external_key_stores]]\nuri_path_prefix = ""\nxks_key_id_set = ["${KEY}", "${OTHER_KEY}", "no-such-key"]\n`,
    credentialTables(folder, credentials),
    `[hsm]\nprofile = "softhsm"\nmodule = "${module}"\ntoken_label = "${TOKEN}"\n${wanted.pin ?? `pin_file = "${join(folder, 'pin')}"`}`,
    `[pool]\n${pool}`,
    `[state]\nfolder = "${join(folder, 'state')}"`,
    `[audit]\nfolder = "${join(folder, 'audit')}"`,
    `[health]\nkey = "${HEALTH_KEY}"`,
    `[log]\nstdout = false`,
    policyFile ? `[authorization]\npolicy_file = "${policyFile}"` : '',
    wanted.more ?? '',
  ];
  writeFileSync(file, tables.join('\n\n'), { mode: 0o600 });
  return file;
}

/**
 * A settings file as the proxy reads it, with more patience for its HSM; and what a busy machine does not write to its audit log in
 * time is answered all the same, which has tests of its own.
 */
async function readFile(file: string): Promise<SettingsAnswer> {
  const answer = await readSettings(file, { env: process.env, profilesFolder: join(RESOURCES, 'profiles') });
  if (!answer.ok) return answer;
  const { pool, audit } = answer.settings;
  const patient = { pool: { ...pool, ...PATIENT }, audit: { ...audit, onFailure: 'continue' as const } };
  return { ...answer, settings: { ...answer.settings, ...patient } };
}

/** Starts the proxy in this process, its HSM processes from the built entry, and waits until every session is open. */
export async function startService(file: string, hsmProcess: string): Promise<RunningProxy> {
  const answer = await readFile(file);
  if (!answer.ok) throw new Error(JSON.stringify(answer.remarks));
  const secrets = { env: process.env, supervisor: null };
  const read = (): Promise<SettingsAnswer> => readFile(file);
  const started = await start({ settings: answer.settings, read, places: places(hsmProcess), secrets, parent: null });
  if (!started.ok) throw new Error(JSON.stringify(started.why));
  return started.value;
}

/** Resolves when `holds` does, looked at every few milliseconds; the test's own time-out is the limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function isServing({ handlers }: RunningProxy): boolean {
  const { hsm, health } = handlers.status();
  return hsm.condition === 'serving' && health.state === 'ACTIVE';
}

/** KMS, with far more patience than it has. */
export function kms(port: number, pair: Pair = FIRST, scheme: 'http' | 'https' = 'http', ca = ''): Caller {
  const host = scheme === 'https' ? 'localhost' : '127.0.0.1';
  const store = {
    endpoint: endpointOf(`${scheme}://${host}:${port}`),
    prefix: '',
    signer: { credential: pair, region: REGION },
  };
  return openCaller(store, { timeoutMs: PATIENT_MS, ...(ca === '' ? {} : { tls: { ca } }) });
}

const WHO = exampleCaller(REGION);

export function encryptCall(caller: Caller, plaintext: Uint8Array, key: string = KEY): Promise<Exchange> {
  return caller.call('Encrypt', key, encryptBody(WHO, { plaintext, aad: null, wantsIntegrity: true }));
}

/** Encrypts, then decrypts what came; the plaintext that came back, or what went wrong. */
export async function thereAndBack(caller: Caller, plaintext: Uint8Array, key: string = KEY): Promise<Uint8Array | string> {
  const plain = { plaintext, aad: Buffer.from('project=nile'), wantsIntegrity: true };
  const encrypted = readEncrypted(plain, await caller.call('Encrypt', key, encryptBody(WHO, plain)));
  if ('problem' in encrypted) return encrypted.problem;
  const opened = await caller.call('Decrypt', key, decryptBody(WHO, encrypted.sealed));
  return plaintextIn(opened) ?? JSON.stringify(opened);
}
