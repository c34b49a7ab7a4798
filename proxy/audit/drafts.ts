import { canonical, type Json } from '../../core/evidence/canonical';
import type { AuditDraft } from '../../core/evidence/audit-line';
import type { RequestRecord } from '../request-record';

/** What an act is about, with `who` and `why` where a person did it. Never a secret. */
export type ActData = Readonly<Record<string, Json>>;

/** Characters of a text from outside that are kept; what KMS sends is shorter. A line must not grow with what a caller sends. */
const LONGEST_TEXT = 2048;
const LONGEST_ACTOR = 120;
const LONGEST_TYPE = 40;

/** A lone half of a surrogate pair is no character, and JCS has no form for it. */
const LONE_SURROGATES = /\p{Surrogate}/gu;

function clean(text: string): string {
  return text.slice(0, LONGEST_TEXT).replaceAll(LONE_SURROGATES, '\ufffd');
}

function clip(text: string): string {
  return text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
}

/** Milliseconds with three decimals at most; NaN and Infinity, which JSON cannot carry, as -1. */
function milliseconds(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : -1;
}

/**
 * The JCS form of a record. The members stand here in the order of their names, in which JSON.stringify writes them; numbers and
 * texts it writes as JCS does.
 */
export function requestData(record: RequestRecord): string {
  const text = inOrder(record, clip);
  return text.includes('\\ud') ? inOrder(record, clean) : text;
}

function inOrder(record: RequestRecord, taken: (text: string) => string): string {
  return JSON.stringify({
    accessKeyId: taken(record.accessKeyId),
    api: record.api,
    caller: taken(record.caller),
    generation: taken(record.generation),
    hsmMs: milliseconds(record.hsmMs),
    keyId: taken(record.keyId),
    kmsKeyArn: taken(record.kmsKeyArn),
    kmsOperation: taken(record.kmsOperation),
    kmsRequestId: taken(record.kmsRequestId),
    outcome: record.outcome,
    policy: taken(record.policy),
    queueMs: milliseconds(record.queueMs),
    reason: taken(record.reason),
    status: record.status,
    store: taken(record.store),
    totalMs: milliseconds(record.totalMs),
    via: taken(record.via),
    vpc: taken(record.vpc),
    vpce: taken(record.vpce),
  });
}

/** The event of a request. Its actor is the key store: the caller is in `data`, where an ARN has room. */
export function requestDraft(record: RequestRecord, at: string): AuditDraft {
  return { at, type: 'request', actor: clean(record.store).slice(0, LONGEST_ACTOR), data: requestData(record) };
}

/**
 * The event of an act.
 * @throws RangeError for a type longer than 40 characters or data that JSON cannot carry: a bug of the caller
 */
export function actDraft(type: string, data: ActData, at: string): AuditDraft {
  if (type === '' || type.length > LONGEST_TYPE) throw new RangeError(`"${type}" is no type of an event.`);
  const { who } = data;
  const actor = typeof who === 'string' ? clean(who.slice(0, LONGEST_ACTOR)) : '';
  return { at, type, actor, data: canonical(cleanValue(data)) };
}

function cleanValue(value: Json): Json {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(cleanValue);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), cleanValue(member)]));
}

function isList(value: readonly Json[] | { readonly [name: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}
