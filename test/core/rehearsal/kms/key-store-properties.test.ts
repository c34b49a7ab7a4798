import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONNECTION_ERRORS, type ConnectionErrorCode } from '../../../../core/contract/connection-errors';
import type { ConnectionOutcome } from '../../../../core/rehearsal/kms/key-store-state';
import type { Call } from '../../../../core/rehearsal/kms/operation';
import { OPERATIONS } from '../../../../core/rehearsal/kms/operations';
import { openProxies } from '../../../../core/rehearsal/kms/proxies';
import type { Answer } from '../../../../core/rehearsal/kms/refusal';
import { isSomethingDue, settle } from '../../../../core/rehearsal/kms/settle';
import { emptyState, stateSchema, type State } from '../../../../core/rehearsal/kms/state';
import type { Output } from '../../../../core/rehearsal/kms/wire';
import { HOME, cachedWrappingPair } from './ground';

const LAG_MS = 1_000;
const STORE_ID = 'cks-0123456789abcdef0';

/** What a person may do to a store, the proxy's answer, and time. */
type Step =
  | { readonly act: 'Connect' | 'Disconnect' | 'rename' | 'move' }
  | { readonly act: 'outcome'; readonly outcome: ConnectionOutcome }
  | { readonly act: 'wait'; readonly ms: number };

/** The store as the documentation describes it, without a line of the KMS under test. */
interface Model {
  state: 'CONNECTED' | 'CONNECTING' | 'DISCONNECTED' | 'DISCONNECTING' | 'FAILED';
  code: ConnectionErrorCode | null;
  sinceMs: number;
  outcome: ConnectionOutcome | null;
}

const ALLOWED: Readonly<Record<'Connect' | 'Disconnect' | 'rename' | 'move', readonly Model['state'][]>> = {
  Connect: ['CONNECTED', 'CONNECTING', 'DISCONNECTED'],
  Disconnect: ['CONNECTED', 'CONNECTING', 'FAILED'],
  rename: ['CONNECTED', 'DISCONNECTED'],
  move: ['DISCONNECTED'],
};

function letTimePass(model: Model, now: number): void {
  if (now < model.sinceMs + LAG_MS) return;
  if (model.state === 'DISCONNECTING') Object.assign(model, { state: 'DISCONNECTED', code: null });
  if (model.state !== 'CONNECTING' || model.outcome === null) return;
  const { outcome } = model;
  Object.assign(model, outcome === 'CONNECTED' ? { state: 'CONNECTED' } : { state: 'FAILED', code: outcome });
  model.outcome = null;
}

function begun(): State {
  const state = emptyState(Buffer.alloc(32));
  state.keyStores.push({
    storeId: STORE_ID,
    region: HOME,
    name: 'payments',
    createdAtMs: 0,
    connectivity: 'PUBLIC_ENDPOINT',
    uriEndpoint: 'https://xks.example.com',
    uriPath: '/kms/xks/v1',
    vpcServiceName: null,
    vpcServiceOwner: null,
    credential: { accessKeyId: 'ABCDEFGHIJKLMNOPQRST', secret: 'x'.repeat(43) },
    connection: { state: 'DISCONNECTED' },
  });
  return state;
}

function run(state: State, now: number, operation: string, body: object): Answer<Output> {
  const ready = OPERATIONS.get(operation)!({ CustomKeyStoreId: STORE_ID, ...body });
  if (!ready.ok) return ready;
  const call: Call = {
    operation,
    region: HOME,
    regions: [HOME],
    now,
    state,
    callerArn: 'arn:aws:iam::000000000000:user/keyrite-rehearsal',
    input: ready.value.input,
    isPolicyEnforced: false,
    lagMs: 0,
    makeWrappingPair: cachedWrappingPair,
    requestId: 'r',
    surroundings: { proxies: openProxies(() => null), endpointServices: () => [] },
    connectionError: null,
    connectLagMs: LAG_MS,
    notes: { keyArns: [], response: null, usedKeyIds: [], serviceEvents: [], additional: null, begunConnections: [] },
  };
  if (ready.value.effect === 'reads') throw new Error('the operations of this test change something');
  return ready.value.run(call, null);
}

const NAMES = { Connect: 'ConnectCustomKeyStore', Disconnect: 'DisconnectCustomKeyStore' } as const;

function bodyOf(act: 'rename' | 'move', nth: number): object {
  return act === 'rename' ? { NewCustomKeyStoreName: `n${nth}` } : { XksProxyUriEndpoint: `https://x${nth}.example.com` };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constantFrom('Connect' as const, 'Disconnect' as const, 'rename' as const, 'move' as const) }),
  fc.record({
    act: fc.constant('outcome' as const),
    outcome: fc.constantFrom('CONNECTED' as const, ...(Object.keys(CONNECTION_ERRORS) as ConnectionErrorCode[])),
  }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.constantFrom(1, LAG_MS - 1, LAG_MS) }),
);

describe('a key store on any walk', () => {
  it('is where the documentation says, refuses what is illegal there, and goes on from every place', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 40 }), (steps) => {
        const state = begun();
        const model: Model = { state: 'DISCONNECTED', code: null, sinceMs: 0, outcome: null };
        let now = 0;
        for (const [nth, one] of steps.entries()) {
          const store = state.keyStores[0]!;
          if (one.act === 'wait') now += one.ms;
          else if (one.act === 'outcome') {
            if (store.connection.state === 'CONNECTING') store.connection.outcome ??= one.outcome;
            if (model.state === 'CONNECTING') model.outcome ??= one.outcome;
          } else {
            const operation = one.act === 'rename' || one.act === 'move' ? 'UpdateCustomKeyStore' : NAMES[one.act];
            const answer = run(state, now, operation, one.act === 'rename' || one.act === 'move' ? bodyOf(one.act, nth) : {});
            const isAllowed = ALLOWED[one.act].includes(model.state);
            expect([one.act, model.state, answer.ok]).toEqual([one.act, model.state, isAllowed]);
            if (!answer.ok) expect(answer.refusal.name).toBe('CustomKeyStoreInvalidStateException');
            if (isAllowed && one.act === 'Connect' && model.state === 'DISCONNECTED')
              Object.assign(model, { state: 'CONNECTING', sinceMs: now, outcome: null });
            if (isAllowed && one.act === 'Disconnect')
              Object.assign(model, { state: 'DISCONNECTING', code: null, sinceMs: now, outcome: null });
          }
          settle(state, now);
          letTimePass(model, now);
          expect(isSomethingDue(state, now)).toBe(false);
          const { connection } = state.keyStores[0]!;
          expect([connection.state, connection.state === 'FAILED' ? connection.code : null]).toEqual([model.state, model.code]);
          seen.add(model.state);
        }
        expect(stateSchema.safeParse(JSON.parse(JSON.stringify(state))).success).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(['CONNECTED', 'CONNECTING', 'DISCONNECTED', 'DISCONNECTING', 'FAILED']);
  });
});
