import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decryptBody, encryptBody, exampleCaller } from '../../core/as-kms/bodies';
import { openCaller } from '../../core/as-kms/caller';
import { plaintextIn, readEncrypted } from '../../core/as-kms/encrypted';
import { readEndpoint } from '../../core/as-kms/endpoint';
import type { ProxySnapshot } from '../../core/contract/proxy-values';
import type { Result } from '../../core/contract/result';
import { HEALTH_KEY, labelOf, makeToken, PIN, TOKEN } from '../bench/xks/token.mjs';
import type { RunningApp } from './launch';

export const KEY = labelOf(0);
export const USER_PIN = PIN;
const REGION = 'eu-west-1';
const CREDENTIAL = { accessKeyId: 'FIRSTFIRSTFIRSTFIRST234567', secret: 'FirstSecretFirstSecretFirstSecretFirstSecret0' };
/** Who the calls of `asKms` are said to come from. */
export const CALLER = exampleCaller(REGION).awsPrincipalArn;
/** Far above what KMS waits: a busy machine must not look like a slow HSM. */
const PATIENT_MS = 30_000;

export type Token = ReturnType<typeof makeToken>;

/** A SoftHSM token with a key and a health key. */
export function proxyToken(): Token {
  return makeToken(1);
}

/** A proxy that was set up on the station with this data folder, as the ceremony leaves it: over `token`, which the app finds as its embedded one. */
export function setUpProxy(data: string, token: Token): string {
  const folder = join(data, 'proxy');
  mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
  mkdirSync(join(data, 'rehearsal-token'), { recursive: true, mode: 0o700 });
  symlinkSync(join(token.folder, 'tokens'), join(data, 'rehearsal-token', 'tokens'));
  const secret = join(folder, 'secrets', CREDENTIAL.accessKeyId);
  writeFileSync(secret, CREDENTIAL.secret, { mode: 0o600 });
  const tables = [
    `[server]\nip = "127.0.0.1"\nport = 0\nregion = "${REGION}"`,
    `[security]\nis_tls_enabled = false`,
    `[[external_key_stores]]\nuri_path_prefix = ""\nxks_key_id_set = ["${KEY}"]`,
    `[[external_key_stores.credentials]]\naccess_key_id = "${CREDENTIAL.accessKeyId}"\nsecret_file = "${secret}"`,
    `[hsm]\nprofile = "softhsm"\nmodule = "${token.module}"\ntoken_label = "${TOKEN}"\npin_from = "supervisor"`,
    `[pool]\nsessions = 4\nprocesses = 2`,
    `[state]\nfolder = "${join(folder, 'state')}"`,
    `[audit]\nfolder = "${join(folder, 'audit')}"`,
    `[health]\nkey = "${HEALTH_KEY}"`,
    `[log]\nstdout = false`,
  ];
  writeFileSync(join(folder, 'settings.toml'), `${tables.join('\n\n')}\n`, { mode: 0o600 });
  return folder;
}

/** A verb of the area `proxy`, as the page calls it. */
export function proxyCall<T = ProxySnapshot>(
  app: Pick<RunningApp, 'page'>,
  verb: string,
  input?: Readonly<Record<string, unknown>>,
): Promise<Result<T>> {
  return app.page.evaluate(([name, given]) => window.keyrite.call('proxy', name, given), [verb, input] as const) as Promise<
    Result<T>
  >;
}

/** Starts it with the PIN, as a person would. */
export function startProxy(app: Pick<RunningApp, 'page'>, pin: string = USER_PIN): Promise<Result<ProxySnapshot>> {
  return app.page.evaluate(
    (text) => window.keyrite.call('proxy', 'start', { pin: new TextEncoder().encode(text) }),
    pin,
  ) as Promise<Result<ProxySnapshot>>;
}

export async function snapshotOf(app: Pick<RunningApp, 'page'>): Promise<ProxySnapshot> {
  const got = await proxyCall(app, 'get');
  if (!got.ok) throw new Error(got.error.code);
  return got.value;
}

/** Encrypts and decrypts as KMS does; `ok`, or what went wrong. */
export function asKms({ status }: ProxySnapshot): Promise<string> {
  return asKmsAt(status?.listeners[0]?.address ?? '');
}

/** The same at an address. */
export async function asKmsAt(address: string): Promise<string> {
  const endpoint = readEndpoint(address, true);
  if (!endpoint.ok) throw new Error(endpoint.problem);
  const caller = openCaller(
    { endpoint: endpoint.value, prefix: '', signer: { credential: CREDENTIAL, region: REGION } },
    { timeoutMs: PATIENT_MS },
  );
  try {
    const who = exampleCaller(REGION);
    const plain = { plaintext: new Uint8Array(32).fill(0x5a), aad: Buffer.from('project=nile'), wantsIntegrity: true };
    const encrypted = readEncrypted(plain, await caller.call('Encrypt', KEY, encryptBody(who, plain)));
    if ('problem' in encrypted) return encrypted.problem;
    const opened = plaintextIn(await caller.call('Decrypt', KEY, decryptBody(who, encrypted.sealed)));
    return opened !== null && Buffer.from(opened).equals(Buffer.from(plain.plaintext)) ? 'ok' : 'another plaintext came back';
  } finally {
    caller.close();
  }
}
