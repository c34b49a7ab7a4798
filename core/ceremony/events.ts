import { z } from 'zod';
import { hex64, type EventDraft, type TranscriptEvent } from '../evidence/event';
import { DECISIONS, EFFECTS_ON_KEY, SEVERITIES } from './command';

const seat = z.string().regex(/^[A-Z]{2}\d?$/);
const officer = z.string().regex(/^[0-9a-f]{16}$/);
const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);
const tool = z.strictObject({ name: z.string(), version: z.string(), build: z.string() });

export const participant = z.strictObject({ seat, role: z.string(), officer, name: z.string(), publicKey: base64 });
export type Participant = z.infer<typeof participant>;

const check = z.strictObject({ rule: z.string(), ok: z.boolean(), wanted: z.string(), got: z.string() });
const showBlock = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('facts'),
    title: z.string(),
    rows: z.array(z.strictObject({ name: z.string(), value: z.string(), mono: z.boolean().exactOptional() })),
  }),
  z.strictObject({
    kind: z.literal('attributes'),
    title: z.string(),
    rows: z.array(z.strictObject({ name: z.string(), wanted: z.string(), got: z.string(), ok: z.boolean() })),
  }),
  z.strictObject({
    kind: z.literal('table'),
    title: z.string(),
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    empty: z.string(),
  }),
  z.strictObject({ kind: z.literal('fingerprint'), title: z.string(), digest: hex64 }),
  z.strictObject({ kind: z.literal('code'), title: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal('qr'), title: z.string(), text: z.string(), modules: z.array(z.string().regex(/^[01]+$/)) }),
]);
const artefactReference = z.strictObject({ name: z.string(), size: z.int().min(0), sha256: hex64 });
const facts = z.record(z.string(), z.json());
const failure = z.strictObject({
  code: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

const signatureLine = z.union([
  z.strictObject({ seat, officer, name: z.string(), publicKey: base64, signature: base64 }),
  z.strictObject({ seat, officer, name: z.string(), publicKey: base64, doNotAgree: z.string().min(1) }),
]);
export type SignatureLine = z.infer<typeof signatureLine>;

/**
 * The data of every event type of a transcript. This table is the vocabulary of the evidence: what is not here is never written,
 * and an event that does not fit is damage.
 */
export const EVENT_DATA = {
  /** Event 0: binds everything that was fixed before the first step. */
  opened: z.strictObject({
    format: z.literal('keyrite-transcript-1'),
    ceremonyId: z.string(),
    runMode: z.enum(['rehearsal', 'production']),
    script: z.strictObject({ id: z.string(), title: z.string(), sha256: hex64 }),
    tool,
    station: z.strictObject({ id: z.string(), kind: z.enum(['online', 'offline']) }),
    token: z.strictObject({ profile: z.string(), modulePath: z.string(), serial: z.string(), label: z.string() }),
    inputs: z.record(z.string(), z.string()),
    participants: z.array(participant),
  }),
  /** The app was started again on this transcript; the token is logged out until somebody logs in. */
  reopened: z.strictObject({ tool }),
  signedIn: z.strictObject({ seat, officer, signature: base64 }),
  read: z.strictObject({}),
  ticked: z.strictObject({ item: z.int(), text: z.string() }),
  chosen: z.strictObject({ option: z.string(), title: z.string() }),
  entered: z.strictObject({ name: z.string(), entry: z.union([z.literal(1), z.literal(2)]), value: z.string() }),
  compared: z.strictObject({ value: z.string(), digest: hex64, row: z.int().min(1).max(8), equal: z.boolean() }),
  approved: z.strictObject({ gate: z.string(), seat, officer, digest: hex64, signature: base64 }),
  /** On disk before the act. An intent without a result is a question to the token, never a guess. */
  intent: z.strictObject({ operation: z.string(), attempt: z.int().min(1), details: facts }),
  result: z.strictObject({
    operation: z.string(),
    ok: z.boolean(),
    tookMs: z.int().min(0),
    data: facts,
    checks: z.array(check),
    show: z.array(showBlock),
    values: z.record(z.string(), z.string()),
    artefacts: z.array(artefactReference),
    error: failure.nullable(),
  }),
  stepSealed: z.strictObject({}),
  exceptionOpened: z.strictObject({
    number: z.int().min(1),
    severity: z.enum(SEVERITIES),
    source: z.enum(['machine', 'person']),
    /** the step's act that failed, a check on what it did, or something around it (a clock, a break, a restart) */
    about: z.enum(['act', 'check', 'circumstance']),
    expected: z.string(),
    happened: z.string(),
  }),
  exceptionDecided: z.strictObject({
    number: z.int().min(1),
    decision: z.enum(DECISIONS),
    reason: z.string(),
    effectOnKey: z.enum(EFFECTS_ON_KEY),
    decidedBy: z.array(seat).min(1),
    owner: z.string(),
  }),
  /** `inventory`: digest of the token's inventory as it was left, '' where no token was open. */
  paused: z.strictObject({ reason: z.string(), minutes: z.int(), inventory: z.string() }),
  resumed: z.strictObject({ head: hex64, inventory: z.string(), present: z.array(seat) }),
  /** Recovery: what the token holds under the CKA_ID of an intent that has no result. */
  inspected: z.strictObject({ operation: z.string(), ckaId: z.string(), hits: z.int().min(0), found: facts }),
  recovered: z.strictObject({ operation: z.string(), choice: z.enum(['adopt', 'redo', 'stop']), decidedBy: z.array(seat) }),
  alarm: z.strictObject({ code: z.string(), text: z.string() }),
  aborted: z.strictObject({ reason: z.string(), decidedBy: z.array(seat) }),
  /** From here only signatures follow; anything else re-opens the transcript and voids signatures not yet sealed. */
  signOffOpened: z.strictObject({ outcome: z.enum(['completed', 'aborted']) }),
  sealed: z.strictObject({ head: hex64, outcome: z.enum(['completed', 'aborted']), signatures: z.array(signatureLine) }),
} as const;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;

/** One event of known type. */
export type CeremonyEvent = {
  [T in EventType]: Omit<TranscriptEvent, 'type' | 'data'> & { readonly type: T; readonly data: EventData<T> };
}[EventType];

/** Reads a chained event as one of the vocabulary, or says why it is none. */
export function readEvent(event: TranscriptEvent): { ok: true; event: CeremonyEvent } | { ok: false; problem: string } {
  if (!Object.hasOwn(EVENT_DATA, event.type)) return { ok: false, problem: `unknown event type "${event.type}"` };
  const parsed = EVENT_DATA[event.type as EventType].safeParse(event.data);
  if (!parsed.success) return { ok: false, problem: `${event.type}: ${z.prettifyError(parsed.error)}` };
  return { ok: true, event: event as CeremonyEvent };
}

export interface Where {
  readonly step: string;
  readonly role: string;
  readonly actor: string;
}

export function draft<T extends EventType>(type: T, where: Where, data: EventData<T>): EventDraft & { readonly type: T } {
  return { type, ...where, data: data };
}
