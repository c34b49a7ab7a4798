import { z } from 'zod';
import { CONNECTION_ERRORS, type ConnectionErrorCode } from '../../contract/connection-errors';

const CODES = Object.keys(CONNECTION_ERRORS) as [ConnectionErrorCode, ...ConnectionErrorCode[]];

/** Epoch milliseconds on the clock of the rehearsal. */
const time = z.number().int();

/** Where a store is between DISCONNECTED and CONNECTED; what is on its way ends by itself (`settle`). */
const connection = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('DISCONNECTED') }),
  z.strictObject({ state: z.literal('CONNECTED') }),
  z.strictObject({ state: z.literal('FAILED'), code: z.enum(CODES) }),
  z.strictObject({
    state: z.literal('CONNECTING'),
    /** tells this attempt from one that was given up before */
    attempt: z.string(),
    untilMs: time,
    /** null: the proxy has not been asked yet, or its answer is awaited */
    outcome: z.enum(['CONNECTED', ...CODES]).nullable(),
  }),
  z.strictObject({ state: z.literal('DISCONNECTING'), untilMs: time }),
]);

/** One external key store of one Region. */
export const keyStore = z.strictObject({
  storeId: z.string(),
  region: z.string(),
  name: z.string(),
  createdAtMs: time,
  connectivity: z.enum(['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE']),
  uriEndpoint: z.string(),
  uriPath: z.string(),
  vpcServiceName: z.string().nullable(),
  vpcServiceOwner: z.string().nullable(),
  credential: z.strictObject({ accessKeyId: z.string(), secret: z.string() }),
  connection,
});

export type StoredKeyStore = z.infer<typeof keyStore>;

/** How an attempt to connect ends. */
export type ConnectionOutcome = 'CONNECTED' | ConnectionErrorCode;

/** Has what is on its way come to its end? */
export function isConnectionDue({ connection: { state, ...rest } }: StoredKeyStore, now: number): boolean {
  if (!('untilMs' in rest) || rest.untilMs > now) return false;
  return state === 'DISCONNECTING' || ('outcome' in rest && rest.outcome !== null);
}

/** Ends what has come to its end. Changes `store`. */
export function settleConnection(store: StoredKeyStore, now: number): void {
  if (!isConnectionDue(store, now)) return;
  const { connection: before } = store;
  if (before.state === 'DISCONNECTING') store.connection = { state: 'DISCONNECTED' };
  if (before.state !== 'CONNECTING' || before.outcome === null) return;
  store.connection = before.outcome === 'CONNECTED' ? { state: 'CONNECTED' } : { state: 'FAILED', code: before.outcome };
}
