import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { replyOf, type Reply } from './answers';
import { authenticate } from './authenticate';
import type { FaultList } from './faults';
import type { Ground } from './ground';
import { REHEARSAL_ACCOUNT, REHEARSAL_USER_ID } from './identity';
import { answerAsNetwork } from './network';
import { operate } from './operate';
import type { CallNotes, Ready } from './operation';
import { no, yes, type Answer } from './refusal';
import { addressOf, formOf, type Addressed, type RawRequest } from './request';
import { THROTTLED } from './throttle';
import { callEvent } from './trail-event';
import type { Output } from './wire';

type Faults = ReturnType<FaultList['take']>;

/** One request in the making. */
interface Exchange {
  readonly ground: Ground;
  readonly request: RawRequest;
  readonly addressed: Addressed;
  readonly faults: Faults;
  readonly requestId: string;
  readonly eventId: string;
  readonly notes: CallNotes;
  /** '' until the signature was found good */
  accessKeyId: string;
  ready: Ready | null;
}

/** Serves one request. 'cut' where a fault has the connection end without an answer. */
export async function exchange(ground: Ground, request: RawRequest): Promise<Reply | 'cut'> {
  const addressed = addressOf(request);
  const faults = ground.faults.take(addressed.operation);
  if (faults.lostRequest || !(await isDelayOver(faults.delayMs ?? 0, ground.stopped))) return 'cut';
  const current: Exchange = {
    ground,
    request,
    addressed,
    faults,
    requestId: randomUUID(),
    eventId: randomUUID(),
    notes: { keyArns: [], response: null, usedKeyIds: [], serviceEvents: [], additional: null, begunConnections: [] },
    accessKeyId: '',
    ready: null,
  };
  const answer = await serve(current);
  record(current, answer);
  await ground.trail.flush();
  return faults.lostAnswer ? 'cut' : replyOf(addressed, current.requestId, answer);
}

/** False where this KMS ended before the time was over. */
async function isDelayOver(delayMs: number, stopped: AbortSignal): Promise<boolean> {
  if (delayMs === 0) return true;
  return wait(delayMs, true, { signal: stopped }).catch(() => false);
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
  if (addressed.service === 'kms') return operateFor(current);
  return addressed.service === 'sts' ? identify(current) : lookAround(current);
}

function faultOf({ error, throttle }: Faults): Answer<never> | null {
  if (throttle) return THROTTLED;
  if (error === undefined) return null;
  const { refusal } = no(error.name, error.message ?? '');
  return { ok: false, refusal: { ...refusal, status: error.status ?? refusal.status } };
}

function callerOf({ ground, accessKeyId }: Exchange): string {
  return ground.principals.get(accessKeyId)?.arn ?? '';
}

function identify(current: Exchange): Answer<Output> {
  return current.addressed.operation === 'GetCallerIdentity'
    ? yes({ Arn: callerOf(current), UserId: REHEARSAL_USER_ID, Account: REHEARSAL_ACCOUNT })
    : no('UnknownOperationException', 'The action is not one of this rehearsal.');
}

function lookAround(current: Exchange): Answer<Output> {
  const { ground, request, addressed } = current;
  return answerAsNetwork({
    operation: addressed.operation,
    region: request.region,
    callerArn: callerOf(current),
    form: formOf(request),
    services: ground.surroundings.endpointServices(),
  });
}

function operateFor(current: Exchange): Promise<Answer<Output>> {
  const { ground, request, addressed, faults, requestId, eventId, notes } = current;
  return operate({
    ground,
    operation: addressed.operation,
    region: request.region,
    callerArn: callerOf(current),
    body: request.body,
    requestId,
    eventId,
    lagMs: faults.lagMs ?? 0,
    isStale: faults.stale ?? false,
    connectionError: faults.connectionError ?? null,
    connectLagMs: faults.lagMs ?? null,
    notes,
    onRead: (ready) => {
      current.ready = ready;
    },
  });
}

/** CloudTrail has calls, not knocks: what nobody signed and what is no operation are in no record. */
function record(current: Exchange, answer: Answer<Output>): void {
  const { ground, request, addressed, notes, ready, accessKeyId } = current;
  if (accessKeyId === '' || (!answer.ok && answer.refusal.name === 'UnknownOperationException')) return;
  const event = callEvent({
    service: addressed.service,
    operation: addressed.operation,
    region: request.region,
    at: ground.clock.now(),
    requestId: current.requestId,
    eventId: current.eventId,
    callerArn: callerOf(current),
    accessKeyId,
    sourceAddress: request.sourceAddress,
    userAgent: request.headers['user-agent'] ?? '',
    isReadOnly: ready?.effect !== 'writes',
    input: ready?.input ?? null,
    keyArns: notes.keyArns,
    additional: notes.additional,
    response: notes.response,
    refusal: answer.ok ? null : answer.refusal,
  });
  ground.trail.record([event]);
}
