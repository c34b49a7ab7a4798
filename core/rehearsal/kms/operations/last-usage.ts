import { z } from 'zod';
import { findKeyByIdOrArn } from '../find-key';
import { reading } from '../operation';
import { yes } from '../refusal';
import { keyIdShape } from '../shapes';
import { seconds } from '../wire';

/** Each Region has its own; only uses that succeeded count. */
export const getKeyLastUsage = reading(z.object({ KeyId: keyIdShape }), ({ KeyId }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const { key, here } = found.value;
  const { lastUsage: last } = here;
  const KeyLastUsage =
    last === null
      ? {}
      : {
          Operation: last.operation,
          Timestamp: seconds(last.atMs),
          CloudTrailEventId: last.eventId,
          KmsRequestId: last.requestId,
        };
  const since = seconds(here.createdAtMs);
  return yes({ KeyId: key.keyId, KeyLastUsage, TrackingStartDate: since, KeyCreationDate: since });
});
