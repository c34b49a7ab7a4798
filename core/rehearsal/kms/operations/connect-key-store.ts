import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { findNamedStore, requireConnection } from '../key-stores';
import { writing } from '../operation';
import { no, yes } from '../refusal';
import { storeIdShape } from './store-shapes';

const shape = z.object({ CustomKeyStoreId: storeIdShape });

/** Answers before anything is connected. Of a store that is connected, or is just being connected, it changes nothing. */
export const connectCustomKeyStore = writing(shape, ({ CustomKeyStoreId }, call) => {
  const found = findNamedStore(call, CustomKeyStoreId);
  if (!found.ok) return found;
  const ready = requireConnection(found.value, ['DISCONNECTED', 'CONNECTED', 'CONNECTING']);
  if (!ready.ok) return ready;
  if (found.value.connection.state !== 'DISCONNECTED') return yes({});
  const attempt = randomUUID();
  found.value.connection = { state: 'CONNECTING', attempt, untilMs: call.now + call.connectLagMs, outcome: null };
  const begun = { storeId: CustomKeyStoreId, attempt, requestId: call.requestId, forced: call.connectionError };
  call.notes.begunConnections.push(begun);
  return yes({});
});

/** Also of a store whose connection failed, or has not come about yet. Its keys are Unavailable from here on. */
export const disconnectCustomKeyStore = writing(shape, ({ CustomKeyStoreId }, call) => {
  const found = findNamedStore(call, CustomKeyStoreId);
  if (!found.ok) return found;
  const ready = requireConnection(found.value, ['CONNECTED', 'CONNECTING', 'FAILED']);
  if (!ready.ok) return ready;
  found.value.connection = { state: 'DISCONNECTING', untilMs: call.now + call.connectLagMs };
  return yes({});
});

export const deleteCustomKeyStore = writing(shape, ({ CustomKeyStoreId }, call) => {
  const found = findNamedStore(call, CustomKeyStoreId);
  if (!found.ok) return found;
  const ready = requireConnection(found.value, ['DISCONNECTED']);
  if (!ready.ok) return ready;
  // Keys that wait for their deletion are keys.
  if (Object.values(call.state.keys).some(({ external }) => external?.storeId === CustomKeyStoreId))
    return no('CustomKeyStoreHasCMKsException', `Custom key store ${CustomKeyStoreId} contains KMS keys.`);
  call.state.keyStores = call.state.keyStores.filter(({ storeId }) => storeId !== CustomKeyStoreId);
  return yes({});
});
