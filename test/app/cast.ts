import { PRACTICE } from '../../core/rehearsal/practice';

/** What the people of a ceremony know and how they answer. They know only what is on the screen. */
export interface People {
  readonly passphrase: string;
  readonly userPin: string;
  readonly soPin: string;
  /** as printed on the device */
  readonly serial: string;
  /** what else is entered twice, by a word of its title */
  readonly entries: Readonly<Record<string, string>>;
  /** who does not sign, and why */
  readonly dissent: { readonly seat: string; readonly reason: string } | null;
}

export const PRACTICE_PEOPLE: People = { ...PRACTICE, serial: '', entries: { Expiry: 'never', Owner: 'none' }, dissent: null };
