import { z } from 'zod';
import { base64Bytes } from '../evidence/base64';
import type { Plain, Sealed } from './bodies';
import { jsonOf, textIn, type Exchange } from './exchange';

const bytes = z.string().transform((text, context) => {
  const read = base64Bytes(text);
  if (read) return read;
  context.addIssue('not base64 of the standard alphabet, padded');
  return z.NEVER;
});

const encryptAnswer = z.looseObject({
  ciphertext: bytes,
  initializationVector: bytes,
  authenticationTag: bytes,
  ciphertextMetadata: bytes.optional(),
  ciphertextDataIntegrityValue: bytes.optional(),
});

export interface Encrypted {
  readonly plain: Plain;
  readonly sealed: Sealed;
  /** null: not in the answer */
  readonly integrity: Uint8Array | null;
}

/** Reads an answer to Encrypt; the problem names the member and never its value. */
export function readEncrypted(plain: Plain, exchange: Exchange): Encrypted | { readonly problem: string } {
  if (exchange.kind !== 'answer' || exchange.status !== 200) return { problem: 'no answer of success' };
  const read = encryptAnswer.safeParse(jsonOf(exchange));
  if (!read.success) {
    const [issue] = read.error.issues;
    return { problem: `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'unusable'}` };
  }
  const answer = read.data;
  const sealed = {
    aad: plain.aad,
    ciphertext: answer.ciphertext,
    iv: answer.initializationVector,
    tag: answer.authenticationTag,
    metadata: answer.ciphertextMetadata ?? null,
  };
  return { plain, sealed, integrity: answer.ciphertextDataIntegrityValue ?? null };
}

/** The plaintext in an answer to Decrypt; null when there is none. */
export function plaintextIn(exchange: Exchange): Uint8Array | null {
  if (exchange.kind !== 'answer' || exchange.status !== 200) return null;
  const json = jsonOf(exchange);
  if (typeof json !== 'object' || json === null || !('plaintext' in json)) return null;
  return base64Bytes(textIn(exchange, 'plaintext'));
}
