import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nearest } from '../contract/nearest';
import type { Result } from '../contract/result';
import { failureText } from '../contract/failure-text';
import { IMPORTABLE_SPECS, type ImportableSpec } from '../keys/kms-spec';
import { checkWrapping, WRAPPING_ALGORITHMS, type WrappingAlgorithm, type WrappingKeySpec } from '../keys/wrapping';
import { readWrappingKey } from '../keys/wrapping-key';
import { errnoOf } from '../pack/disk-failure';
import { sha256Bytes } from '../pack/sha256';
import type { VerbContext, VerbValue } from './verb';

/** One wrapping key and where the material wrapped for it goes. */
export interface Recipient {
  readonly spkiFile: string;
  readonly spki: Uint8Array;
  readonly spkiSha256: string;
  readonly wrappingKeySpec: WrappingKeySpec;
  readonly out: string;
}

/** What every way of wrapping needs to know. */
export interface WrapOrder {
  readonly spec: ImportableSpec;
  readonly algorithm: WrappingAlgorithm;
  readonly recipients: readonly Recipient[];
}

/** A file of more bytes is no wrapping key; its own words say so. */
const SPKI_LIMIT = 65_536;

export function listOf(value: VerbValue): string[] {
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}

function oneOf<T extends string>(option: string, value: VerbValue, names: readonly T[]): { readonly value: T } | string {
  if (typeof value !== 'string') return `Which --${option}? One of ${names.join(', ')}.`;
  const found = names.find((name) => name === value);
  if (found !== undefined) return { value: found };
  const meant = nearest(value, names);
  return `There is no --${option} "${value}".${meant === null ? '' : ` Did you mean "${meant}"?`} One of ${names.join(', ')}.`;
}

/** What the house calls AES_256 is SYMMETRIC_DEFAULT to KMS; either is understood. */
function specOf(value: VerbValue): { readonly value: ImportableSpec } | string {
  return oneOf('key-spec', value === 'AES_256' ? 'SYMMETRIC_DEFAULT' : value, IMPORTABLE_SPECS);
}

async function readSmall(path: string): Promise<Uint8Array | string> {
  try {
    if ((await stat(path)).size > SPKI_LIMIT) return `${path} is too long for a wrapping key.`;
    return new Uint8Array(await readFile(path));
  } catch (error) {
    return `${path} cannot be read (${errnoOf(error) || String(error)}).`;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function told(result: Result<unknown>, path: string): string {
  return result.ok ? '' : `${path}: ${failureText(result.error)}`;
}

async function readRecipient(spkiFile: string, out: string, wanted: string | undefined): Promise<Recipient | string> {
  const spki = await readSmall(spkiFile);
  if (typeof spki === 'string') return spki;
  const key = readWrappingKey(spki);
  if (!key.ok) return told(key, spkiFile);
  const spkiSha256 = sha256Bytes(spki);
  if (wanted !== undefined && wanted.toLowerCase() !== spkiSha256)
    return `${spkiFile} is not the wrapping key that was announced: its SHA-256 is ${spkiSha256}. Nothing was wrapped. Find out where it was exchanged.`;
  if (await isThere(out)) return `${out} is there already, and nothing is overwritten. Name a new file.`;
  return { spkiFile, spki, spkiSha256, wrappingKeySpec: key.value.spec, out };
}

async function readRecipients({ values }: VerbContext): Promise<readonly Recipient[] | string> {
  const [spkis, outs, digests] = [listOf(values['spki']), listOf(values['out']), listOf(values['spki-sha256'])];
  if (spkis.length === 0) return 'For which wrapping key? Name it with --spki FILE: PublicKey of GetParametersForImport, in DER.';
  if (outs.length !== spkis.length) return `There are ${spkis.length} --spki and ${outs.length} --out: each needs the other.`;
  if (digests.length > 0 && digests.length !== spkis.length) return 'Give --spki-sha256 for every --spki, or for none.';
  if (new Set(outs.map((out) => resolve(out))).size < outs.length) return 'Two --out name the same file.';
  const recipients: Recipient[] = [];
  for (const [i, spki] of spkis.entries()) {
    const recipient = await readRecipient(spki, resolve(outs[i] ?? ''), digests[i]);
    if (typeof recipient === 'string') return recipient;
    recipients.push(recipient);
  }
  return recipients;
}

/** The order, looked at as far as it can be before there is any material: the wrapping keys are read, the rules of KMS hold. A text says what is wrong. */
export async function readOrder(context: VerbContext): Promise<WrapOrder | string> {
  const [spec, algorithm] = [
    specOf(context.values['key-spec']),
    oneOf('algorithm', context.values['algorithm'], WRAPPING_ALGORITHMS),
  ];
  if (typeof spec === 'string') return spec;
  if (typeof algorithm === 'string') return algorithm;
  const recipients = await readRecipients(context);
  if (typeof recipients === 'string') return recipients;
  for (const { wrappingKeySpec, spkiFile } of recipients) {
    const legal = checkWrapping(spec.value, { algorithm: algorithm.value, wrappingKeySpec });
    if (!legal.ok) return told(legal, spkiFile);
  }
  return { spec: spec.value, algorithm: algorithm.value, recipients };
}
