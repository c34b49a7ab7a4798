import { randomUUID } from 'node:crypto';
import type { Ground } from './ground';
import type { ConnectionOutcome, StoredKeyStore } from './key-store-state';
import { yes } from './refusal';
import { tryProxy } from './try-proxy';

/** An attempt to connect that has begun: ConnectCustomKeyStore answers before it ends. */
export interface BegunConnection {
  readonly storeId: string;
  readonly attempt: string;
  readonly requestId: string;
  /** a fault has it end like this, whatever the proxy says */
  readonly forced: ConnectionOutcome | null;
}

function connecting(stores: readonly StoredKeyStore[], { storeId, attempt }: BegunConnection): StoredKeyStore | null {
  const store = stores.find((one) => one.storeId === storeId);
  return store?.connection.state === 'CONNECTING' && store.connection.attempt === attempt ? store : null;
}

/** Where this KMS itself does not know where to go on (`proxyAt` throws), it says what AWS says of a fault of its own. */
async function attemptOutcome(
  { surroundings }: Ground,
  store: StoredKeyStore,
  { requestId }: BegunConnection,
): Promise<ConnectionOutcome> {
  const trouble = await tryProxy(surroundings, store, 'ConnectCustomKeyStore', requestId).catch(() => 'INTERNAL_ERROR' as const);
  return trouble ?? 'CONNECTED';
}

async function conclude(ground: Ground, begun: BegunConnection): Promise<void> {
  const store = connecting(ground.store.read().keyStores, begun);
  if (store === null) return;
  const outcome = begun.forced ?? (await attemptOutcome(ground, store, begun));
  // Stopped in the middle, the proxy was not asked: the next start asks it.
  if (ground.stopped.aborted) return;
  await ground.store.change((draft) => {
    const then = connecting(draft.keyStores, begun);
    if (then?.connection.state === 'CONNECTING') then.connection.outcome = outcome;
    return yes(null);
  });
}

/** Goes on with an attempt in the background; `stop` waits for it. A disk that refuses leaves the store CONNECTING, and says so at the next write. */
export function beginConnection(ground: Ground, begun: BegunConnection): void {
  const attempt = conclude(ground, begun)
    .catch(() => undefined)
    .finally(() => ground.background.delete(attempt));
  ground.background.add(attempt);
}

/** What was being connected when this KMS ended, it tries again. */
export function resumeConnections(ground: Ground): void {
  for (const { storeId, connection } of ground.store.read().keyStores)
    if (connection.state === 'CONNECTING' && connection.outcome === null)
      beginConnection(ground, { storeId, attempt: connection.attempt, requestId: randomUUID(), forced: null });
}
