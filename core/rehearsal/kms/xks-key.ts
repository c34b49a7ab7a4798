import { metadataBody } from '../../as-kms/bodies';
import { jsonOf, type Exchange } from '../../as-kms/exchange';
import { z } from 'zod';
import type { StoredKeyStore } from './key-store-state';
import { findStore, requireConnection } from './key-stores';
import type { Call } from './operation';
import { createKeyRefusal } from './proxy-endings';
import { invalid, no, yes, type Answer } from './refusal';

/** What of a CreateKey request is about an external key. */
export interface AskedXksKey {
  readonly Origin?: string | undefined;
  readonly CustomKeyStoreId?: string | undefined;
  readonly XksKeyId?: string | undefined;
  readonly KeySpec?: string | undefined;
  readonly CustomerMasterKeySpec?: string | undefined;
  readonly KeyUsage?: string | undefined;
  readonly MultiRegion?: boolean | undefined;
}

export interface XksKeyPlace {
  readonly store: StoredKeyStore;
  readonly xksKeyId: string;
}

/**
 * Where the external key of a CreateKey request is; null for a key of another origin. Checks everything but the external key itself.
 * Errors: ValidationException, UnsupportedOperationException, CustomKeyStoreNotFoundException, CustomKeyStoreInvalidStateException,
 * XksKeyAlreadyInUseException.
 */
export function xksKeyPlace(input: AskedXksKey, call: Call): Answer<XksKeyPlace | null> {
  const { CustomKeyStoreId: storeId, XksKeyId: xksKeyId } = input;
  if (input.Origin !== 'EXTERNAL_KEY_STORE')
    return storeId === undefined && xksKeyId === undefined
      ? yes(null)
      : invalid('CustomKeyStoreId and XksKeyId are valid only when Origin is EXTERNAL_KEY_STORE.');
  if (storeId === undefined || xksKeyId === undefined)
    return invalid('Origin EXTERNAL_KEY_STORE requires CustomKeyStoreId and XksKeyId.');
  const possible = requirePossible(input);
  if (!possible.ok) return possible;
  const store = findStore(call, storeId);
  if (!store.ok) return store;
  const ready = requireConnection(store.value, ['CONNECTED']);
  if (!ready.ok) return ready;
  const isTaken = Object.values(call.state.keys).some(
    ({ external }) => external?.storeId === storeId && external.xksKeyId === xksKeyId,
  );
  if (isTaken)
    return no('XksKeyAlreadyInUseException', `A KMS key in this external key store is associated with ${xksKeyId} already.`);
  return yes({ store: store.value, xksKeyId });
}

/** Symmetric keys for encryption, in one Region. */
function requirePossible({ KeySpec, CustomerMasterKeySpec, KeyUsage, MultiRegion }: AskedXksKey): Answer<null> {
  const spec = KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (spec !== 'SYMMETRIC_DEFAULT')
    return no('UnsupportedOperationException', `KeySpec ${spec} is not supported for Origin EXTERNAL_KEY_STORE`);
  if (KeyUsage !== undefined && KeyUsage !== 'ENCRYPT_DECRYPT')
    return no('UnsupportedOperationException', `KeyUsage ${KeyUsage} is not supported for Origin EXTERNAL_KEY_STORE`);
  if (MultiRegion === true)
    return no('UnsupportedOperationException', 'Multi-Region keys are not supported for Origin EXTERNAL_KEY_STORE');
  return yes(null);
}

const metadataAnswer = z.object({ keySpec: z.string(), keyUsage: z.array(z.string()).max(10), keyStatus: z.string() });

/**
 * Is the external key one that KMS takes: AES of 256 bits, enabled, for encryption and decryption? It is the proxy that says so.
 * Errors: XksKeyInvalidConfigurationException, which names what does not fit; those of `createKeyRefusal`.
 */
export async function requireExternalKey(call: Call, { store, xksKeyId }: XksKeyPlace): Promise<Answer<null>> {
  const who = { awsPrincipalArn: call.callerArn, kmsKeyArn: '' };
  const body = metadataBody(who, { kmsRequestId: call.requestId });
  const exchange = await call.surroundings.proxies.call(store, 'GetKeyMetadata', xksKeyId, body);
  const read = metadataIn(exchange);
  if (read === null) return createKeyRefusal(exchange);
  const { keySpec, keyUsage, keyStatus } = read;
  const misfit = (what: string, value: string): Answer<null> =>
    no('XksKeyInvalidConfigurationException', `The external key ${xksKeyId} has an unsupported ${what}: ${value}.`);
  if (keySpec !== 'AES_256') return misfit('key spec', keySpec);
  if (keyStatus !== 'ENABLED') return misfit('status', keyStatus);
  const isUseful = keyUsage.includes('ENCRYPT') && keyUsage.includes('DECRYPT');
  return isUseful ? yes(null) : misfit('key usage', keyUsage.join(', '));
}

function metadataIn(exchange: Exchange): z.infer<typeof metadataAnswer> | null {
  if (exchange.kind !== 'answer' || exchange.status !== 200) return null;
  const read = metadataAnswer.safeParse(jsonOf(exchange));
  return read.success ? read.data : null;
}
