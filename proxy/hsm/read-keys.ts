import { z } from 'zod';
import { ciphertextMetadata } from '../../core/xks/ciphertext-metadata';
import { generationOf } from '../../core/pack/generation';
import type { KnownKey } from './key-choice';

const hex = z.string().regex(/^([0-9a-f]{2})*$/);

const found = z.array(
  z.strictObject({
    handle: hex.length(16).or(hex.length(8)),
    ckaId: hex.max(2048),
    aesBits: z.int().min(0).nullable(),
    usages: z.array(z.enum(['ENCRYPT', 'DECRYPT', 'SIGN', 'VERIFY', 'WRAP', 'UNWRAP', 'DERIVE'])).max(7),
  }),
);

/** What a search found, checked; null when the HSM process sent something else. */
export function readKeys(bytes: Buffer): readonly KnownKey[] | null {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
  const keys = found.safeParse(value);
  if (!keys.success) return null;
  return keys.data.map((key) => {
    const id = generationOf(key.ckaId);
    return { ...key, id, handle: Buffer.from(key.handle, 'hex'), metadata: ciphertextMetadata(Buffer.from(id, 'hex')) };
  });
}
