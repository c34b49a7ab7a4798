import type { SignatureLine } from '../ceremony/events';
import type { CeremonyState } from '../ceremony/state';
import { failure, success, type Result } from '../contract/result';

/** What one participant says of the record: a signature over its head, or why they do not agree. */
export type Say = { readonly signature: string } | { readonly doNotAgree: string };

/**
 * The signatures given but not sealed yet. They are over one head: anything added to the transcript moves the head, and everyone
 * signs again. They are in no event, because an event would move the head they are over.
 */
export class SignOff {
  #given: { readonly head: string; readonly lines: readonly SignatureLine[] } = { head: '', lines: [] };

  /** The lines over the present head, in the order of the participants of event 0. */
  lines(state: CeremonyState): readonly SignatureLine[] {
    if (this.#given.head !== state.head) return [];
    return state.participants.flatMap(({ seat }) => this.#given.lines.filter((line) => line.seat === seat));
  }

  isComplete(state: CeremonyState): boolean {
    return this.lines(state).length === state.participants.length;
  }

  /** Takes what a seat says, in place of what it said before. Refused outside the sign-off and while an exception is open. */
  add(state: CeremonyState, seat: string, say: Say): Result<null> {
    const person = state.participants.find((one) => one.seat === seat);
    if (state.phase !== 'signOff' || !person) return failure('ceremony.notNow');
    const open = state.exceptions.find(({ decided }) => decided === null);
    if (open) return failure('ceremony.openException', { number: open.number });
    const { officer, name, publicKey } = person;
    const others = this.lines(state).filter((line) => line.seat !== seat);
    this.#given = { head: state.head, lines: [...others, { seat, officer, name, publicKey, ...say }] };
    return success(null);
  }
}
