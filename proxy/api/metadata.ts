import { keyMetadataRequest, type KeyMetadataAnswer } from '../../core/xks/wire';
import type { Generation } from '../hsm/port';
import { denied, keyOf, notListed, read, timed, type Endpoint } from './call';

/** While killed or blocked nothing asks the HSM; these keys can be nothing else. */
const DISABLED: KeyMetadataAnswer = { keySpec: 'AES_256', keyUsage: ['ENCRYPT', 'DECRYPT'], keyStatus: 'DISABLED' };

/** GetKeyMetadata: KMS takes a key only when it is AES_256, ENABLED and can do both. */
export const getKeyMetadata: Endpoint = async (call) => {
  const request = read(keyMetadataRequest, call.body);
  if (!request.ok) return request;
  const error = notListed(call) ?? denied(call, 'GetKeyMetadata', request.value.requestMetadata);
  if (error !== null) return { ok: false, error };
  if (call.parts.latch.mayUse(call.keyId) !== null) return { ok: true, value: JSON.stringify(DISABLED) };
  const key = timed(call.facts, await call.parts.hsm.describe(keyOf(call)));
  if (!key.ok) return key;
  call.facts.generation = key.value.id;
  return { ok: true, value: JSON.stringify(metadataOf(key.value)) };
};

function metadataOf({ aesBits, usages }: Generation): KeyMetadataAnswer {
  return { keySpec: aesBits === null ? 'OTHER' : `AES_${aesBits}`, keyUsage: usages, keyStatus: 'ENABLED' };
}
