import { isUtf8 } from 'node:buffer';
import { refusal, type XksFailure, type XksResult } from '../core/xks/errors';
import type { XksApi } from '../core/xks/uri';
import { answerOf, failed, type Answer } from './answer';
import { invalid, type ApiParts, type Endpoint } from './api/call';
import { decrypt } from './api/decrypt';
import { encrypt } from './api/encrypt';
import { noFacts, noteMetadata, type Facts } from './api/facts';
import { getHealthStatus } from './api/health';
import { getKeyMetadata } from './api/metadata';
import { verifySignature, type SignedCall } from './auth/sigv4';
import type { RequestRecord } from './request-record';
import type { CallRoute } from './routes';
import type { ServedStore, Serving } from './serving';

const ENDPOINTS: Readonly<Record<XksApi, Endpoint>> = {
  GetKeyMetadata: getKeyMetadata,
  Encrypt: encrypt,
  Decrypt: decrypt,
  GetHealthStatus: getHealthStatus,
};

/** Whom a request meets on its way. */
export interface AttendParts extends ApiParts {
  readonly audit: { readonly request: (record: RequestRecord) => Promise<boolean> };
  /** every answered request, after its line is written: for metrics and logs */
  readonly onRecord: (record: RequestRecord) => void;
  /** a bug of ours; the request it happened in gets an InternalException */
  readonly onFault: (error: unknown) => void;
  /** epoch ms */
  readonly now: () => number;
}

/** One request from its arrival on. */
export interface Visit {
  readonly serving: Serving;
  /** null: its path led nowhere */
  readonly call: CallRoute | null;
  /** performance.now() of its arrival */
  readonly began: number;
}

/** A call whose whole body is here: verified, judged, done, recorded. The body is overwritten. */
export async function attend(parts: AttendParts, visit: Visit, call: CallRoute, sent: SignedCall): Promise<Answer> {
  const facts = factsOf(visit);
  const result = await resultOf(parts, visit.serving, call, sent, facts);
  sent.body.fill(0);
  return conclude(parts, visit, facts, answerOf(result), result.ok ? null : result.error);
}

/** A request that is refused before anybody reads its body. `status`: where it is not the one of the error's name. */
export function refuse(parts: AttendParts, visit: Visit, error: XksFailure, status: Partial<Answer> = {}): Promise<Answer> {
  return conclude(parts, visit, factsOf(visit), { ...failed(error), ...status }, error);
}

function factsOf({ call, serving }: Visit): Facts {
  const facts = noFacts();
  if (call === null) return facts;
  facts.store = serving.stores.get(call.prefix)?.settings.name ?? '';
  facts.api = call.api;
  facts.keyId = call.keyId;
  return facts;
}

async function resultOf(
  parts: AttendParts,
  serving: Serving,
  { prefix, api, keyId }: CallRoute,
  sent: SignedCall,
  facts: Facts,
): Promise<XksResult<string>> {
  try {
    const store = serving.stores.get(prefix);
    if (store === undefined) throw new Error('The route leads to a key store that is not served.');
    const caller = serving.isSigV4On ? verified(parts, store, sent, facts) : ANYBODY;
    if (!caller.ok) return caller;
    const body = parsed(sent.body);
    if (!body.ok) return body;
    noteMetadata(facts, body.value);
    return await ENDPOINTS[api]({ serving, store, keyId, body: body.value, parts, facts });
  } catch (error) {
    parts.onFault(error);
    return refusal('InternalException', 'fault', 'The proxy failed; its log says where.');
  }
}

const ANYBODY: XksResult<null> = { ok: true, value: null };

function verified(parts: AttendParts, { settings, credentials }: ServedStore, sent: SignedCall, facts: Facts): XksResult<null> {
  const { accessKeyId, result } = verifySignature(sent, { region: settings.region, credentials }, parts.now());
  facts.accessKeyId = accessKeyId;
  return result;
}

function parsed(body: Uint8Array): XksResult<unknown> {
  if (!isUtf8(body)) return invalid('utf8', 'The body is not UTF-8.');
  try {
    return { ok: true, value: JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) };
  } catch {
    return invalid('json', 'The body is not JSON.');
  }
}

/** Nothing is answered before its line is written; where it cannot be, the settings say whether the caller gets anything. */
async function conclude(
  parts: AttendParts,
  { serving, began }: Visit,
  facts: Facts,
  answer: Answer,
  error: XksFailure | null,
): Promise<Answer> {
  const record = recordOf(facts, answer.status, error, began);
  const isWritten = await written(parts, record);
  if (isWritten || serving.auditOnFailure === 'continue') {
    told(parts, record);
    return answer;
  }
  const refused = failed(UNRECORDED);
  told(parts, recordOf(facts, refused.status, UNRECORDED, began));
  return refused;
}

const UNRECORDED = refusal(
  'InternalException',
  'audit',
  'The proxy cannot write its audit log, and answers nothing it cannot record.',
).error;

async function written(parts: AttendParts, record: RequestRecord): Promise<boolean> {
  try {
    return await parts.audit.request(record);
  } catch (error) {
    parts.onFault(error);
    return false;
  }
}

function told(parts: AttendParts, record: RequestRecord): void {
  try {
    parts.onRecord(record);
  } catch (error) {
    parts.onFault(error);
  }
}

/** Milliseconds as records have them: three decimals. */
function sinceMs(began: number): number {
  return Math.round((performance.now() - began) * 1000) / 1000;
}

/** Written out member by member: it is made for every request, and a spread costs 3 us of them. */
export function recordOf(facts: Facts, status: number, error: XksFailure | null, began: number): RequestRecord {
  return {
    store: facts.store,
    api: facts.api,
    keyId: facts.keyId,
    kmsRequestId: facts.kmsRequestId,
    kmsOperation: facts.kmsOperation,
    caller: facts.caller,
    via: facts.via,
    kmsKeyArn: facts.kmsKeyArn,
    vpc: facts.vpc,
    vpce: facts.vpce,
    accessKeyId: facts.accessKeyId,
    status,
    outcome: error?.name ?? 'ok',
    reason: error?.reason ?? '',
    policy: facts.policy,
    generation: facts.generation,
    queueMs: facts.queueMs,
    hsmMs: facts.hsmMs,
    totalMs: sinceMs(began),
  };
}
