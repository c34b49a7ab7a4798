import { z } from 'zod';
import { findKeyByIdOrArn } from '../find-key';
import { inWords, stateOf } from '../key-state';
import { writing, type Operation } from '../operation';
import { no, yes } from '../refusal';
import { keyIdShape } from '../shapes';

const shape = z.object({ KeyId: keyIdShape });

export const enableKey = switching(true);
export const disableKey = switching(false);

/** Both work on a key that is enabled or disabled; of one that is unavailable they are kept until its store is connected again. */
function switching(isEnabled: boolean): Operation {
  return writing(shape, ({ KeyId }, call) => {
    const found = findKeyByIdOrArn(call, KeyId);
    if (!found.ok) return found;
    const state = stateOf(found.value, call.now);
    if (state !== 'Enabled' && state !== 'Disabled' && state !== 'Unavailable')
      return no('KMSInvalidStateException', `${found.value.arn} ${inWords(state)}.`);
    found.value.here.isEnabled = isEnabled;
    call.notes.response = { keyId: found.value.arn };
    return yes({});
  });
}
