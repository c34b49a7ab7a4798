import type { TokenUser } from './command';
import type { EventData, Participant } from './events';
import type { Phase, RunMode } from './view-model';

export type ActResult = EventData<'result'>;

/** What has happened in the step that is current. A repeat begins it anew. */
export interface StepProgress {
  readonly startedAt: string;
  readonly read: boolean;
  readonly ticks: readonly number[];
  readonly chosen: string | null;
  readonly entries: readonly string[];
  /** the last two entries were not the same, and both are asked for again */
  readonly entriesDiffered: boolean;
  readonly rows: Readonly<Record<number, boolean>>;
  readonly approvedBy: readonly string[];
  /** the last result of this step's act */
  readonly result: ActResult | null;
}

export interface ExceptionRecord {
  readonly number: number;
  readonly step: string;
  readonly at: string;
  readonly opened: EventData<'exceptionOpened'>;
  readonly decided: EventData<'exceptionDecided'> | null;
}

/** An act whose intent is on disk and whose effect is not known yet. */
export interface PendingAct {
  readonly operation: string;
  readonly attempt: number;
  readonly details: EventData<'intent'>['details'];
  readonly step: string;
  /** the act is being carried out by this run of the program; false after a restart or an answer that says nothing */
  readonly live: boolean;
}

export interface TokenState {
  readonly serial: string;
  readonly label: string;
  readonly open: boolean;
  readonly loggedIn: TokenUser | null;
  readonly pinState: string;
  /** the token asks for PINs itself (CKF_PROTECTED_AUTHENTICATION_PATH) */
  readonly pinOnDevice: boolean;
}

/** A running ceremony: the fold over its events and nothing else. */
export interface CeremonyState {
  readonly genesis: { readonly data: EventData<'opened'>; readonly hash: string; readonly at: string };
  readonly runMode: RunMode;
  readonly phase: Phase;
  readonly seq: number;
  readonly head: string;
  readonly lastAt: string;
  readonly stepIndex: number;
  readonly progress: StepProgress;
  readonly sealedSteps: readonly { readonly id: string; readonly at: string }[];
  readonly participants: readonly Participant[];
  readonly signedIn: readonly string[];
  /** digests and words that later steps compare or read out, e.g. key.fingerprint */
  readonly values: Readonly<Record<string, string>>;
  /** the data of the last good result of each operation */
  readonly data: Readonly<Record<string, ActResult['data']>>;
  /** the blocks of the last good result of each operation */
  readonly shown: Readonly<Record<string, ActResult['show']>>;
  /** the files of the last good result of each operation */
  readonly artefacts: Readonly<Record<string, ActResult['artefacts']>>;
  readonly attempts: Readonly<Record<string, number>>;
  /** the approvals of each gate, for the digest that was approved last: what a bundle carries as its signatures */
  readonly approvals: Readonly<Record<string, readonly EventData<'approved'>[]>>;
  readonly exceptions: readonly ExceptionRecord[];
  readonly pending: PendingAct | null;
  /** an act outside the current step under way: a login or a reconnection after a restart */
  readonly side: PendingAct | null;
  readonly inspected: EventData<'inspected'> | null;
  readonly token: TokenState;
  readonly pause: {
    readonly reason: string;
    readonly minutes: number;
    readonly since: string;
    readonly head: string;
    readonly inventory: string;
    readonly loggedIn: TokenUser | null;
  } | null;
  /** a decided "stop, and destroy the key" that has not been carried out yet */
  readonly mustDestroy: boolean;
  readonly outcome: 'completed' | 'aborted' | null;
  readonly signOffOpened: boolean;
  /** the head that was signed; null before the seal */
  readonly signedHead: string | null;
  readonly alarms: readonly { readonly at: string; readonly code: string; readonly text: string }[];
}

export function freshProgress(startedAt: string): StepProgress {
  return {
    startedAt,
    read: false,
    ticks: [],
    chosen: null,
    entries: [],
    entriesDiffered: false,
    rows: {},
    approvedBy: [],
    result: null,
  };
}

/** A key was generated, or may have been by an act whose answer is not known, and was not destroyed since. */
export function keyMayExist(state: CeremonyState): boolean {
  const begun = state.data['token.generate'] !== undefined || state.pending?.operation === 'token.generate';
  return begun && state.data['token.destroy'] === undefined;
}
