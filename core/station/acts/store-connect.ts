import { success, type Result } from '../../contract/result';
import { connectionError } from '../../contract/connection-errors';
import type { ShowBlock } from '../../keys/evidence';
import type { KeyStore } from '../../kms/key-store';
import type { KmsPort } from '../../kms/port';
import { AWS_CONNECTION_PATIENCE, untilConnection, type ConnectionLook } from '../../kms/until-connection';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { storeFacts, storeOf } from './store-create';
import { storeIdOf, storePlan } from './store-plan';

/** The rehearsal KMS takes a moment for what AWS takes minutes for. */
const REHEARSAL_PATIENCE = { everyMs: 100, withinMs: 60_000 } as const;

function patience({ state }: ActContext) {
  return state.runMode === 'rehearsal' ? REHEARSAL_PATIENCE : AWS_CONNECTION_PATIENCE;
}

/** ConnectCustomKeyStore and what came of it. A failed connection is disconnected first, as AWS wants it; one that holds is left alone. */
export const awsConnectStore: Act = async (context) => {
  const storeId = storeIdOf(context.state);
  const before = await storeOf(context, storeId);
  if (!before.ok) return before;
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const began = performance.now();
  const store = before.value.connectionState === 'CONNECTED' ? before : await connect(context, kms.value, before.value);
  if (!store.ok) return store;
  const { connectionState, connectionErrorCode } = store.value;
  const tookSeconds = Math.round((performance.now() - began) / 1000);
  return success(
    outcome({
      data: { storeId, connectionState, connectionErrorCode: connectionErrorCode ?? '', tookSeconds },
      checks: [check('CER-STORE-CONNECTED', connectionState === 'CONNECTED', 'CONNECTED', stateInWords(store.value))],
      show: [storeFacts('Key store', store.value, ''), ...errorBlocks(store.value)],
    }),
  );
};

function stateInWords({ connectionState, connectionErrorCode }: KeyStore): string {
  return connectionErrorCode === null ? connectionState : `${connectionState}, ${connectionErrorCode}`;
}

async function connect(context: ActContext, kms: KmsPort, store: KeyStore): Promise<Result<KeyStore>> {
  const ready = store.connectionState === 'FAILED' ? await disconnect(context, kms, store.storeId) : success(store);
  if (!ready.ok) return ready;
  if (ready.value.connectionState !== 'CONNECTING') {
    const asked = await kms.connectKeyStore(store.storeId);
    if (!asked.ok) return asked;
  }
  return ended(context, kms, store.storeId, 'CONNECTED');
}

async function disconnect(context: ActContext, kms: KmsPort, storeId: string): Promise<Result<KeyStore>> {
  const asked = await kms.disconnectKeyStore(storeId);
  return asked.ok ? ended(context, kms, storeId, 'DISCONNECTED') : asked;
}

async function ended(
  context: ActContext,
  kms: KmsPort,
  storeId: string,
  wanted: 'CONNECTED' | 'DISCONNECTED',
): Promise<Result<KeyStore>> {
  const seen = await untilConnection(kms, storeId, {
    ...patience(context),
    wanted,
    onLook: (look) => context.tell(inWords(look)),
  });
  return seen.ok ? success(seen.value.value.store) : seen;
}

/** The state on the way, and how long it has taken: AWS takes minutes. */
function inWords({ store, elapsedMs, failure: problem }: ConnectionLook): string {
  return `${store?.connectionState ?? problem?.code ?? ''}, ${Math.round(elapsedMs / 1000)} s.`;
}

/** What a ConnectionErrorCode means, where to look on our side, and what helps. */
function errorBlocks({ connectionErrorCode }: KeyStore): ShowBlock[] {
  if (connectionErrorCode === null) return [];
  const { cause, lookHere, remedy } = connectionError(connectionErrorCode);
  return [
    facts(`Why it did not connect: ${connectionErrorCode}`, [
      ['Cause', cause],
      ['Look here', lookHere],
      ['Remedy', remedy],
    ]),
  ];
}

/** DisconnectCustomKeyStore: every key of the store is Unavailable after it. A store that is disconnected is left so. */
export const awsDisconnectStore: Act = async (context) => {
  const storeId = storeIdOf(context.state);
  const before = await storeOf(context, storeId);
  if (!before.ok) return before;
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const store = before.value.connectionState === 'DISCONNECTED' ? before : await disconnect(context, kms.value, storeId);
  if (!store.ok) return store;
  const { connectionState } = store.value;
  return success(
    outcome({
      data: { storeId, connectionState },
      checks: [check('CER-STORE-DISCONNECTED', connectionState === 'DISCONNECTED', 'DISCONNECTED', connectionState)],
      show: [storeFacts('Key store', store.value, '')],
    }),
  );
};
