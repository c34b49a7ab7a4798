import { z } from 'zod';
import { decryptUnder, encryptUnder } from '../cipher';
import { reading } from '../operation';
import { yes } from '../refusal';
import { blobShape, contextShape, dryRunShape, encryptionAlgorithmShape, grantTokensShape, keyIdShape } from '../shapes';
import { currentBytes, usableKey } from '../usable-key';
import { base64 } from '../wire';

const encryptShape = z.object({
  KeyId: keyIdShape,
  Plaintext: blobShape(1, 4096),
  EncryptionContext: contextShape,
  GrantTokens: grantTokensShape,
  EncryptionAlgorithm: encryptionAlgorithmShape.optional(),
  DryRun: dryRunShape,
});

export const encrypt = reading(encryptShape, async (input, call) => {
  const found = usableKey(call, input.KeyId, 'ENCRYPT_DECRYPT');
  if (!found.ok) return found;
  const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
  const ciphertext = await encryptUnder(call, found.value, input.Plaintext, algorithm, input.EncryptionContext ?? {});
  if (!ciphertext.ok) return ciphertext;
  return yes({ CiphertextBlob: base64(ciphertext.value), KeyId: found.value.arn, EncryptionAlgorithm: algorithm });
});

const decryptShape = z.object({
  CiphertextBlob: blobShape(1, 6144),
  EncryptionContext: contextShape,
  GrantTokens: grantTokensShape,
  KeyId: keyIdShape.optional(),
  EncryptionAlgorithm: encryptionAlgorithmShape.optional(),
  DryRun: dryRunShape,
});

export const decrypt = reading(decryptShape, async (input, call) => {
  const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
  const opened = await decryptUnder(call, {
    ciphertext: input.CiphertextBlob,
    keyId: input.KeyId,
    algorithm,
    context: input.EncryptionContext ?? {},
    action: 'Decrypt',
  });
  if (!opened.ok) return opened;
  const { found, plaintext, materialId } = opened.value;
  const answer = { KeyId: found.arn, Plaintext: base64(plaintext), EncryptionAlgorithm: algorithm };
  return yes(materialId === null ? answer : { ...answer, KeyMaterialId: materialId });
});

const reEncryptShape = z.object({
  CiphertextBlob: blobShape(1, 6144),
  SourceEncryptionContext: contextShape,
  SourceKeyId: keyIdShape.optional(),
  DestinationKeyId: keyIdShape,
  DestinationEncryptionContext: contextShape,
  SourceEncryptionAlgorithm: encryptionAlgorithmShape.optional(),
  DestinationEncryptionAlgorithm: encryptionAlgorithmShape.optional(),
  GrantTokens: grantTokensShape,
  DryRun: dryRunShape,
});

export const reEncrypt = reading(reEncryptShape, async (input, call) => {
  const SourceEncryptionAlgorithm = input.SourceEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
  const DestinationEncryptionAlgorithm = input.DestinationEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
  const opened = await decryptUnder(call, {
    ciphertext: input.CiphertextBlob,
    keyId: input.SourceKeyId,
    algorithm: SourceEncryptionAlgorithm,
    context: input.SourceEncryptionContext ?? {},
    action: 'ReEncryptFrom',
  });
  if (!opened.ok) return opened;
  const { found: source, plaintext, materialId } = opened.value;
  const target = usableKey(call, input.DestinationKeyId, 'ENCRYPT_DECRYPT', 'ReEncryptTo');
  if (!target.ok) return target;
  const sealed = await encryptUnder(
    call,
    target.value,
    plaintext,
    DestinationEncryptionAlgorithm,
    input.DestinationEncryptionContext ?? {},
  );
  plaintext.fill(0);
  if (!sealed.ok) return sealed;
  return yes({
    CiphertextBlob: base64(sealed.value),
    SourceKeyId: source.arn,
    KeyId: target.value.arn,
    SourceEncryptionAlgorithm,
    DestinationEncryptionAlgorithm,
    ...(materialId === null ? {} : { SourceKeyMaterialId: materialId }),
    ...(target.value.key.spec === 'SYMMETRIC_DEFAULT' && target.value.key.external === null
      ? { DestinationKeyMaterialId: currentBytes(target.value).id }
      : {}),
  });
});
