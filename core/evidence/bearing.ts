import type { ArtefactReference } from './artefact-name';
import type { TranscriptEvent } from './event';

/** A participant as event 0 names it: the only keys that can sign this transcript. */
export interface Signatory {
  readonly seat: string;
  readonly officer: string;
  readonly name: string;
  /** raw Ed25519 public key, base64 */
  readonly publicKey: string;
}

export interface Opening {
  readonly ceremonyId: string;
  readonly runMode: 'rehearsal' | 'production';
  readonly script: { readonly id: string; readonly title: string; readonly sha256: string };
  readonly tool: { readonly name: string; readonly version: string; readonly build: string };
  readonly participants: readonly Signatory[];
}

/** What a participant left at the end: a signature over the head (base64), or the reason why not. */
export type SignOffLine = Signatory & ({ readonly signature: string } | { readonly doNotAgree: string });

export type SealedOutcome = 'completed' | 'aborted';

/**
 * What an event bears on the proof, whatever else it tells people. The vocabulary of events belongs to the ceremony; the proof
 * knows it only through this closed list, so that evidence need not import what is built upon it.
 */
export type Bearing =
  | { readonly kind: 'opened'; readonly opening: Opening }
  | { readonly kind: 'signedIn'; readonly seat: string; readonly officer: string; readonly signature: string }
  | {
      readonly kind: 'approved';
      readonly gate: string;
      readonly seat: string;
      readonly officer: string;
      readonly digest: string;
      readonly signature: string;
    }
  | { readonly kind: 'artefacts'; readonly references: readonly ArtefactReference[] }
  | { readonly kind: 'exception' }
  | { readonly kind: 'signOff'; readonly outcome: SealedOutcome }
  | {
      readonly kind: 'sealed';
      readonly head: string;
      readonly outcome: SealedOutcome;
      readonly signatures: readonly SignOffLine[];
    }
  | { readonly kind: 'none' };

/** Reads the data of an event by its type, or says why it is no event of the vocabulary. */
export type BearingOf = (
  event: TranscriptEvent,
) => { readonly ok: true; readonly bearing: Bearing } | { readonly ok: false; readonly problem: string };
