import { z } from 'zod';
import { decryptUnder, encryptUnder } from '../cipher';
import { reading } from '../operation';
import { yes } from '../refusal';
import { blobShape, contextShape, dryRunShape, encryptionAlgorithmShape, grantTokensShape, keyIdShape } from '../shapes';
import { usableKey } from '../usable-key';
import { base64 } from '../wire';

const encryptShape = z.object({
  KeyId: keyIdShape,
  Plaintext: blobShape(1, 4096),
  EncryptionContext: contextShape,
  GrantTokens: grantTokensShape,
  EncryptionAlgorithm: encryptionAlgorithmShape.optional(),
  DryRun: dryRunShape,
});

export const encrypt = reading(encryptShape, (input, call) => {
  const found = usableKey(call, input.KeyId, 'ENCRYPT_DECRYPT');
  if (!found.ok) return found;
  const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
  const ciphertext = encryptUnder(found.value, input.Plaintext, algorithm, input.EncryptionContext ?? {});
  input.Plaintext.fill(0);
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

export const decrypt = reading(decryptShape, (input, call) => {
  const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
  const opened = decryptUnder(call, {
    ciphertext: input.CiphertextBlob,
    keyId: input.KeyId,
    algorithm,
    context: input.EncryptionContext ?? {},
  });
  if (!opened.ok) return opened;
  const { found, plaintext } = opened.value;
  return yes({ KeyId: found.arn, Plaintext: base64(plaintext), EncryptionAlgorithm: algorithm });
});
