import { ARTEFACT_NAME, type ArtefactReference } from './artefact-name';
import type { Bearing, BearingOf, Opening, SealedOutcome, SignOffLine } from './bearing';
import { GENESIS_PREV, type Sha256, type TranscriptEvent, type VerifySignature } from './event';
import { readLine } from './line';
import type { Sha256Bytes } from './officer-id';
import { givenSignatureProblem, participantsProblem, sealProblem } from './signatories';

/** The functions a proof needs and a pure room does not have. */
export interface ProofTools {
  readonly sha256: Sha256;
  readonly sha256Bytes: Sha256Bytes;
  readonly verifySignature: VerifySignature;
  readonly bearingOf: BearingOf;
}

/** The first thing that fails: `event` by the seq it should have, `line` from 1. Both follow from the place in the file. */
export interface TranscriptProblem {
  readonly event: number;
  readonly line: number;
  readonly what: string;
}

/** Worth knowing, no failure. */
export interface TranscriptNote {
  readonly event: number;
  readonly what: string;
}

export interface Seal {
  /** what was signed: the hash of the event before `sealed` */
  readonly head: string;
  readonly outcome: SealedOutcome;
  readonly signatures: readonly SignOffLine[];
}

/** What is known of a transcript so far. */
export interface TranscriptFacts {
  readonly events: number;
  /** The hash of the last event that held; 64 zeros before the first. */
  readonly head: string;
  readonly opening: Opening | null;
  readonly openedAt: string;
  readonly exceptions: number;
  readonly artefacts: ReadonlyMap<string, ArtefactReference>;
  readonly notes: readonly TranscriptNote[];
  readonly seal: Seal | null;
}

/** A clock that jumps to and fro in a damaged file must not fill the memory with notes. */
const MAX_NOTES = 20;

/**
 * Proves a transcript line by line. It keeps what later lines are held against (the participants, the last hash, the artefacts
 * referred to) and nothing per event, so its memory does not grow with the transcript. It stops at the first failure: what
 * follows a broken link proves nothing.
 */
export class TranscriptProof {
  readonly #tools: ProofTools;
  readonly #artefacts = new Map<string, ArtefactReference>();
  readonly #notes: TranscriptNote[] = [];
  #events = 0;
  #last = GENESIS_PREV;
  #lastAt = '';
  #genesis = '';
  #openedAt = '';
  #opening: Opening | null = null;
  #exceptions = 0;
  #signOff: SealedOutcome | null = null;
  #seal: Seal | null = null;
  #problem: TranscriptProblem | null = null;
  #lastEvent: TranscriptEvent | null = null;

  constructor(tools: ProofTools) {
    this.#tools = tools;
  }

  /** Takes the next line, without its newline. Answers the first problem there was, also to all later calls. */
  feed(line: string): TranscriptProblem | null {
    if (this.#problem) return this.#problem;
    const what = this.#take(line);
    if (what !== null) return this.fault(what);
    this.#events += 1;
    return null;
  }

  /** The next line cannot even be had as text (bytes that are no UTF-8, no newline at its end). */
  fault(what: string): TranscriptProblem {
    this.#problem ??= { event: this.#events, line: this.#events + 1, what };
    return this.#problem;
  }

  /** What is missing at the end of a transcript that claims to be finished; null when it is whole and sealed. */
  end(): TranscriptProblem | null {
    if (this.#problem || this.#seal) return this.#problem;
    const what =
      this.#events === 0
        ? 'the transcript is empty'
        : 'the transcript ends here without being sealed: it is unfinished or was cut off';
    return { event: this.#events, line: this.#events + 1, what };
  }

  facts(): TranscriptFacts {
    return {
      events: this.#events,
      head: this.#last,
      opening: this.#opening,
      openedAt: this.#openedAt,
      exceptions: this.#exceptions,
      artefacts: this.#artefacts,
      notes: this.#notes,
      seal: this.#seal,
    };
  }

  /** The first thing that failed so far. */
  get problem(): TranscriptProblem | null {
    return this.#problem;
  }

  /** The event of the line fed last, when it held. */
  get lastEvent(): TranscriptEvent | null {
    return this.#lastEvent;
  }

  #take(line: string): string | null {
    if (this.#seal) return 'something follows the event that sealed the transcript';
    const reading = readLine(line, this.#tools.sha256);
    if (!reading.ok) return reading.what;
    const { event } = reading;
    const misplaced = placeProblem(event, this.#events, this.#last);
    if (misplaced) return misplaced;
    const meaning = this.#tools.bearingOf(event);
    if (!meaning.ok) return meaning.problem;
    const problem = this.#weigh(meaning.bearing, event);
    if (problem) return problem;
    this.#noteClock(event.at);
    this.#last = event.hash;
    this.#lastAt = event.at;
    this.#lastEvent = event;
    return null;
  }

  #weigh(bearing: Bearing, event: TranscriptEvent): string | null {
    if (!this.#opening)
      return bearing.kind === 'opened' ? this.#open(bearing.opening, event) : 'the first event does not open a ceremony';
    switch (bearing.kind) {
      case 'opened':
        return 'a second opening: two transcripts were joined';
      case 'signedIn':
      case 'approved':
        return givenSignatureProblem(bearing, this.#opening.participants, this.#genesis, this.#tools.verifySignature);
      case 'artefacts':
        return this.#refer(bearing.references);
      case 'exception':
        this.#exceptions += 1;
        return null;
      case 'signOff':
        this.#signOff = bearing.outcome;
        return null;
      case 'sealed':
        return this.#close(bearing, this.#opening);
      case 'none':
        return null;
    }
  }

  #open(opening: Opening, event: TranscriptEvent): string | null {
    const problem = participantsProblem(opening, this.#tools.sha256Bytes);
    if (problem) return problem;
    this.#opening = opening;
    this.#genesis = event.hash;
    this.#openedAt = event.at;
    return null;
  }

  #refer(references: readonly ArtefactReference[]): string | null {
    for (const reference of references) {
      if (!ARTEFACT_NAME.test(reference.name)) return `"${reference.name}" is not a name for an artefact`;
      if (this.#artefacts.has(reference.name)) return `artefact ${reference.name} is referred to a second time`;
      this.#artefacts.set(reference.name, reference);
    }
    return null;
  }

  /** The outcome is held against the sign-off, because the signatures cover the events before `sealed` and not `sealed` itself. */
  #close(sealed: Extract<Bearing, { kind: 'sealed' }>, opening: Opening): string | null {
    if (sealed.head !== this.#last) return 'the sealed head is not the hash of the event before it';
    if (sealed.outcome !== this.#signOff)
      return `it is sealed as ${sealed.outcome}, but sign-off was opened as ${this.#signOff ?? 'nothing'}`;
    const problem = sealProblem(sealed.signatures, opening.participants, sealed.head, this.#tools.verifySignature);
    if (problem) return problem;
    this.#seal = { head: sealed.head, outcome: sealed.outcome, signatures: sealed.signatures };
    return null;
  }

  /** ISO 8601 UTC of one form sorts as text. A clock set back is a fact about the station, not about the transcript. */
  #noteClock(at: string): void {
    if (at >= this.#lastAt || this.#notes.length >= MAX_NOTES) return;
    this.#notes.push({ event: this.#events, what: `the clock went back from ${this.#lastAt} to ${at}` });
  }
}

function placeProblem({ seq, prev }: TranscriptEvent, expected: number, last: string): string | null {
  if (seq > expected) return `event ${expected} is missing: event ${seq} stands in its place (events were dropped or moved)`;
  if (seq < expected) return `event ${seq} stands in the place of event ${expected} (events were duplicated or moved)`;
  if (prev === last) return null;
  return expected === 0
    ? 'prev of the first event is not 64 zeros'
    : `prev is not the hash of event ${expected - 1}: one of the two was exchanged`;
}
