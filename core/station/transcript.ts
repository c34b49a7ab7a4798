import { failure, success, type Failure, type Result } from '../contract/result';
import { decide } from '../ceremony/decide';
import type { Command } from '../ceremony/rim-command';
import { readEvent, type CeremonyEvent } from '../ceremony/events';
import { evolve, replay } from '../ceremony/evolve';
import type { Script } from '../ceremony/script';
import type { CeremonyState } from '../ceremony/state';
import { chain, type EventDraft, type TranscriptEvent } from '../evidence/event';
import { verifyEd25519 } from '../pack/ed25519';
import type { Journal } from '../pack/journal';
import { sha256Text } from '../pack/sha256';

/** A clock that is this much behind the last event was set back; less is the rounding of timers. Milliseconds. */
const CLOCK_TOLERANCE_MS = 1000;

/**
 * The transcript and the state it folds to, kept in step: an event counts when it is on the medium, and only then.
 * When the medium refuses, what was to be written waits here and nothing else is accepted until it is written.
 */
export class Transcript {
  readonly script: Script;
  readonly #journal: Journal;
  readonly #now: () => Date;
  #state: CeremonyState;
  #last: TranscriptEvent;
  #waiting: readonly EventDraft[] = [];
  #deferred: Command | null = null;
  #halt: Failure | null = null;

  private constructor(script: Script, journal: Journal, now: () => Date, state: CeremonyState, last: TranscriptEvent) {
    this.script = script;
    this.#journal = journal;
    this.#now = now;
    this.#state = state;
    this.#last = last;
  }

  /** Begins a transcript with its event 0. */
  static async begin(script: Script, journal: Journal, now: () => Date, opened: EventDraft): Promise<Result<Transcript>> {
    const event = chain(opened, null, now().toISOString(), sha256Text);
    const appended = await journal.append(event);
    if (!appended.ok) return appended;
    return success(new Transcript(script, journal, now, evolve(null, known(event)), event));
  }

  /** Goes on with a transcript that was read back and proved. */
  static resume(script: Script, journal: Journal, now: () => Date, events: readonly TranscriptEvent[]): Result<Transcript> {
    const state = replay(events.map(known));
    const last = events.at(-1);
    if (state === null || last === undefined) return failure('file.damaged', { what: 'the transcript is empty' });
    return success(new Transcript(script, journal, now, state, last));
  }

  get state(): CeremonyState {
    return this.#state;
  }

  get halt(): Failure | null {
    return this.#halt;
  }

  /** Decides, writes, folds. The refusal of the engine or of the medium, as a value. */
  async submit(command: Command): Promise<Result<null>> {
    if (this.#halt) return { ok: false, error: this.#halt };
    // first, because what it writes may change what is allowed
    const clock = await this.#watchClock();
    if (!clock.ok) return this.#defer(command, clock);
    const decision = decide(this.script, this.#state, command, verifyEd25519);
    return decision.ok ? this.#write(decision.value) : decision;
  }

  /** After a halt: writes what waits, in order. */
  async retry(): Promise<Result<null>> {
    const waiting = this.#waiting;
    const deferred = this.#deferred;
    this.#halt = null;
    this.#waiting = [];
    this.#deferred = null;
    const written = await this.#write(waiting);
    if (deferred === null) return written;
    return written.ok ? this.submit(deferred) : this.#defer(deferred, written);
  }

  /** What an act brought back must not be lost because the medium refused what stands before it. People can ask again; a token cannot. */
  #defer(command: Command, refusal: Result<null>): Result<null> {
    if (command.type === 'actDone') this.#deferred = command;
    return refusal;
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  /** Time that runs backwards is written down as an exception before anything else, once for each setting back. */
  async #watchClock(): Promise<Result<null>> {
    const now = this.#now();
    if (now.getTime() >= Date.parse(this.#last.at) - CLOCK_TOLERANCE_MS) return success(null);
    const noted = decide(
      this.script,
      this.#state,
      { type: 'clockSetBack', was: this.#last.at, now: now.toISOString() },
      verifyEd25519,
    );
    return noted.ok ? this.#write(noted.value) : success(null);
  }

  async #write(drafts: readonly EventDraft[]): Promise<Result<null>> {
    for (const [i, draft] of drafts.entries()) {
      const event = chain(draft, this.#last, this.#now().toISOString(), sha256Text);
      const appended = await this.#journal.append(event);
      if (!appended.ok) return this.#wait(appended.error, drafts.slice(i));
      this.#last = event;
      this.#state = evolve(this.#state, known(event));
      if (appended.value.alarm) await this.#alarm(appended.value.alarm);
    }
    return success(null);
  }

  #wait(error: Failure, drafts: readonly EventDraft[]): Result<null> {
    this.#halt = error;
    this.#waiting = [...this.#waiting, ...drafts];
    return { ok: false, error };
  }

  /** A lost mirror is an alarm in the transcript itself. It does not stop the ceremony. */
  async #alarm(alarm: Failure): Promise<void> {
    const decision = decide(
      this.script,
      this.#state,
      { type: 'alarm', code: alarm.code, text: 'The second copy of the evidence cannot be written.' },
      verifyEd25519,
    );
    if (decision.ok) await this.#write(decision.value);
  }
}

function known(event: TranscriptEvent): CeremonyEvent {
  const reading = readEvent(event);
  if (!reading.ok) throw new Error(`The transcript holds an event that is none: ${reading.problem}`);
  return reading.event;
}
