import type { ConnectionErrorCode } from '../../contract/connection-errors';
import { beginConnection } from './conclude-connection';
import { passTime, type Ground } from './ground';
import type { Call, CallNotes, Ready } from './operation';
import { OPERATIONS } from './operations';
import { no, yes, type Answer } from './refusal';
import { settle } from './settle';
import { serviceEvent } from './trail-event';
import type { Output } from './wire';

/** A call of KMS whose signature is good. */
export interface SignedIn {
  readonly ground: Ground;
  readonly operation: string;
  readonly region: string;
  readonly callerArn: string;
  readonly body: Uint8Array;
  readonly requestId: string;
  readonly eventId: string;
  /** faults that reach into the operation */
  readonly lagMs: number;
  readonly isStale: boolean;
  readonly connectionError: ConnectionErrorCode | null;
  /** null: no fault says so */
  readonly connectLagMs: number | null;
  readonly notes: CallNotes;
  /** is told what was read, for the trail */
  readonly onRead: (ready: Ready) => void;
}

/** Reads the request and does it. Errors: UnknownOperationException, SerializationException, and those of the operation. */
export async function operate(asked: SignedIn): Promise<Answer<Output>> {
  const operation = OPERATIONS.get(asked.operation);
  if (!operation) return no('UnknownOperationException');
  const body = parse(asked.body);
  if (!body.ok) return body;
  const ready = operation(body.value);
  if (!ready.ok) return ready;
  asked.onRead(ready.value);
  await passTime(asked.ground);
  return ready.value.effect === 'reads' ? read(asked, ready.value) : write(asked, ready.value);
}

/** A member that is null counts as one that is not there, as AWS takes it. */
function parse(bytes: Uint8Array): Answer<unknown> {
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'), (_, value: unknown) => value ?? undefined);
    return typeof body === 'object' && !Array.isArray(body) ? yes(body) : no('SerializationException');
  } catch {
    return no('SerializationException');
  }
}

async function read(asked: SignedIn, ready: Extract<Ready, { effect: 'reads' }>): Promise<Answer<Output>> {
  const { store } = asked.ground;
  const state = asked.isStale ? store.before() : store.read();
  const answer = await ready.run(callOf(asked, ready, state));
  if (answer.ok) await noteUse(asked);
  return answer;
}

async function write(asked: SignedIn, ready: Extract<Ready, { effect: 'writes' }>): Promise<Answer<Output>> {
  const { store, clock, trail } = asked.ground;
  const found = ready.ask === null ? yes(null) : await ready.ask(callOf(asked, ready, store.read()));
  if (!found.ok) return found;
  const answer = await store.change((draft) => {
    const done = ready.run(callOf(asked, ready, draft), found.value);
    if (done.ok) asked.notes.serviceEvents.push(...settle(draft, clock.now()));
    return done;
  });
  if (!answer.ok) return answer;
  trail.record(asked.notes.serviceEvents.map(serviceEvent));
  for (const begun of asked.notes.begunConnections) beginConnection(asked.ground, begun);
  return answer;
}

function callOf(asked: SignedIn, { input }: Ready, state: Call['state']): Call {
  const { ground, operation, region, callerArn, requestId, lagMs, connectionError, notes } = asked;
  const { regions, clock, isPolicyEnforced, makeWrappingPair, surroundings } = ground;
  return {
    operation,
    region,
    regions,
    now: clock.now(),
    state,
    callerArn,
    input,
    isPolicyEnforced,
    lagMs,
    makeWrappingPair,
    requestId,
    surroundings,
    connectionError,
    connectLagMs: asked.connectLagMs ?? ground.connectLagMs,
    notes,
  };
}

async function noteUse({ ground, operation, region, requestId, eventId, notes }: SignedIn): Promise<void> {
  if (notes.usedKeyIds.length === 0) return;
  const atMs = ground.clock.now();
  await ground.store.note((state) => {
    for (const keyId of notes.usedKeyIds) {
      const here = state.keys[keyId]?.regions[region];
      if (here) here.lastUsage = { operation, atMs, requestId, eventId };
    }
  });
}
