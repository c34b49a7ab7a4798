import { z } from 'zod';
import type { TranscriptEvent } from '../evidence/event';
import type { AuditCheck } from './audit-check';
import { isOperation, requestIn } from './audit-requests';
import { verifyAudit } from './verify-audit';

const text = z.string();
/** Who did something to the switch, when and why. `at`: ISO 8601 UTC, by the clock of the server. */
const switched = z.strictObject({ at: text, who: text, why: text });
type Switched = z.infer<typeof switched>;

/** From the pull that killed a proxy until it was armed. Order is that of the chain: no clock can change it. */
const killedSpan = z.strictObject({
  /** every pull, oldest first: the first killed it */
  pulls: z.array(switched).min(1),
  /** when the first pull took effect; its line is written a little later */
  killedAt: text,
  /** operations of the HSM from then on */
  operations: z.int(),
  /** how far the farthest of them is from the kill, whole ms; 0: none. A clock that was set back makes it no less */
  farthestOperationMs: z.int(),
  /** starts of the proxy that came up killed */
  restarts: z.int(),
  /** ISO 8601 UTC: it came up armed although nobody had armed it; '': it did not */
  cameUpArmedAt: text,
  armed: switched.nullable(),
});
export type KilledSpan = z.infer<typeof killedSpan>;

const request = z.strictObject({
  ...{ at: text, seq: z.int(), store: text, api: text.nullable(), keyId: text, kmsRequestId: text, kmsOperation: text },
  ...{ caller: text, kmsKeyArn: text, outcome: text, reason: text, accessKeyId: text, generation: text, hsmMs: z.number() },
});

/** The log of one proxy on a server, as far as a ceremony needs it. It was proven when it was read. */
export const serverLog = z.strictObject({
  host: text,
  files: z.int(),
  events: z.int(),
  firstSeq: z.int(),
  lastSeq: z.int(),
  firstAt: text,
  lastAt: text,
  /** hash of the last event: it stands for the whole log */
  head: text,
  /** the last of them, oldest first; one without `armed` is killed still */
  spans: z.array(killedSpan),
  /** the last of them that took effect, oldest first */
  reloads: z.array(switched),
  /** labels of the keys that are blocked at its end, as far as the log reaches back */
  blocked: z.array(text),
  /** those asked for by request id, oldest first */
  requests: z.array(request),
  /** every access key id that signed a request KMS was believed in, with its first and its last use in this log */
  credentials: z.array(z.strictObject({ accessKeyId: text, firstAt: text, lastAt: text })),
});
export type ServerLog = z.infer<typeof serverLog>;

export interface ServerLogReading {
  readonly check: AuditCheck;
  /** of use only if the check is ok */
  readonly log: ServerLog;
  /** hashes of its last starts, kills and armings: no other log has one of them */
  readonly marks: readonly string[];
  /** the event that was its last when it was read before is in it; true where it was not read before */
  readonly goesOn: boolean;
}

/** An event of a log by which a later copy of it is known again. */
export interface LogAnchor {
  readonly seq: number;
  readonly head: string;
}

/** What is looked for in a log. */
export interface LogSearch {
  /** request ids of AWS KMS whose lines are kept */
  readonly requestIds: ReadonlySet<string>;
  /** the last event of an earlier copy; null: there is none */
  readonly anchor: LogAnchor | null;
}

/** No log has so many kills that people have to read: what is older was looked at before. */
const MOST_SPANS = 20;
const MOST_MARKS = 1_000;
/** No ceremony makes more calls, and no key store has more credentials: a log made for it must not fill the memory. */
const MOST_LINES = 50_000;
const MOST_RELOADS = 20;

/**
 * Proves the audit log of a server and takes from it, in the same reading, what a ceremony needs. Memory does not grow with the log.
 */
export async function readServerLog(folder: string, host: string, search: LogSearch): Promise<ServerLogReading> {
  const fold = new LogFold(search);
  const check = await verifyAudit(folder, (event) => fold.take(event));
  const { files, events, firstSeq, lastSeq, firstAt, lastAt, head } = check;
  const log = { host, files, events, firstSeq, lastSeq, firstAt, lastAt, head, ...fold.found() };
  return { check, log, marks: fold.marks, goesOn: fold.goesOn };
}

/** A kill that takes a minute is none of a proxy's: its line counts then, by its own time. */
const tookMs = z.number().min(0).max(60_000).catch(0);
const actData = z.object({ who: text, why: text, tookMs: tookMs.default(0) });
const startedData = z.object({
  latch: z.object({ killed: z.boolean(), blocked: z.array(text), by: text, why: text, at: text }),
});
const blockData = z.object({ key: text });

type Found = Pick<ServerLog, 'spans' | 'reloads' | 'blocked' | 'requests' | 'credentials'>;
type OpenSpan = { -readonly [Member in keyof KilledSpan]: KilledSpan[Member] };

/** Goes through the events of a log in their order. */
class LogFold {
  readonly marks: string[] = [];
  goesOn: boolean;
  readonly #search: LogSearch;
  readonly #spans: OpenSpan[] = [];
  readonly #reloads: Switched[] = [];
  readonly #requests: ServerLog['requests'] = [];
  readonly #credentials = new Map<string, { firstAt: string; lastAt: string }>();
  #blocked = new Set<string>();
  #lastOperationAt = '';

  constructor(search: LogSearch) {
    this.#search = search;
    this.goesOn = search.anchor === null;
  }

  take(event: TranscriptEvent): void {
    const { anchor } = this.#search;
    this.goesOn ||= event.seq === anchor?.seq && event.hash === anchor.head;
    switch (event.type) {
      case 'request':
        return this.#request(event);
      case 'started':
        return this.#started(event);
      case 'killed':
        return this.#killed(event);
      case 'armed':
        return this.#armed(event);
      case 'reloaded':
        return this.#reloaded(event);
      case 'blocked':
      case 'unblocked':
        return this.#block(event);
    }
  }

  found(): Found {
    const credentials = [...this.#credentials].map(([accessKeyId, used]) => ({ accessKeyId, ...used }));
    const blocked = [...this.#blocked].toSorted();
    return { spans: this.#spans, reloads: this.#reloads, blocked, requests: this.#requests, credentials };
  }

  #request(event: TranscriptEvent): void {
    const { at, data } = event;
    const { kmsRequestId, accessKeyId } = data;
    // without a request id nobody was believed: a stranger may claim any access key id
    if (typeof kmsRequestId !== 'string' || kmsRequestId === '') return;
    if (typeof accessKeyId === 'string') {
      const used = this.#credentials.get(accessKeyId);
      if (used !== undefined) this.#credentials.set(accessKeyId, { firstAt: used.firstAt, lastAt: at });
      else if (this.#credentials.size < MOST_LINES) this.#credentials.set(accessKeyId, { firstAt: at, lastAt: at });
    }
    if (this.#search.requestIds.has(kmsRequestId) && this.#requests.length < MOST_LINES) {
      const read = requestIn(event);
      if (read !== null) this.#requests.push(read);
    }
    if (!isOperation(data)) return;
    this.#lastOperationAt = at;
    const span = this.#killedNow();
    if (span !== null) count(span, at);
  }

  #started({ at, hash, data }: TranscriptEvent): void {
    this.#mark(hash);
    const read = startedData.safeParse(data);
    if (!read.success) return;
    const { latch } = read.data;
    this.#blocked = new Set(latch.blocked);
    const span = this.#killedNow();
    // the switch was pulled while no proxy ran, or past one that did not answer: its own line is nowhere else
    const since = isInstant(latch.at) ? latch.at : at;
    if (span === null && latch.killed) this.#begin({ at: since, who: latch.by, why: latch.why }, since, 1);
    else if (span !== null && latch.killed) span.restarts += 1;
    else if (span !== null) span.cameUpArmedAt ||= at;
  }

  #killed({ at, hash, data }: TranscriptEvent): void {
    this.#mark(hash);
    const read = actData.safeParse(data);
    if (!read.success) return;
    const { who, why, tookMs: later } = read.data;
    const span = this.#killedNow();
    if (span !== null) span.pulls.push({ at, who, why });
    else this.#begin({ at, who, why }, new Date(Date.parse(at) - later).toISOString(), 0);
  }

  #armed({ at, hash, data }: TranscriptEvent): void {
    this.#mark(hash);
    const read = actData.safeParse(data);
    const span = this.#killedNow();
    if (read.success && span !== null) span.armed = { at, who: read.data.who, why: read.data.why };
  }

  #reloaded({ at, data }: TranscriptEvent): void {
    const read = actData.safeParse(data);
    if (!read.success) return;
    this.#reloads.push({ at, who: read.data.who, why: read.data.why });
    if (this.#reloads.length > MOST_RELOADS) this.#reloads.shift();
  }

  #block({ type, data }: TranscriptEvent): void {
    const read = blockData.safeParse(data);
    if (!read.success) return;
    if (type === 'unblocked') this.#blocked.delete(read.data.key);
    else this.#blocked.add(read.data.key);
  }

  #begin(pull: Switched, killedAt: string, restarts: number): void {
    const span = { pulls: [pull], killedAt, operations: 0, farthestOperationMs: 0, restarts, cameUpArmedAt: '', armed: null };
    // one that ended while the switch was on its way has its line before that of the kill
    if (this.#lastOperationAt > killedAt) count(span, this.#lastOperationAt);
    this.#spans.push(span);
    if (this.#spans.length > MOST_SPANS) this.#spans.shift();
  }

  #killedNow(): OpenSpan | null {
    const last = this.#spans.at(-1);
    return last?.armed === null ? last : null;
  }

  #mark(hash: string): void {
    this.marks.push(hash);
    if (this.marks.length > MOST_MARKS) this.marks.shift();
  }
}

function count(span: Pick<OpenSpan, 'killedAt' | 'operations' | 'farthestOperationMs'>, at: string): void {
  const ms = Math.round(Math.abs(Date.parse(at) - Date.parse(span.killedAt)));
  span.operations += 1;
  span.farthestOperationMs = Math.max(span.farthestOperationMs, ms);
}

function isInstant(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}
