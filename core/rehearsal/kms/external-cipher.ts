import { decryptBody, encryptBody, type OnBehalfOf, type Plain, type Sealed } from '../../as-kms/bodies';
import { plaintextIn, readEncrypted } from '../../as-kms/encrypted';
import { canonical } from '../../evidence/canonical';
import { sameBytes } from '../../xks/bytes';
import { METADATA_BYTES_LIMIT } from '../../xks/ciphertext-metadata';
import { IV_BYTES, TAG_BYTES } from '../../xks/wire';
import { decryptWith, encryptWith, readHeader, type EncryptionContext } from './ciphertext';
import { integrityOf, isIntact, packExternal, type ExternalCiphertext } from './external-ciphertext';
import type { KeyHere } from './key-state';
import type { Call } from './operation';
import { cryptoRefusal, notInterpreted } from './proxy-endings';
import { no, yes, type Answer } from './refusal';
import { currentBytes, materialBytes } from './usable-key';

/** The external key a KMS key stands for, with the store that leads to it; a usable key has both. */
function outsideOf({ key: { external }, store }: KeyHere) {
  if (external === null || store === null) throw new Error('A usable key of an external key store has a store.');
  return { ...external, store };
}

/** The encryption context is what the proxy gets as AAD; without one there is none. */
function aadOf(context: EncryptionContext): Uint8Array | null {
  return Object.keys(context).length === 0 ? null : Buffer.from(canonical(context));
}

function behalfOf({ callerArn }: Call, { arn }: KeyHere): OnBehalfOf {
  return { awsPrincipalArn: callerArn, kmsKeyArn: arn };
}

/** Noted before the proxy is asked: a record of CloudTrail has it whatever comes of the call. */
function begin(call: Call, found: KeyHere): ReturnType<typeof outsideOf> {
  const outside = outsideOf(found);
  call.notes.additional = { customKeyStoreId: outside.storeId, xksKeyId: outside.xksKeyId };
  return outside;
}

/** With DryRun the proxy is not asked (the caller of this gets an exception in place of the answer). */
function isDry({ input }: Call): boolean {
  return input['DryRun'] === true;
}

/** Lengths as the specification has them: what differs, KMS does not take. */
function isWellFormed({ ciphertext, iv, tag, metadata }: Sealed, plaintext: Uint8Array): boolean {
  return (
    ciphertext.length === plaintext.length &&
    IV_BYTES.includes(iv.length) &&
    tag.length === TAG_BYTES &&
    (metadata?.length ?? 0) <= METADATA_BYTES_LIMIT
  );
}

/** By which the proxy's line, the answer and the trail name one call. */
function askedBy({ operation, requestId }: Call) {
  return { kmsOperation: operation, kmsRequestId: requestId };
}

/**
 * Encrypts twice: with the material KMS holds for this key, and what comes of that with the external key. Whoever has the external
 * key alone can decrypt nothing. Errors: KMSInvalidStateException for everything a proxy can do wrong.
 */
export async function encryptOutside(
  call: Call,
  found: KeyHere,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Promise<Answer<Uint8Array>> {
  const { store, storeId, xksKeyId } = begin(call, found);
  if (isDry(call)) return yes(new Uint8Array());
  const { id, bytes } = currentBytes(found);
  const inner = encryptWith(bytes, { keyId: found.key.keyId, materialId: id }, plaintext, context);
  const plain: Plain = { plaintext: inner, aad: aadOf(context), wantsIntegrity: true };
  const body = encryptBody(behalfOf(call, found), plain, askedBy(call));
  const exchange = await call.surroundings.proxies.call(store, 'Encrypt', xksKeyId, body);
  if (exchange.kind !== 'answer' || exchange.status !== 200) return cryptoRefusal(exchange);
  const answer = readEncrypted(plain, exchange);
  if ('problem' in answer || !isWellFormed(answer.sealed, inner)) return notInterpreted();
  const integrity = integrityOf(answer.sealed);
  if (answer.integrity === null || !sameBytes(answer.integrity, integrity)) return notInterpreted();
  return yes(packExternal({ keyId: found.key.keyId, storeId, sealed: answer.sealed, integrity }));
}

/**
 * The other way round. Errors: KMSInvalidStateException for what the proxy says, another encryption context and a changed ciphertext
 * included, because it is the proxy that finds that they do not fit; InvalidCiphertextException for what KMS finds out itself.
 */
export async function decryptOutside(
  call: Call,
  found: KeyHere,
  blob: ExternalCiphertext,
  context: EncryptionContext,
): Promise<Answer<Uint8Array>> {
  const { store, storeId, xksKeyId } = begin(call, found);
  if (blob.storeId !== storeId) return no('InvalidCiphertextException');
  if (isDry(call)) return yes(new Uint8Array());
  const sealed: Sealed = { ...blob.sealed, aad: aadOf(context) };
  const body = decryptBody(behalfOf(call, found), sealed, askedBy(call));
  const exchange = await call.surroundings.proxies.call(store, 'Decrypt', xksKeyId, body);
  if (exchange.kind !== 'answer' || exchange.status !== 200) return cryptoRefusal(exchange);
  const inner = plaintextIn(exchange);
  if (inner?.length !== blob.sealed.ciphertext.length) return notInterpreted();
  const header = readHeader(inner);
  const material = header?.keyId === found.key.keyId ? materialBytes(found, header.materialId) : null;
  const plaintext = material && decryptWith(material, inner, context);
  if (!plaintext) return notInterpreted();
  return isIntact(blob, sealed.aad) ? yes(plaintext) : no('InvalidCiphertextException');
}
