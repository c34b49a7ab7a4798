import { refusal, type XksFailure, type XksResult } from '../../core/xks/errors';
import { IV_BYTES, TAG_BYTES, type HealthState } from '../../core/xks/wire';
import type { Home } from './crew';
import { BAD_LENGTHS, EMPTY_CIPHERTEXT, EMPTY_PLAINTEXT, GARBLED, REPEATED_IV, TOO_LONG } from './failures';
import type { IvGuard } from './iv-guard';
import { currentKey, openingOf, type KnownKey } from './key-choice';
import { decryptFrame, encryptFrame, ORDER, plainFrame } from './order-frame';
import type { Decrypted, DecryptOrder, Encrypted, EncryptOrder, Generation, KeyChoice } from './port';
import { readKeys } from './read-keys';
import type { Order } from './task';

/** An order and how its answer is read. */
export interface Reading<T> extends Pick<Order<Home>, 'label' | 'rule' | 'frame'> {
  readonly read: (fields: readonly Buffer[], home: Home) => XksResult<T>;
}

const failed = (error: XksFailure): { readonly ok: false; readonly error: XksFailure } => ({ ok: false, error });

function usable(key: KnownKey, usage: 'ENCRYPT' | 'DECRYPT'): XksFailure | null {
  if (key.aesBits !== 256)
    return refusal('InvalidKeyUsageException', 'keyType', 'The key on the token is not an AES key of 256 bits.').error;
  if (key.usages.includes(usage)) return null;
  return refusal('InvalidKeyUsageException', 'usage', `The key on the token is not for ${usage} (CKA_${usage} is false).`).error;
}

/** Two bytes hold the length of the AAD that the token authenticates (specification, "Encrypt"). */
const AAD_BYTES_LIMIT = 0xffff;

/** One MiB: half of what a frame holds. */
const DATA_BYTES_LIMIT = 1024 * 1024;

/** What is wrong with an encryption before the HSM has seen it. GCM could encrypt nothing, but SoftHSM 2.6.1 gets stuck in it, and KMS sends no such thing. */
export function refusedToEncrypt({ plaintext, aad }: EncryptOrder): XksFailure | null {
  if (plaintext.length === 0) return EMPTY_PLAINTEXT;
  return plaintext.length > DATA_BYTES_LIMIT || (aad?.length ?? 0) > AAD_BYTES_LIMIT ? TOO_LONG : null;
}

/** The same of a decryption. */
export function refusedToDecrypt({ ciphertext, aad, iv, tag }: DecryptOrder): XksFailure | null {
  if (ciphertext.length === 0) return EMPTY_CIPHERTEXT;
  if (tag.length !== TAG_BYTES || !IV_BYTES.includes(iv.length)) return BAD_LENGTHS;
  return ciphertext.length > DATA_BYTES_LIMIT || (aad?.length ?? 0) > AAD_BYTES_LIMIT ? TOO_LONG : null;
}

/** @param encrypted told the label of each encryption that is answered */
export function encryptReading(order: EncryptOrder, ivs: IvGuard, encrypted: (label: string) => void): Reading<Encrypted> {
  const { key: choice, plaintext, aad, wantsCdiv } = order;
  let used: KnownKey | null = null;

  function read([ciphertext, iv, tag, cdiv]: readonly Buffer[]): XksResult<Encrypted> {
    if (!used || !ciphertext || !iv || !tag || !cdiv) return failed(GARBLED);
    if (ciphertext.length !== plaintext.length || tag.length !== TAG_BYTES || !IV_BYTES.includes(iv.length))
      return failed(GARBLED);
    if (cdiv.length !== (wantsCdiv ? 32 : 0)) return failed(GARBLED);
    if (!ivs.isFresh(used.id, iv)) return failed(REPEATED_IV);
    encrypted(choice.label);
    const { metadata, id } = used;
    return { ok: true, value: { ciphertext, iv, tag, metadata, cdiv: wantsCdiv ? cdiv : null, generation: id } };
  }

  return {
    label: choice.label,
    rule: choice.label,
    read,
    frame: ({ id, epoch, keys, health }) => {
      const key = currentKey(choice, keys);
      if (!key.ok) return key.error;
      // A key that may not decrypt would make ciphertexts nobody here can open, and no answer could be verified.
      const refused = usable(key.value, 'ENCRYPT') ?? usable(key.value, 'DECRYPT');
      if (refused !== null) return refused;
      used = key.value;
      const { handle, metadata } = key.value;
      return encryptFrame(id, epoch, { handle, metadata, health, plaintext, aad, wantsCdiv });
    },
  };
}

export function decryptReading(order: DecryptOrder, legacyMetadata: Uint8Array | null): Reading<Decrypted> {
  const { key: choice, ciphertext, iv, tag, metadata, aad } = order;
  let generation = '';
  return {
    label: choice.label,
    rule: choice.label,
    read: ([plaintext]) =>
      plaintext?.length === ciphertext.length ? { ok: true, value: { plaintext, generation } } : failed(GARBLED),
    frame: ({ id, epoch, keys, health }) => {
      const opening = openingOf(order, keys, legacyMetadata);
      if (!opening.ok) return opening.error;
      const { key, framings } = opening.value;
      const refused = usable(key, 'DECRYPT');
      if (refused !== null) return refused;
      generation = key.id;
      return decryptFrame(id, epoch, { handle: key.handle, health, framings, metadata, ciphertext, iv, tag, aad });
    },
  };
}

/** Searches the token, so that the answer is the token's and not the directory's. */
export function describeReading(choice: KeyChoice, now: () => number): Reading<Generation> {
  const { label } = choice;
  return {
    label: null,
    rule: label,
    frame: ({ id, epoch }) => plainFrame(ORDER.find, id, epoch, Buffer.from(label, 'utf8')),
    read: ([found], home) => {
      const keys = found ? readKeys(found) : null;
      if (keys === null) return failed(GARBLED);
      home.directory.learn(label, keys, now());
      const key = currentKey(choice, keys);
      if (!key.ok) return key;
      const { id, ckaId, aesBits, usages } = key.value;
      return { ok: true, value: { id, ckaId, aesBits, usages } };
    },
  };
}

/** ACTIVE: encrypted and decrypted with the health key. DEGRADED: there is none, and the token only answered. */
export function probeReading(healthKey: string): Reading<HealthState> {
  return {
    label: healthKey,
    rule: null,
    frame: ({ id, epoch, keys }) => {
      const [key] = keys;
      return plainFrame(ORDER.probe, id, epoch, keys.length === 1 && key ? key.handle : undefined);
    },
    read: ([by]) => {
      const text = by?.toString('utf8');
      if (text === 'key') return { ok: true, value: 'ACTIVE' };
      return text === 'session' ? { ok: true, value: 'DEGRADED' } : failed(GARBLED);
    },
  };
}
