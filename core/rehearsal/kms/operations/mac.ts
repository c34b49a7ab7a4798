import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { algorithmsOf, MAC_ALGORITHMS } from '../algorithms';
import { reading, type Call } from '../operation';
import { no, yes, type Answer } from '../refusal';
import { blobShape, dryRunShape, grantTokensShape, keyIdShape } from '../shapes';
import { currentBytes, requireAlgorithm, usableKey } from '../usable-key';
import { base64 } from '../wire';

const generateShape = z.object({
  Message: blobShape(1, 4096),
  KeyId: keyIdShape,
  MacAlgorithm: z.enum(MAC_ALGORITHMS),
  GrantTokens: grantTokensShape,
  DryRun: dryRunShape,
});

export const generateMac = reading(generateShape, (input, call) => {
  const made = macOf(call, input);
  if (!made.ok) return made;
  return yes({ Mac: base64(made.value.mac), MacAlgorithm: input.MacAlgorithm, KeyId: made.value.arn });
});

const verifyShape = generateShape.extend({ Mac: blobShape(1, 6144) });

export const verifyMac = reading(verifyShape, (input, call) => {
  const made = macOf(call, input);
  if (!made.ok) return made;
  const { mac, arn } = made.value;
  const isRight = mac.length === input.Mac.length && timingSafeEqual(mac, input.Mac);
  return isRight ? yes({ KeyId: arn, MacValid: true, MacAlgorithm: input.MacAlgorithm }) : no('KMSInvalidMacException');
});

interface Made {
  readonly mac: Uint8Array;
  readonly arn: string;
}

function macOf(call: Call, { KeyId, MacAlgorithm, Message }: z.infer<typeof generateShape>): Answer<Made> {
  const found = usableKey(call, KeyId, 'GENERATE_VERIFY_MAC');
  if (!found.ok) return found;
  const { key, arn } = found.value;
  const fits = requireAlgorithm(algorithmsOf(key.spec, key.usage).MacAlgorithms, MacAlgorithm, key.spec);
  if (!fits.ok) return fits;
  const hash = MacAlgorithm.replace('HMAC_SHA_', 'sha');
  return yes({ mac: createHmac(hash, currentBytes(found.value).bytes).update(Message).digest(), arn });
}
