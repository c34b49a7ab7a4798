import type { z } from 'zod';
import { LONGEST_AAD_BYTES } from '../../core/xks/aad';
import type { XksFailure, XksResult } from '../../core/xks/errors';
import { encryptRequest, type EncryptAnswer } from '../../core/xks/wire';
import type { Encrypted } from '../hsm/port';
import { base64Of, bytesOf } from './base64';
import { barred, invalid, keyOf, read, timed, tooLarge, type Call, type Endpoint } from './call';

interface Given {
  readonly plaintext: Buffer;
  /** null: absent */
  readonly aad: Buffer | null;
}

/** Encrypt. The plaintext is overwritten once the HSM has answered. */
export const encrypt: Endpoint = async (call) => {
  const request = read(encryptRequest, call.body);
  if (!request.ok) return request;
  const given = bytesGiven(request.value);
  if (!given.ok) return given;
  try {
    const error = barred(call, 'Encrypt', request.value.requestMetadata) ?? oversized(call, given.value);
    if (error !== null) return { ok: false, error };
    const wantsCdiv = (request.value.ciphertextDataIntegrityValueAlgorithm ?? null) !== null;
    const answer = timed(
      call.facts,
      await call.parts.hsm.encrypt({ key: keyOf(call), plaintext: given.value.plaintext, aad: given.value.aad, wantsCdiv }),
    );
    if (!answer.ok) return answer;
    call.facts.generation = answer.value.generation;
    return { ok: true, value: JSON.stringify(answerOf(answer.value)) };
  } finally {
    given.value.plaintext.fill(0);
  }
};

function bytesGiven({ plaintext: text, additionalAuthenticatedData: aadText }: z.infer<typeof encryptRequest>): XksResult<Given> {
  const plaintext = bytesOf(text);
  if (plaintext === null) return invalid('base64', 'plaintext is not canonical base64 (RFC 4648 section 4).');
  if (plaintext.length === 0) return invalid('empty', 'plaintext is empty.');
  const aad = bytesOf(aadText ?? '');
  if (aad === null) return invalid('base64', 'additionalAuthenticatedData is not canonical base64 (RFC 4648 section 4).');
  return { ok: true, value: { plaintext, aad: typeof aadText === 'string' ? aad : null } };
}

function oversized({ serving: { limits } }: Call, { plaintext, aad }: Given): XksFailure | null {
  return (
    tooLarge('A plaintext', plaintext.length, limits.plaintextBytes) ??
    tooLarge('Additional authenticated data', aad?.length ?? 0, Math.min(limits.aadBytes, LONGEST_AAD_BYTES))
  );
}

function answerOf({ ciphertext, iv, tag, metadata, cdiv }: Encrypted): EncryptAnswer {
  return {
    ciphertext: base64Of(ciphertext),
    initializationVector: base64Of(iv),
    authenticationTag: base64Of(tag),
    ...(metadata.length === 0 ? {} : { ciphertextMetadata: base64Of(metadata) }),
    ...(cdiv === null ? {} : { ciphertextDataIntegrityValue: base64Of(cdiv) }),
  };
}
