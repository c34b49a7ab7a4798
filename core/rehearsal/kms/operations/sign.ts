import { constants, createPublicKey, sign as signWith, verify as verifyWith, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { algorithmsOf, SIGNING_ALGORITHMS, type SigningAlgorithm } from '../algorithms';
import { withPrivateKey } from '../cipher';
import { reading, type Call } from '../operation';
import { no, yes, type Answer } from '../refusal';
import { blobShape, dryRunShape, grantTokensShape, keyIdShape } from '../shapes';
import { currentBytes, requireAlgorithm, usableKey } from '../usable-key';
import { base64 } from '../wire';

const signShape = z.object({
  KeyId: keyIdShape,
  Message: blobShape(1, 4096),
  MessageType: z.enum(['RAW', 'DIGEST', 'EXTERNAL_MU']).optional(),
  GrantTokens: grantTokensShape,
  SigningAlgorithm: z.enum(SIGNING_ALGORITHMS),
  DryRun: dryRunShape,
});

type SignInput = z.infer<typeof signShape>;

export const sign = reading(signShape, (input, call) =>
  withSigningKey(input, call, (key, arn) => {
    const signature = signWith(hashOf(input.SigningAlgorithm), input.Message, padded(key, input.SigningAlgorithm));
    return yes({ KeyId: arn, Signature: base64(signature), SigningAlgorithm: input.SigningAlgorithm });
  }),
);

const verifyShape = signShape.extend({ Signature: blobShape(1, 6144) });

export const verify = reading(verifyShape, (input, call) =>
  withSigningKey(input, call, (key, arn) => {
    const own = padded(createPublicKey(key), input.SigningAlgorithm);
    const isRight = verifyWith(hashOf(input.SigningAlgorithm), input.Message, own, input.Signature);
    return isRight
      ? yes({ KeyId: arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm })
      : no('KMSInvalidSignatureException');
  }),
);

function withSigningKey<T>(input: SignInput, call: Call, act: (key: KeyObject, arn: string) => Answer<T>): Answer<T> {
  const found = usableKey(call, input.KeyId, 'SIGN_VERIFY');
  if (!found.ok) return found;
  const { key, arn } = found.value;
  const fits = requireAlgorithm(algorithmsOf(key.spec, key.usage).SigningAlgorithms, input.SigningAlgorithm, key.spec);
  if (!fits.ok) return fits;
  // The crypto library signs no ECDSA digest that it did not make itself.
  if ((input.MessageType ?? 'RAW') !== 'RAW')
    return no('UnsupportedOperationException', 'This rehearsal KMS signs and verifies messages of type RAW only.');
  return withPrivateKey(currentBytes(found.value).bytes, (own) => act(own, arn));
}

function hashOf(algorithm: SigningAlgorithm): string {
  return `sha${algorithm.slice(-3)}`;
}

/** RSASSA-PSS has a salt as long as its hash (KMS Developer Guide, "RSA key specs"). */
function padded(key: KeyObject, algorithm: SigningAlgorithm): { key: KeyObject; padding?: number; saltLength?: number } {
  if (algorithm.startsWith('ECDSA_')) return { key };
  if (!algorithm.startsWith('RSASSA_PSS_')) return { key, padding: constants.RSA_PKCS1_PADDING };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}
