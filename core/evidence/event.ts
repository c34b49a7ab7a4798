import { z } from 'zod';
import { canonical } from './canonical';

/** SHA-256 of UTF-8 text, as 64 lower-case hex digits. Pure rooms are handed it; they never import a hash of their own. */
export type Sha256 = (text: string) => string;

/** Does `signature` (base64) over the ASCII `text` verify with the raw 32-byte Ed25519 public key (base64)? */
export type VerifySignature = (publicKey: string, text: string, signature: string) => boolean;

export const GENESIS_PREV = '0'.repeat(64);

export const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** `YYYY-MM-DDThh:mm:ss.sssZ`, and a time that exists: the calendar has no 99th month. */
function isInstant(text: string): boolean {
  const time = Date.parse(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(time) && new Date(time).toISOString() === text;
}

/** One line of `transcript.jsonl`, exactly as it is on disk. Unknown members are an error: nothing rides along unhashed or unread. */
export const transcriptEvent = z.strictObject({
  seq: z.int().min(0),
  at: z.string().refine(isInstant, 'not a UTC time with milliseconds'),
  type: z.string().min(1).max(40),
  step: z.string().max(12),
  role: z.string().max(12),
  actor: z.string().max(120),
  data: z.record(z.string(), z.json()),
  prev: hex64,
  hash: hex64,
});

export type TranscriptEvent = z.infer<typeof transcriptEvent>;

/** What the engine decides to record; the journal adds place, time and chain. `step`, `role`, `actor` are '' where none applies. */
export interface EventDraft {
  readonly type: string;
  readonly step: string;
  readonly role: string;
  readonly actor: string;
  readonly data: TranscriptEvent['data'];
}

/** The hash of an event: SHA-256 over the JCS form of everything in it but `hash`. */
export function eventHash(event: Omit<TranscriptEvent, 'hash'>, sha256: Sha256): string {
  const { seq, at, type, step, role, actor, data, prev } = event;
  return sha256(canonical({ seq, at, type, step, role, actor, data, prev }));
}

/** The event that follows `last` (null: the first), at `at` (ISO 8601 UTC with milliseconds). */
export function chain(draft: EventDraft, last: TranscriptEvent | null, at: string, sha256: Sha256): TranscriptEvent {
  const { type, step, role, actor, data } = draft;
  const body = { seq: last ? last.seq + 1 : 0, at, type, step, role, actor, data, prev: last ? last.hash : GENESIS_PREV };
  return { ...body, hash: eventHash(body, sha256) };
}
