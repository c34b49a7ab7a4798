import { ALL_CASES } from '../as-kms/cases/all';
import { KMS_TIMEOUT_MS } from '../as-kms/caller';
import { readCredentialFile, type CredentialFile } from '../as-kms/credential-file';
import { readEndpoint, unreadable, type Read } from '../as-kms/endpoint';
import type { ProxyCase } from '../as-kms/proxy-case';
import type { ProxyTest } from '../as-kms/proxy-test';
import { chosenCases } from '../as-kms/run-cases';
import { readTlsFiles } from '../as-kms/tls-files';
import { isKeyId, isPrefix, XKS_BASE } from '../xks/uri';
import { nearest } from '../contract/nearest';
import type { VerbContext } from './verb';

type Values = VerbContext['values'];

function textOf(values: Values, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

function wholeNumber(values: Values, name: string, least: number, most: number): Read<number> {
  const text = textOf(values, name);
  const number = Number(text);
  const isGood = /^\d{1,6}$/.test(text) && number >= least && number <= most;
  return isGood ? { ok: true, value: number } : unreadable(`--${name} is a whole number from ${least} to ${most}.`);
}

function readCases(values: Values): Read<readonly ProxyCase[]> {
  const names = textOf(values, 'only')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const cases = chosenCases(ALL_CASES, names);
  if (cases) return { ok: true, value: cases };
  const known = ALL_CASES.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name)) ?? '';
  const meant = nearest(unknown, known);
  return unreadable(
    `There is no case "${unknown}".${meant === null ? ` Cases: ${known.join(', ')}.` : ` Did you mean ${meant}?`}`,
  );
}

/** KMS's path may be given whole, as the console shows it. */
function readPrefix(values: Values, file: CredentialFile): Read<string> {
  const given = values['prefix'];
  if (typeof given !== 'string')
    return file.prefix === null
      ? unreadable('--prefix is missing: the credential file does not name one.')
      : { ok: true, value: file.prefix };
  const prefix = given.endsWith(XKS_BASE) ? given.slice(0, -XKS_BASE.length) : given.replace(/\/$/, '');
  return isPrefix(prefix)
    ? { ok: true, value: prefix }
    : unreadable('--prefix is like /example/prefix: a-z A-Z 0-9 - _ and /, at most 117 characters.');
}

/** The Region KMS calls from is part of every signature, so there is no default that would be right. */
function readRegion(values: Values, env: NodeJS.ProcessEnv): Read<string> {
  const region = textOf(values, 'region') || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || '';
  if (region === '') return unreadable('--region is missing: the Region KMS calls from is signed with every request.');
  return /^[a-z0-9-]{1,64}$/.test(region) ? { ok: true, value: region } : unreadable(`"${region}" is no Region.`);
}

interface Parts {
  readonly values: Values;
  readonly env: NodeJS.ProcessEnv;
}

async function readStore({ values, env }: Parts): Promise<Read<ProxyTest['store']>> {
  const endpoint = readEndpoint(textOf(values, 'url'), values['insecure-loopback'] === true);
  if (!endpoint.ok) return endpoint;
  const region = readRegion(values, env);
  if (!region.ok) return region;
  const file = await readCredentialFile(textOf(values, 'credential-file'));
  if (!file.ok) return file;
  const prefix = readPrefix(values, file.value);
  if (!prefix.ok) return prefix;
  const signer = { credential: file.value.credential, region: region.value };
  return { ok: true, value: { endpoint: endpoint.value, prefix: prefix.value, signer } };
}

function whoOf(values: Values): ProxyTest['who'] {
  const caller = textOf(values, 'caller');
  const key = textOf(values, 'kms-key');
  return { ...(caller && { awsPrincipalArn: caller }), ...(key && { kmsKeyArn: key }) };
}

/** What is to be tested, from the command line; or what is wrong with it, never quoting a secret. */
export async function readProxyTest({ values, env }: Parts): Promise<Read<ProxyTest>> {
  const lacking = ['url', 'credential-file', 'key'].find((name) => textOf(values, name) === '');
  if (lacking !== undefined) return unreadable(`--${lacking} is missing.`);
  const keyId = textOf(values, 'key');
  if (!isKeyId(keyId)) return unreadable('--key is 1 to 128 characters of A-Z a-z 0-9 - . _');
  const cases = readCases(values);
  if (!cases.ok) return cases;
  const seconds = wholeNumber(values, 'latency-seconds', 0, 3600);
  if (!seconds.ok) return seconds;
  const rate = wholeNumber(values, 'rate', 1, 2000);
  if (!rate.ok) return rate;
  const timeout = wholeNumber(values, 'timeout-ms', 10, 60_000);
  if (!timeout.ok) return timeout;
  const tls = await readTlsFiles({
    ca: textOf(values, 'ca'),
    clientCert: textOf(values, 'client-cert'),
    clientKey: textOf(values, 'client-key'),
  });
  if (!tls.ok) return tls;
  const store = await readStore({ values, env });
  if (!store.ok) return store;
  return {
    ok: true,
    value: {
      store: store.value,
      keyId,
      tls: tls.value,
      who: whoOf(values),
      cases: cases.value,
      latencySeconds: seconds.value,
      rate: rate.value,
      timeoutMs: timeout.value,
    },
  };
}

export const DEFAULT_TIMEOUT_MS = String(KMS_TIMEOUT_MS);
