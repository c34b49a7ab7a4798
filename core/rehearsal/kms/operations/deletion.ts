import { z } from 'zod';
import { findKeyByIdOrArn } from '../find-key';
import { replicaRegions, requireState, stateOf } from '../key-state';
import { daysMs } from '../days';
import { writing } from '../operation';
import { invalid, no, yes } from '../refusal';
import { keyIdShape } from '../shapes';
import { seconds } from '../wire';

/** The service model takes 1 to 365 days, the service 7 to 30. */
const [LEAST_DAYS, MOST_DAYS] = [7, 30];

const scheduleShape = z.object({ KeyId: keyIdShape, PendingWindowInDays: z.int().min(1).max(365).optional() });

export const scheduleKeyDeletion = writing(scheduleShape, ({ KeyId, PendingWindowInDays: days = MOST_DAYS }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const { key, here, region, arn } = found.value;
  const ready = requireState(found.value, call.now, ['Creating', 'Enabled', 'Disabled', 'PendingImport', 'Unavailable']);
  if (!ready.ok) return ready;
  if (days < LEAST_DAYS || days > MOST_DAYS)
    return invalid(`PendingWindowInDays must be between ${LEAST_DAYS} and ${MOST_DAYS} (inclusive)`);
  const waitsForReplicas = region === key.primaryRegion && replicaRegions(key).length > 0;
  here.deletion = { atMs: waitsForReplicas ? null : call.now + daysMs(days), days };
  const { atMs } = here.deletion;
  const answer = {
    KeyId: arn,
    ...(atMs === null ? {} : { DeletionDate: seconds(atMs) }),
    KeyState: stateOf(found.value, call.now),
    PendingWindowInDays: days,
  };
  call.notes.response = answer;
  return yes(answer);
});

/** The key comes back disabled, or as waiting for its material. */
export const cancelKeyDeletion = writing(z.object({ KeyId: keyIdShape }), ({ KeyId }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const { here, arn } = found.value;
  if (here.deletion === null) return no('KMSInvalidStateException', `${arn} is not pending deletion.`);
  here.deletion = null;
  here.isEnabled = false;
  const answer = { KeyId: arn };
  call.notes.response = answer;
  return yes(answer);
});
