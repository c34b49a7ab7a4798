import type { Failure } from '../contract/result';
import type { Check, ShowBlock } from '../keys/evidence';
import type { FingerprintRow } from '../evidence/words';
import type { DECISIONS, EFFECTS_ON_KEY, Medium, SEVERITIES, TokenUser } from './command';

export type RunMode = 'rehearsal' | 'production';
export type BeatState = 'waiting' | 'now' | 'done' | 'none';

export type Phase =
  | 'running'
  /** paused by the people or forced (crash, lost mirror): nothing but `resume`, exceptions and abort */
  | 'interlude'
  /** an act was begun and its result is not known: inspect the token first */
  | 'recovery'
  /** every seat signs or dissents; the head is fixed */
  | 'signOff'
  | 'sealed';

/** One step in the left rail, numbered as on paper. */
export interface StepLine {
  readonly id: string;
  readonly title: string;
  readonly state: 'sealed' | 'current' | 'waiting';
  readonly minutes: number;
  readonly exceptions: number;
}

/** What DO asks of people or machine, by kind. A closed union: a new action does not compile until the screen knows it. */
export type DoForm =
  | { readonly kind: 'none' }
  | { readonly kind: 'confirm'; readonly items: readonly { readonly text: string; readonly ticked: boolean }[] }
  | {
      readonly kind: 'choose';
      readonly options: readonly { readonly id: string; readonly title: string }[];
      readonly chosen: string | null;
    }
  | {
      readonly kind: 'enterTwice';
      /** the entry's name in the script */
      readonly name: string;
      readonly title: string;
      readonly hint: string;
      /** who makes the entry that is due */
      readonly seat: string;
      readonly entriesMade: 0 | 1 | 2;
      /** the last two entries were not the same: both again */
      readonly differed: boolean;
      readonly value: string | null;
    }
  | {
      readonly kind: 'compare';
      readonly title: string;
      readonly reader: string;
      readonly checker: string;
      readonly rows: readonly (FingerprintRow & { readonly state: 'waiting' | 'now' | 'matched' | 'differs' })[];
    }
  | { readonly kind: 'attendance'; readonly seats: readonly SeatLine[] }
  | {
      readonly kind: 'approve';
      readonly gate: string;
      readonly digest: string;
      readonly rows: readonly FingerprintRow[];
      readonly subject: readonly ShowBlock[];
      readonly needed: number;
      readonly seats: readonly {
        readonly seat: string;
        readonly officerId: string;
        readonly name: string;
        readonly approved: boolean;
      }[];
    }
  | {
      readonly kind: 'act';
      readonly verb: string;
      readonly title: string;
      /** a PIN to be entered with it: whose, or null; `onDevice`: the token asks for it itself, so nothing is typed here */
      readonly pin: {
        readonly user: TokenUser;
        readonly fresh: boolean;
        readonly seat: string;
        readonly onDevice: boolean;
      } | null;
      /** text to be typed exactly before it may run (an act that erases), or null */
      readonly typed: string | null;
      /** the medium that must be in the station, or null */
      readonly medium: Medium | null;
      readonly done: boolean;
      readonly running: boolean;
      /** what a long act says of its way while it runs, a few words; '' for most */
      readonly progress: string;
      /** why the last attempt failed, or null */
      readonly error: { readonly code: string; readonly detail: Failure['detail'] } | null;
    }
  | { readonly kind: 'signOff' };

export interface SeatLine {
  readonly seat: string;
  readonly role: string;
  readonly roleTitle: string;
  readonly officerId: string;
  readonly name: string;
  readonly state: 'expected' | 'signedIn';
  readonly acting: boolean;
}

export interface StepView {
  readonly id: string;
  readonly title: string;
  readonly act: string;
  readonly roleTitle: string;
  readonly seat: string;
  readonly minutes: number;
  readonly startedAt: string;
  readonly read: { readonly state: BeatState; readonly text: string };
  readonly do: { readonly state: BeatState; readonly form: DoForm };
  readonly show: { readonly state: BeatState; readonly blocks: readonly ShowBlock[] };
  readonly check: { readonly state: BeatState; readonly checks: readonly Check[]; readonly waitingFor: string };
  readonly seal: { readonly state: BeatState };
  readonly help: string;
  /** The plan for failure, as the script words it. */
  readonly onFail: string;
}

export interface ExceptionView {
  readonly number: number;
  readonly step: string;
  readonly at: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly source: 'machine' | 'person';
  readonly expected: string;
  readonly happened: string;
  readonly decision: {
    readonly decision: (typeof DECISIONS)[number];
    readonly reason: string;
    readonly effectOnKey: (typeof EFFECTS_ON_KEY)[number];
    readonly decidedBy: readonly string[];
    readonly owner: string;
  } | null;
  /** The decisions that fit it; `continue` is not offered where the key must not be used. */
  readonly allowed: readonly (typeof DECISIONS)[number][];
}

/** Everything a screen needs of one ceremony. Pure function of script, state and the seats' pending signatures; screens hold no rule. */
export interface CeremonyView {
  readonly ceremonyId: string;
  readonly title: string;
  readonly runMode: RunMode;
  readonly phase: Phase;
  readonly outcome: 'completed' | 'aborted' | null;
  readonly startedAt: string;
  readonly estimateMinutes: number;
  readonly minutesLeft: number;
  readonly inputs: readonly { readonly name: string; readonly title: string; readonly value: string }[];
  readonly acts: readonly { readonly title: string; readonly steps: readonly StepLine[] }[];
  readonly step: StepView | null;
  readonly seats: readonly SeatLine[];
  readonly token: {
    readonly serial: string;
    readonly label: string;
    readonly loggedIn: TokenUser | null;
    readonly pinState: string;
    readonly keyLabel: string;
    readonly checkValue: string;
  } | null;
  readonly exceptions: readonly ExceptionView[];
  /** Seats that can decide an exception or an abort. */
  readonly deciders: readonly string[];
  readonly pause: {
    readonly reason: string;
    readonly minutes: number;
    readonly since: string;
    readonly head: string;
    readonly headWords: readonly string[];
  } | null;
  readonly recovery: {
    readonly operation: string;
    readonly ckaId: string;
    /** null: not inspected yet */
    readonly hits: number | null;
    readonly choices: readonly ('adopt' | 'redo' | 'stop')[];
  } | null;
  /**
   * When the set of wrapping key and import token ends, and the last time at which wrapping may begin; ISO 8601 UTC. `due`: what the
   * set is needed for next, at this station or the other.
   */
  readonly deadline: { readonly until: string; readonly lastSafe: string; readonly due: 'wrap' | 'import' } | null;
  /** The token has to be logged in to again before the current step can act (after a restart or an interlude). */
  readonly loginNeeded: { readonly user: TokenUser; readonly seat: string; readonly onDevice: boolean } | null;
  readonly signOff: {
    readonly head: string;
    readonly rows: readonly FingerprintRow[];
    readonly seats: readonly {
      readonly seat: string;
      readonly officerId: string;
      readonly name: string;
      readonly state: 'waiting' | 'signed' | 'dissented';
    }[];
  } | null;
  readonly page: number;
  readonly pages: number;
  readonly scriptWords: string;
  readonly head: string;
  readonly headWords: string;
  /** The journal cannot be written: nothing is lost, nothing goes on until it can (`ceremony.retry`). */
  readonly halt: Failure | null;
  /** Alarms that do not stop the ceremony (a lost mirror), newest last. */
  readonly alarms: readonly { readonly at: string; readonly code: string; readonly text: string }[];
}
