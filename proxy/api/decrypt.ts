import type { z } from 'zod';
import { LONGEST_AAD_BYTES } from '../../core/xks/aad';
import { METADATA_BYTES_LIMIT } from '../../core/xks/ciphertext-metadata';
import { refusal, type XksFailure, type XksResult } from '../../core/xks/errors';
import { decryptRequest, IV_BYTES, TAG_BYTES, type DecryptAnswer } from '../../core/xks/wire';
import { base64Of, bytesOf } from './base64';
import { barred, invalid, keyOf, read, timed, tooLarge, type Call, type Endpoint } from './call';

interface Given {
  readonly ciphertext: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  /** null: absent */
  readonly aad: Uint8Array | null;
  /** empty: absent */
  readonly metadata: Uint8Array;
}

/** Decrypt. The bytes of the plaintext are overwritten once they are in the answer. */
export const decrypt: Endpoint = async (call) => {
  const request = read(decryptRequest, call.body);
  if (!request.ok) return request;
  const given = bytesGiven(request.value);
  if (!given.ok) return given;
  const error = barred(call, 'Decrypt', request.value.requestMetadata) ?? oversized(call, given.value) ?? misshapen(given.value);
  if (error !== null) return { ok: false, error };
  const { foreignFramings } = call.store.settings;
  const answer = timed(call.facts, await call.parts.hsm.decrypt({ key: keyOf(call), ...given.value, foreignFramings }));
  if (!answer.ok) return answer;
  call.facts.generation = answer.value.generation;
  const body: DecryptAnswer = { plaintext: base64Of(answer.value.plaintext) };
  answer.value.plaintext.fill(0);
  return { ok: true, value: JSON.stringify(body) };
};

function bytesGiven(request: z.infer<typeof decryptRequest>): XksResult<Given> {
  const ciphertext = bytesOf(request.ciphertext);
  if (ciphertext === null) return notBase64('ciphertext');
  const iv = bytesOf(request.initializationVector);
  if (iv === null) return notBase64('initializationVector');
  const tag = bytesOf(request.authenticationTag);
  if (tag === null) return notBase64('authenticationTag');
  const aad = bytesOf(request.additionalAuthenticatedData ?? '');
  if (aad === null) return notBase64('additionalAuthenticatedData');
  const metadata = bytesOf(request.ciphertextMetadata ?? '');
  if (metadata === null) return notBase64('ciphertextMetadata');
  const isAadThere = typeof request.additionalAuthenticatedData === 'string';
  return { ok: true, value: { ciphertext, iv, tag, aad: isAadThere ? aad : null, metadata } };
}

function notBase64(member: string): XksResult<never> {
  return invalid('base64', `${member} is not canonical base64 (RFC 4648 section 4).`);
}

function oversized({ serving: { limits } }: Call, { ciphertext, aad }: Given): XksFailure | null {
  return (
    tooLarge('A ciphertext', ciphertext.length, limits.plaintextBytes) ??
    tooLarge('Additional authenticated data', aad?.length ?? 0, Math.min(limits.aadBytes, LONGEST_AAD_BYTES))
  );
}

/** What no proxy can have made. A ciphertext that lost or gained bytes on its way is a corrupt one, not bad input (specification, "Decrypt"). */
function misshapen({ ciphertext, iv, tag, metadata }: Given): XksFailure | null {
  if (ciphertext.length === 0) return corrupt('The ciphertext is empty.');
  if (!IV_BYTES.includes(iv.length)) return corrupt(`The IV has ${iv.length} bytes; it can have 12 or 16.`);
  if (tag.length !== TAG_BYTES) return corrupt(`The authentication tag has ${tag.length} bytes; it has to have ${TAG_BYTES}.`);
  if (metadata.length > METADATA_BYTES_LIMIT)
    return corrupt(`The ciphertext metadata has ${metadata.length} bytes; it can have ${METADATA_BYTES_LIMIT}.`);
  return null;
}

function corrupt(message: string): XksFailure {
  return refusal('InvalidCiphertextException', 'shape', message).error;
}
