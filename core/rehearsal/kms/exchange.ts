import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { replyOf, type Reply } from './answers';
import { authenticate } from './authenticate';
import type { RehearsalClock } from './clock';
import type { FaultList } from './faults';
import { REHEARSAL_ACCOUNT, REHEARSAL_USER_ID } from './identity';
import type { Call, CallNotes, Ready } from './operation';
import { OPERATIONS } from './operations';
import { no, yes, type Answer } from './refusal';
import { addressOf, type Addressed, type RawRequest } from './request';
import { isSomethingDue, settle } from './settle';
import type { Store } from './store';
import { THROTTLED, type Throttle } from './throttle';
import type { Trail } from './trail';
import { callEvent, serviceEvent } from './trail-event';
import type { Output } from './wire';
import type { MakeWrappingPair } from './wrapping-pair';

/** Somebody this KMS knows. */
export interface Principal {
  readonly arn: string;
  readonly secretAccessKey: string;
}

/** What all endpoints of one rehearsal share. */
export interface Ground {
  readonly regions: readonly string[];
  readonly store: Store;
  readonly clock: RehearsalClock;
  readonly trail: Trail;
  readonly faults: FaultList;
  readonly throttle: Throttle | null;
  readonly isPolicyEnforced: boolean;
  readonly makeWrappingPair: MakeWrappingPair;
  /** access key id -> principal */
  readonly principals: Map<string, Principal>;
}

type Faults = ReturnType<FaultList['take']>;

/** One call in the making. */
interface Exchange {
  readonly ground: Ground;
  readonly request: RawRequest;
  readonly addressed: Addressed;
  readonly faults: Faults;
  readonly requestId: string;
  readonly eventId: string;
  readonly notes: CallNotes;
  accessKeyId: string;
  input: Output | null;
  isReadOnly: boolean;
}

/** Serves one request. 'cut' where a fault has the connection end without an answer. */
export async function exchange(ground: Ground, request: RawRequest): Promise<Reply | 'cut'> {
  const addressed = addressOf(request);
  const faults = ground.faults.take(addressed.operation);
  if (faults.lostRequest) return 'cut';
  if (faults.delayMs !== undefined) await wait(faults.delayMs);
  const current = begin(ground, request, addressed, faults);
  const answer = await serve(current);
  record(current, answer);
  await ground.trail.flush();
  return faults.lostAnswer ? 'cut' : replyOf(addressed, current.requestId, answer);
}

function begin(ground: Ground, request: RawRequest, addressed: Addressed, faults: Faults): Exchange {
  return {
    ground,
    request,
    addressed,
    faults,
    requestId: randomUUID(),
    eventId: randomUUID(),
    notes: { keyArns: [], response: null, usedKeyId: null, serviceEvents: [] },
    accessKeyId: '',
    input: null,
    isReadOnly: true,
  };
}

async function serve(current: Exchange): Promise<Answer<Output>> {
  const { ground, request, addressed, faults } = current;
  const signer = authenticate(request, {
    service: addressed.service,
    region: request.region,
    secretOf: (accessKeyId) => ground.principals.get(accessKeyId)?.secretAccessKey ?? null,
    now: Date.now() + (faults.skewMs ?? 0),
  });
  if (!signer.ok) return signer;
  current.accessKeyId = signer.value;
  const refusal = faultOf(faults) ?? ground.throttle?.admit(addressed.operation, request.region, ground.clock.now());
  if (refusal?.ok === false) return refusal;
  return addressed.service === 'sts' ? identify(current) : operate(current);
}

function faultOf({ error, throttle }: Faults): Answer<never> | null {
  if (throttle) return THROTTLED;
  if (error === undefined) return null;
  const { refusal } = no(error.name, error.message ?? '');
  return { ok: false, refusal: { ...refusal, status: error.status ?? refusal.status } };
}

function identify({ addressed, ground, accessKeyId }: Exchange): Answer<Output> {
  if (addressed.operation !== 'GetCallerIdentity')
    return no('UnknownOperationException', 'The action is not one of this rehearsal.');
  const arn = ground.principals.get(accessKeyId)?.arn ?? '';
  return yes({ Arn: arn, UserId: REHEARSAL_USER_ID, Account: REHEARSAL_ACCOUNT });
}

async function operate(current: Exchange): Promise<Answer<Output>> {
  const { ground, request, addressed } = current;
  const operation = OPERATIONS.get(addressed.operation);
  if (!operation) return no('UnknownOperationException');
  const body = bodyOf(request.body);
  if (!body.ok) return body;
  const ready = operation(body.value);
  if (!ready.ok) return ready;
  current.input = ready.value.input;
  current.isReadOnly = ready.value.effect === 'reads';
  await passTime(ground);
  return run(current, ready.value);
}

/** A member that is null counts as one that is not there, as AWS takes it. */
function bodyOf(bytes: Uint8Array): Answer<unknown> {
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'), (_, value: unknown) => value ?? undefined);
    return typeof body === 'object' && !Array.isArray(body) ? yes(body) : no('SerializationException');
  } catch {
    return no('SerializationException');
  }
}

async function run(current: Exchange, ready: Ready): Promise<Answer<Output>> {
  const { store, clock, trail } = current.ground;
  if (ready.effect === 'reads') {
    const answer = await ready.run(callOf(current, clock.now()));
    if (answer.ok) await noteUse(current);
    return answer;
  }
  const answer = await store.change((draft) => {
    const now = clock.now();
    const done = ready.run({ ...callOf(current, now), state: draft });
    if (done.ok) current.notes.serviceEvents.push(...settle(draft, now));
    return done;
  });
  if (answer.ok) trail.record(current.notes.serviceEvents.map(serviceEvent));
  return answer;
}

function callOf(current: Exchange, now: number): Call {
  const { ground, request, addressed, faults, notes } = current;
  return {
    operation: addressed.operation,
    region: request.region,
    regions: ground.regions,
    now,
    state: faults.stale ? ground.store.before() : ground.store.read(),
    callerArn: ground.principals.get(current.accessKeyId)?.arn ?? '',
    input: current.input ?? {},
    isPolicyEnforced: ground.isPolicyEnforced,
    makeWrappingPair: ground.makeWrappingPair,
    lagMs: faults.lagMs ?? 0,
    notes,
  };
}

async function noteUse({ ground, request, addressed, requestId, eventId, notes }: Exchange): Promise<void> {
  const { usedKeyId } = notes;
  if (usedKeyId === null) return;
  const atMs = ground.clock.now();
  await ground.store.note((state) => {
    const here = state.keys[usedKeyId]?.regions[request.region];
    if (here) here.lastUsage = { operation: addressed.operation, atMs, requestId, eventId };
  });
}

/** Does what has come due before anybody looks. */
export async function passTime({ store, clock, trail }: Pick<Ground, 'store' | 'clock' | 'trail'>): Promise<void> {
  if (!isSomethingDue(store.read(), clock.now())) return;
  const events = await store.change((draft) => yes(settle(draft, clock.now())));
  if (events.ok) trail.record(events.value.map(serviceEvent));
}

function record(current: Exchange, answer: Answer<Output>): void {
  const { ground, request, addressed, notes } = current;
  const event = callEvent({
    service: addressed.service,
    operation: addressed.operation,
    region: request.region,
    at: ground.clock.now(),
    requestId: current.requestId,
    eventId: current.eventId,
    callerArn: ground.principals.get(current.accessKeyId)?.arn ?? '',
    accessKeyId: current.accessKeyId,
    sourceAddress: request.sourceAddress,
    userAgent: request.headers['user-agent'] ?? '',
    isReadOnly: current.isReadOnly,
    input: current.input,
    keyArns: notes.keyArns,
    response: notes.response,
    refusal: answer.ok ? null : answer.refusal,
  });
  ground.trail.record([event]);
}
