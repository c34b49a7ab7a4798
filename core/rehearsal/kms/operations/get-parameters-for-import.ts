import { z } from 'zod';
import type { ImportableSpec } from '../../../keys/kms-spec';
import { checkWrapping, WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS, type Wrapping } from '../../../keys/wrapping';
import { daysMs } from '../days';
import { requireExternal } from '../external';
import { findKeyByIdOrArn } from '../find-key';
import { sealToken } from '../import-token';
import { requireState } from '../key-state';
import { reading, type Call } from '../operation';
import { no, yes, type Answer } from '../refusal';
import { keyIdShape } from '../shapes';
import { base64, seconds } from '../wire';

const VALID_MS = daysMs(1);

/** RSAES_PKCS1_V1_5 is still in AWS's list and refused since 2023-10-10; SM2PKE is for China Regions. */
const OTHER_ALGORITHMS = ['RSAES_PKCS1_V1_5', 'SM2PKE'];

const shape = z.object({
  KeyId: keyIdShape,
  WrappingAlgorithm: z.enum([...WRAPPING_ALGORITHMS, ...OTHER_ALGORITHMS]),
  WrappingKeySpec: z.enum([...WRAPPING_KEY_SPECS, 'SM2']),
});

/** A wrapping key of its own for each call, and a token that carries its private half. */
export const getParametersForImport = reading(shape, async (input, call) => {
  const found = findKeyByIdOrArn(call, input.KeyId);
  if (!found.ok) return found;
  const { arn, key } = found.value;
  const external = requireExternal(found.value);
  if (!external.ok) return external;
  const ready = requireState(found.value, call.now, ['PendingImport', 'Enabled', 'Disabled']);
  if (!ready.ok) return ready;
  const wrapping = wrappingOf(key.spec, input.WrappingAlgorithm, input.WrappingKeySpec);
  if (!wrapping.ok) return wrapping;
  const { publicKey, importToken } = await makeSet(call, arn, wrapping.value);
  return yes({
    KeyId: arn,
    ImportToken: importToken,
    PublicKey: publicKey,
    ParametersValidTo: seconds(call.now + VALID_MS),
  });
});

async function makeSet(call: Call, keyArn: string, wrapping: Wrapping): Promise<{ publicKey: string; importToken: string }> {
  const { publicKey, privateKey } = await call.makeWrappingPair(Number(wrapping.wrappingKeySpec.slice('RSA_'.length)));
  const content = { ...wrapping, keyArn, validToMs: call.now + VALID_MS, privateKey: base64(privateKey) };
  const importToken = base64(sealToken(call.state.tokenKey, content));
  privateKey.fill(0);
  return { publicKey: base64(publicKey), importToken };
}

function wrappingOf(spec: ImportableSpec, algorithm: string, keySpec: string): Answer<Wrapping> {
  const known = WRAPPING_ALGORITHMS.find((name) => name === algorithm);
  const wrappingKeySpec = WRAPPING_KEY_SPECS.find((name) => name === keySpec);
  if (known === undefined || wrappingKeySpec === undefined || !checkWrapping(spec, { algorithm: known, wrappingKeySpec }).ok)
    return no(
      'UnsupportedOperationException',
      `Wrapping algorithm ${algorithm} with wrapping key spec ${keySpec} is not supported for key spec ${spec}.`,
    );
  return yes({ algorithm: known, wrappingKeySpec });
}
