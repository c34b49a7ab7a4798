import { isLoginRefused } from '../../core/pkcs11/data-scope';
import type { LoginMarker, LoginRefusal } from './login-marker';

/** Unclear answers to C_Login in a row that count as a refusal: a token locks after a few wrong PINs, whatever its library calls them. */
const UNCLEAR_LOGINS = 3;

/** Reasons of ours not to try the PIN that only a person can settle. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(['finalTry', 'pinNotText']);

/** The process ended in C_Login, of itself: whether the token counted a try, and as what, nobody was told. */
export const ENDED_IN_LOGIN = 'endedInLogin';

/** A person logged it out. In the marker, so that a restart does not log in again by itself. */
const LOGGED_OUT = 'loggedOut';

/** Whether anything may log in. Closes with the first refused PIN, or when a person logs out, over restarts, until a person opens it. */
export class LoginGate {
  readonly #marker: LoginMarker;
  #refusal: LoginRefusal | null;
  #unclear = 0;
  #mayUseFinalTry = false;
  /** the token took this PIN since it was given, so what goes wrong now is not about the PIN */
  #isProven = false;
  /** somebody logged out since this process started */
  #isOutNow = false;
  #logOuts = 0;

  constructor(marker: LoginMarker) {
    this.#marker = marker;
    this.#refusal = marker.read();
  }

  /** null: open */
  get refusal(): LoginRefusal | null {
    return this.#refusal;
  }

  /** Did a person log it out? `before`: this process was started so. */
  get loggedOut(): 'no' | 'before' | 'now' {
    if (this.#refusal?.why !== LOGGED_OUT) return 'no';
    return this.#isOutNow ? 'now' : 'before';
  }

  /** How often a person has logged out since this process started, also of one that was logged out already. */
  get logOuts(): number {
    return this.#logOuts;
  }

  /** A person said so, for the next login alone. */
  get mayUseFinalTry(): boolean {
    return this.#mayUseFinalTry;
  }

  loggedIn(): void {
    this.#unclear = 0;
    this.#mayUseFinalTry = false;
    this.#isProven = true;
  }

  /**
   * A login failed for this reason. 'closed': nothing logs in any more, and the marker says so on the disk; 'unmarked': the same, but
   * it could not be written, so that a restart would try the PIN again.
   */
  failed(reason: string, at: string, pinChangedAt: number | null = null): 'open' | 'closed' | 'unmarked' {
    if (reason === ENDED_IN_LOGIN && this.#isProven) return 'open';
    const about = FOR_A_PERSON.has(reason) ? 'yes' : isLoginRefused(reason);
    if (about === 'perhaps') this.#unclear += 1;
    if (about === 'no' || (about === 'perhaps' && this.#unclear < UNCLEAR_LOGINS)) return 'open';
    return this.#close({ at, why: reason, pinChangedAt });
  }

  /** A person logs out: no change of the PIN's source opens it, only a person. Answers as `failed` does. */
  logOut(at: string): 'closed' | 'unmarked' {
    this.#isOutNow = true;
    this.#logOuts += 1;
    return this.#close({ at, why: LOGGED_OUT, pinChangedAt: null });
  }

  #close(refusal: LoginRefusal): 'closed' | 'unmarked' {
    this.#refusal = refusal;
    try {
      this.#marker.write(refusal);
      return 'closed';
    } catch {
      return 'unmarked';
    }
  }

  /** A person acted. */
  forgive(): void {
    this.#refusal = null;
    this.#isOutNow = false;
    this.#isProven = false;
    this.#unclear = 0;
    this.#mayUseFinalTry = true;
    this.#marker.remove();
  }
}
