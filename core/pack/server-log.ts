import { z } from 'zod';
import type { TranscriptEvent } from '../evidence/event';
import type { AuditCheck } from './audit-check';
import { isOperation, requestIn } from './audit-requests';
import { loggedRequest, loggedText, type KilledSpan, type ServerLog, type Switched } from './logged-host';
import { isSideFile } from './side-file';
import { verifyAudit } from './verify-audit';

export interface ServerLogReading {
  readonly check: AuditCheck;
  /** of use only if the check is ok */
  readonly log: ServerLog;
  /** hashes of its last starts, kills and armings: no other log has one of them */
  readonly marks: readonly string[];
  /** hash of the event before its first; '' where that is event 0 */
  readonly goesOnFrom: string;
  /** the event that was its last when it was read before is in it; true where it was not read before */
  readonly goesOn: boolean;
  /** why this copy does not say all that counts, sentences without a full stop, 20 at most; none: it does */
  readonly lacks: readonly string[];
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
const MOST_RELOADS = 20;
/** No key store has more credentials, and no proxy more keys. */
const MOST_NAMES = 1_000;
/** Characters of all that is kept of a log: the lines of many thousand calls. One that was made for it must not fill the memory. */
const MOST_KEPT = 8 * 1024 * 1024;
const MOST_LACKS = 20;
/** No request takes that long: an operation so far behind the beginning of a copy shows that no kill before it was in force. */
const IN_FLIGHT_MS = 1_000;

/**
 * Proves the audit log of a server and takes from it, in the same reading, what a ceremony needs. Memory does not grow with the log.
 */
export async function readServerLog(folder: string, host: string, search: LogSearch): Promise<ServerLogReading> {
  const fold = new LogFold(search);
  const check = await verifyAudit(folder, (event) => fold.take(event), isSideFile);
  const { files, events, firstSeq, lastSeq, firstAt, lastAt, head } = check;
  const log = { host, files, events, firstSeq, lastSeq, firstAt, lastAt, head, ...fold.found() };
  return { check, log, marks: fold.marks, goesOnFrom: fold.goesOnFrom, goesOn: fold.goesOn, lacks: fold.lacks() };
}

/** A kill that takes a minute is none of a proxy's: its line counts then, by its own time. */
const tookMs = z.number().min(0).max(60_000).catch(0);
const actData = z.object({ who: loggedText, why: loggedText, tookMs: tookMs.default(0) });
const startedData = z.object({
  latch: z.object({
    ...{ killed: z.boolean(), blocked: z.array(loggedText).max(MOST_NAMES), by: loggedText, why: loggedText, at: loggedText },
    /** later pulls past one that was killed: each start says them again until it is armed */
    pulls: z.array(z.object({ by: loggedText, why: loggedText, at: loggedText })).default([]),
  }),
});
const blockData = z.object({ key: loggedText });
const usedCredential = loggedText.max(128);

type Found = Pick<ServerLog, 'spans' | 'reloads' | 'blocked' | 'requests' | 'credentials'>;
type OpenSpan = { -readonly [Member in keyof KilledSpan]: KilledSpan[Member] };

const TOO_MUCH = 'it has more of what counts than any proxy writes';

/** Goes through the events of a log in their order. */
class LogFold {
  readonly marks: string[] = [];
  goesOnFrom = '';
  goesOn: boolean;
  readonly #search: LogSearch;
  readonly #spans: OpenSpan[] = [];
  readonly #reloads: Switched[] = [];
  readonly #requests: ServerLog['requests'] = [];
  readonly #credentials = new Map<string, { firstAt: string; lastAt: string }>();
  readonly #lacks: string[] = [];
  #blocked = new Set<string>();
  #lastOperationAt = '';
  #beganAt = '';
  /** does this copy say whether the proxy was killed, at this place of it? */
  #isKnown = false;
  #room = MOST_KEPT;

  constructor(search: LogSearch) {
    this.#search = search;
    this.goesOn = search.anchor === null;
  }

  take(event: TranscriptEvent): void {
    const { anchor } = this.#search;
    if (this.#beganAt === '') this.#begins(event);
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

  lacks(): readonly string[] {
    return this.#isKnown ? this.#lacks : [...this.#lacks, 'nothing in it says whether it is killed: its older files are missing'];
  }

  found(): Found {
    const credentials = [...this.#credentials].map(([accessKeyId, used]) => ({ accessKeyId, ...used }));
    const blocked = [...this.#blocked].toSorted();
    return { spans: this.#spans, reloads: this.#reloads, blocked, requests: this.#requests, credentials };
  }

  #begins({ at, seq, prev }: TranscriptEvent): void {
    this.#beganAt = at;
    this.#isKnown = seq === 0;
    this.goesOnFrom = seq === 0 ? '' : prev;
  }

  #request(event: TranscriptEvent): void {
    const { at, data } = event;
    const { kmsRequestId } = data;
    // without a request id nobody was believed: a stranger may claim any access key id
    if (typeof kmsRequestId !== 'string' || kmsRequestId === '') return;
    this.#used(event);
    if (this.#search.requestIds.has(kmsRequestId)) {
      const read = loggedRequest.safeParse(requestIn(event));
      if (!read.success) this.#unreadable(event);
      else if (this.#keeps(read.data)) this.#requests.push(read.data);
    }
    if (!isOperation(data)) return;
    this.#lastOperationAt = at;
    this.#isKnown ||= Date.parse(at) - Date.parse(this.#beganAt) > IN_FLIGHT_MS;
    const span = this.#killedNow();
    if (span !== null) count(span, at);
  }

  #used(event: TranscriptEvent): void {
    const read = usedCredential.safeParse(event.data['accessKeyId']);
    if (!read.success) return this.#unreadable(event);
    const firstAt = this.#credentials.get(read.data)?.firstAt ?? event.at;
    this.#credentials.set(read.data, { firstAt, lastAt: event.at });
    if (this.#credentials.size <= MOST_NAMES) return;
    this.#credentials.delete(read.data);
    this.#lack(TOO_MUCH);
  }

  #started(event: TranscriptEvent): void {
    const { at, hash, data } = event;
    this.#mark(hash);
    const read = startedData.safeParse(data);
    if (!read.success) return this.#unreadable(event);
    const { latch } = read.data;
    this.#isKnown = true;
    this.#blocked = new Set(latch.blocked);
    const span = this.#killedNow();
    // the switch was pulled while no proxy ran, or past one that did not answer: its own line is nowhere else
    const since = isInstant(latch.at) ? latch.at : at;
    if (span === null && latch.killed) this.#begin(event, { at: since, who: latch.by, why: latch.why }, since).restarts = 1;
    else if (span !== null && latch.killed) span.restarts += 1;
    else if (span !== null) span.cameUpArmedAt ||= at;
    for (const { at: then, by, why } of latch.pulls) this.#pulledPastIt({ at: then, who: by, why });
  }

  /** A later pull of one that was killed and did not run, or did not answer. */
  #pulledPastIt({ at, who, why }: Switched): void {
    const span = this.#killedNow();
    const isNew = span !== null && !span.pulls.some((pull) => pull.at === at && pull.who === who && pull.why === why);
    if (isNew && this.#keeps({ at, who, why })) span.pulls.push({ at, who, why });
  }

  #killed(event: TranscriptEvent): void {
    const { at, hash, data } = event;
    this.#mark(hash);
    this.#needsKnown(event);
    const read = actData.safeParse(data);
    if (!read.success) return this.#unreadable(event);
    const { who, why, tookMs: later } = read.data;
    const pull = { at, who, why };
    const span = this.#killedNow();
    if (span === null) this.#begin(event, pull, new Date(Date.parse(at) - later).toISOString());
    else if (this.#keeps(pull)) span.pulls.push(pull);
  }

  #armed(event: TranscriptEvent): void {
    const { at, hash, data } = event;
    this.#mark(hash);
    this.#needsKnown(event);
    const read = actData.safeParse(data);
    if (!read.success) return this.#unreadable(event);
    const span = this.#killedNow();
    if (span !== null) span.armed = { at, who: read.data.who, why: read.data.why };
  }

  #reloaded(event: TranscriptEvent): void {
    const read = actData.safeParse(event.data);
    if (!read.success) return this.#unreadable(event);
    this.#reloads.push({ at: event.at, who: read.data.who, why: read.data.why });
    if (this.#reloads.length > MOST_RELOADS) this.#reloads.shift();
  }

  #block(event: TranscriptEvent): void {
    const read = blockData.safeParse(event.data);
    if (!read.success) return this.#unreadable(event);
    const { key } = read.data;
    if (event.type === 'unblocked') this.#blocked.delete(key);
    else if (this.#blocked.size < MOST_NAMES) this.#blocked.add(key);
    else this.#lack(TOO_MUCH);
  }

  #begin({ seq }: TranscriptEvent, pull: Switched, killedAt: string): OpenSpan {
    const none = { operations: 0, farthestOperationMs: 0, restarts: 0, cameUpArmedAt: '', armed: null };
    const span: OpenSpan = { seq, pulls: [pull], killedAt, ...none };
    // one that ended while the switch was on its way has its line before that of the kill
    if (this.#lastOperationAt > killedAt) count(span, this.#lastOperationAt);
    this.#spans.push(span);
    if (this.#spans.length > MOST_SPANS) this.#spans.shift();
    return span;
  }

  /** What was pulled and armed before a copy begins is not in it: an act may have been the second of its kind. */
  #needsKnown({ seq, type }: TranscriptEvent): void {
    if (!this.#isKnown) this.#lack(`what it was before event ${seq} (${type}) is not in it: its older files are missing`);
    this.#isKnown = true;
  }

  #unreadable({ seq, type }: TranscriptEvent): void {
    this.#lack(`event ${seq} (${type}) is not as a proxy writes it`);
  }

  #lack(what: string): void {
    if (this.#lacks.length < MOST_LACKS && !this.#lacks.includes(what)) this.#lacks.push(what);
  }

  /** Is there room for one more in what is kept of a log? */
  #keeps(one: Readonly<Record<string, unknown>>): boolean {
    this.#room -= JSON.stringify(one).length;
    if (this.#room < 0) this.#lack(TOO_MUCH);
    return this.#room >= 0;
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
