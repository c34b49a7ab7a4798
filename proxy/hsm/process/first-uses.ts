import type { ObjectHandle } from '../../../core/pkcs11/data-session';

/** Handles that are remembered; beyond that every key is proven anew, which costs time and nothing else. */
const KEPT = 4096;

/**
 * Which keys this thread has encrypted with, and got its plaintext back. A module that replaces our IV without a word, or an
 * operator's `iv` that does not fit the device, would turn everything that is encrypted into loss, found out at the first decryption.
 */
export interface FirstUses {
  readonly isProven: (key: ObjectHandle) => boolean;
  readonly proven: (key: ObjectHandle) => void;
}

export function firstUses(): FirstUses {
  const keys = new Set<string>();
  const nameOf = (key: ObjectHandle): string => key.toString('latin1');
  return {
    isProven: (key) => keys.has(nameOf(key)),
    proven: (key) => {
      if (keys.size >= KEPT) keys.clear();
      keys.add(nameOf(key));
    },
  };
}
