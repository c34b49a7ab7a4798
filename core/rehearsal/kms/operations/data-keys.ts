import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { encryptUnder } from '../cipher';
import { reading, type Call } from '../operation';
import { invalid, yes, type Answer } from '../refusal';
import { contextShape, dryRunShape, grantTokensShape, keyIdShape } from '../shapes';
import { currentBytes, usableKey } from '../usable-key';
import { base64 } from '../wire';

const shape = z.object({
  KeyId: keyIdShape,
  EncryptionContext: contextShape,
  NumberOfBytes: z.int().min(1).max(1024).optional(),
  KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
  GrantTokens: grantTokensShape,
  DryRun: dryRunShape,
});

export const generateDataKey = reading(shape, async (input, call) => {
  const made = await make(call, input);
  if (!made.ok) return made;
  const { plaintext, ...told } = made.value;
  const answer = { ...told, Plaintext: base64(plaintext) };
  plaintext.fill(0);
  return yes(answer);
});

export const generateDataKeyWithoutPlaintext = reading(shape, async (input, call) => {
  const made = await make(call, input);
  if (!made.ok) return made;
  const { plaintext, ...told } = made.value;
  plaintext.fill(0);
  return yes(told);
});

interface Made {
  readonly plaintext: Uint8Array;
  readonly CiphertextBlob: string;
  readonly KeyId: string;
  readonly KeyMaterialId?: string;
}

async function make(call: Call, input: z.infer<typeof shape>): Promise<Answer<Made>> {
  const length = lengthOf(input);
  if (!length.ok) return length;
  const found = usableKey(call, input.KeyId, 'ENCRYPT_DECRYPT');
  if (!found.ok) return found;
  const plaintext = randomBytes(length.value);
  const ciphertext = await encryptUnder(call, found.value, plaintext, 'SYMMETRIC_DEFAULT', input.EncryptionContext ?? {});
  if (!ciphertext.ok) return ciphertext;
  const { arn, key } = found.value;
  const material = key.external === null ? { KeyMaterialId: currentBytes(found.value).id } : {};
  return yes({ plaintext, CiphertextBlob: base64(ciphertext.value), KeyId: arn, ...material });
}

function lengthOf({ NumberOfBytes, KeySpec }: z.infer<typeof shape>): Answer<number> {
  if ((NumberOfBytes === undefined) === (KeySpec === undefined))
    return invalid('Please specify either number of bytes or key spec.');
  return yes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32));
}
