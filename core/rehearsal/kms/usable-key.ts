import type { KeyUsage } from '../../keys/kms-spec';
import { findKey } from './find-key';
import { requireState, USABLE, type KeyHere } from './key-state';
import type { Call } from './operation';
import { no, yes, type Answer } from './refusal';

/**
 * The key a cryptographic call names, able to do what it asks. Errors: those of `findKey`, InvalidKeyUsageException with AWS's words,
 * DisabledException, KMSInvalidStateException.
 */
export function usableKey(call: Call, named: string, usage: KeyUsage, action = call.operation): Answer<KeyHere> {
  const found = findKey(call, named, action);
  if (!found.ok) return found;
  const { key, arn } = found.value;
  const ready = requireState(found.value, call.now, USABLE);
  if (!ready.ok) return ready;
  if (key.usage !== usage)
    return no('InvalidKeyUsageException', `${arn} key usage is ${key.usage} which is not valid for ${action}.`);
  call.notes.usedKeyIds.push(key.keyId);
  return found;
}

/** A material of a key, as bytes. The key is complete where `requireState` let it through. */
export function materialBytes({ key, here }: KeyHere, id: string): Uint8Array | null {
  const bytes = key.materials.some((material) => material.id === id) ? here.holdings[id]?.bytes : null;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : null;
}

/** The material in use. Errors: none expected; a usable key has one. */
export function currentBytes(found: KeyHere): { readonly id: string; readonly bytes: Uint8Array } {
  const current = found.key.materials.find(({ state }) => state === 'CURRENT');
  const bytes = current ? materialBytes(found, current.id) : null;
  if (!current || !bytes) throw new Error('A usable key has its current material.');
  return { id: current.id, bytes };
}

/** Errors: InvalidKeyUsageException for an algorithm that the key does not do. */
export function requireAlgorithm(known: readonly string[] | undefined, asked: string, spec: string): Answer<null> {
  return known?.includes(asked)
    ? yes(null)
    : no('InvalidKeyUsageException', `Algorithm ${asked} is incompatible with key spec ${spec}.`);
}
