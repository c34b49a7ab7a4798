import { z } from 'zod';
import { isCanonical } from './canonical';
import { transcriptEvent, type Sha256, type TranscriptEvent } from './event';

/** Everything `transcriptEvent` demands but the walk through `data`: what JSON.parse made is JSON already. */
const envelope = transcriptEvent.extend({
  data: z.custom<TranscriptEvent['data']>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
});

export type LineReading = { readonly ok: true; readonly event: TranscriptEvent } | { readonly ok: false; readonly what: string };

/**
 * Reads one line of `transcript.jsonl` (without its newline) as an event that is whole in itself: well formed, byte for byte in
 * its canonical form, and with a hash that fits. Whether it stands in the right place is not asked here.
 */
export function readLine(line: string, sha256: Sha256): LineReading {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, what: line === '' ? 'the line is empty' : 'the line is not JSON' };
  }
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return { ok: false, what: `the line is not an event: ${z.prettifyError(parsed.error)}` };
  const event = parsed.data;
  if (!isCanonical(line, value)) return { ok: false, what: 'the line is not written in canonical form (RFC 8785)' };
  if (sha256(bodyText(line, event)) !== event.hash)
    return { ok: false, what: 'the hash does not fit the event: it was changed after it was written' };
  return { ok: true, event };
}

/**
 * The canonical text of an event without its `hash`, cut out of the canonical line instead of being written a second time.
 * Everything behind `data` is known exactly, so no text inside the event can pretend to be the member that is cut.
 */
function bodyText(line: string, { hash, prev, role, seq, step, type }: TranscriptEvent): string {
  const tail = `,"prev":"${prev}","role":${JSON.stringify(role)},"seq":${seq},"step":${JSON.stringify(step)},"type":${JSON.stringify(type)}}`;
  const hashLength = `,"hash":"${hash}"`.length;
  return line.slice(0, line.length - tail.length - hashLength) + tail;
}
