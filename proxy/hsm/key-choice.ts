import type { Framing } from '../../core/xks/aad';
import { sameBytes } from '../../core/xks/bytes';
import { generationIn } from '../../core/xks/ciphertext-metadata';
import { refusal, type XksResult } from '../../core/xks/errors';
import type { DecryptOrder, Generation, KeyChoice } from './port';

/** A generation with the handle of one process. */
export interface KnownKey extends Generation {
  readonly handle: Buffer;
  /** what ciphertexts of this generation carry */
  readonly metadata: Uint8Array;
}

const NO_KEY = (label: string): XksResult<never> =>
  refusal('KeyNotFoundException', 'noKey', `The token has no secret key labelled "${label}".`);

const DUPLICATES = (label: string, count: number): XksResult<never> =>
  refusal(
    'InternalException',
    'duplicateLabel',
    `${count} keys on the token are labelled "${label}". Name the current one in the settings, [keys."${label}"] current = "<CKA_ID in hex>", or relabel the others.`,
  );

const SAME_IDS = (label: string): XksResult<never> =>
  refusal('InternalException', 'duplicateId', `Two keys on the token have the label "${label}" and the same CKA_ID. Remove one.`);

const NOT_THERE = (label: string, ckaId: string): XksResult<never> =>
  refusal('InternalException', 'generationMissing', `The token has no key "${label}" with the CKA_ID ${ckaId} of the settings.`);

/** Two under one id cannot be told apart by what a ciphertext says, whatever the settings choose. */
function distinct(label: string, keys: readonly KnownKey[]): XksResult<readonly KnownKey[]> {
  if (keys.length === 0) return NO_KEY(label);
  return new Set(keys.map(({ id }) => id)).size < keys.length ? SAME_IDS(label) : { ok: true, value: keys };
}

function chosen(label: string, keys: readonly KnownKey[], ckaId: string): XksResult<KnownKey> {
  const key = keys.find((one) => one.ckaId === ckaId);
  return key ? { ok: true, value: key } : NOT_THERE(label, ckaId);
}

function only(label: string, keys: readonly KnownKey[]): XksResult<KnownKey> {
  const [key] = keys;
  if (key === undefined) return NO_KEY(label);
  return keys.length > 1 ? DUPLICATES(label, keys.length) : { ok: true, value: key };
}

/** The generation that encrypts: the chosen one, or the only one there is. Several without a choice are refused, never guessed at. */
export function currentKey({ label, current }: KeyChoice, keys: readonly KnownKey[]): XksResult<KnownKey> {
  const clear = distinct(label, keys);
  if (!clear.ok) return clear;
  return current === null ? only(label, keys) : chosen(label, keys, current);
}

function legacyKey({ label, current, legacy }: KeyChoice, keys: readonly KnownKey[]): XksResult<KnownKey> {
  const ckaId = legacy ?? current;
  return ckaId === null ? only(label, keys) : chosen(label, keys, ckaId);
}

const refuseCiphertext = (reason: string, message: string): XksResult<never> =>
  refusal('InvalidCiphertextException', reason, message);

/** The key a ciphertext belongs to and the framings it may have, in order of trial. */
export interface Opening {
  readonly key: KnownKey;
  readonly framings: readonly Framing[];
}

function ours(named: Uint8Array, keys: readonly KnownKey[]): XksResult<Opening> {
  const id = Buffer.from(named).toString('hex');
  // A generation that is not known here: with one key there is only one to try, and the tag decides.
  const key = keys.find((one) => one.id === id) ?? (keys.length === 1 ? keys[0] : undefined);
  return key
    ? { ok: true, value: { key, framings: ['spec'] } }
    : refuseCiphertext('generationUnknown', 'The ciphertext names a generation of the key that the token does not have.');
}

/** Which key and framing a ciphertext asks for, by its metadata. `legacyMetadata`: of another proxy, as the settings name it. */
export function openingOf(
  { key: choice, metadata, foreignFramings }: DecryptOrder,
  keys: readonly KnownKey[],
  legacyMetadata: Uint8Array | null,
): XksResult<Opening> {
  const clear = distinct(choice.label, keys);
  if (!clear.ok) return clear;
  const named = generationIn(metadata);
  if (named !== null) return ours(named, keys);
  const isForeign = metadata.length === 0 || (legacyMetadata !== null && sameBytes(metadata, legacyMetadata));
  if (!isForeign) return refuseCiphertext('metadataUnknown', 'The ciphertext metadata is none of this proxy.');
  if (foreignFramings.length === 0)
    return refuseCiphertext('foreign', 'Ciphertexts without metadata of this proxy are not accepted by its settings.');
  const key = legacyKey(choice, keys);
  return key.ok ? { ok: true, value: { key: key.value, framings: foreignFramings } } : key;
}
