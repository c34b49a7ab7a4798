import { z } from 'zod';
import { algorithmsOf } from '../algorithms';
import { withPrivateKey } from '../cipher';
import { findKey } from '../find-key';
import { requireState, USABLE } from '../key-state';
import { publicKeyOf } from '../material';
import { materialBytes } from '../../../keys/wrapping';
import { reading } from '../operation';
import { no, yes } from '../refusal';
import { grantTokensShape, keyIdShape } from '../shapes';
import { currentBytes } from '../usable-key';
import { base64 } from '../wire';

const shape = z.object({ KeyId: keyIdShape, GrantTokens: grantTokensShape });

/** Derived from the private key: nobody imports a public one. */
export const getPublicKey = reading(shape, ({ KeyId }, call) => {
  const found = findKey(call, KeyId);
  if (!found.ok) return found;
  const { key, arn } = found.value;
  if (materialBytes(key.spec) !== null)
    return no('UnsupportedOperationException', `${arn} key spec is ${key.spec} which is not valid for this operation.`);
  const ready = requireState(found.value, call.now, USABLE);
  if (!ready.ok) return ready;
  return withPrivateKey(currentBytes(found.value).bytes, (own) =>
    yes({
      KeyId: arn,
      PublicKey: base64(publicKeyOf(own)),
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      KeyUsage: key.usage,
      ...algorithmsOf(key.spec, key.usage),
    }),
  );
});
