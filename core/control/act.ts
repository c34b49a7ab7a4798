import { z } from 'zod';

/** Who did something to the proxy and why: what audit log, latch and status say of it. */
export interface Act {
  /** the name given with --by, else the user of the operating system; '' where nobody said */
  readonly who: string;
  readonly why: string;
}

/** Characters of `who` and of `why`. */
export const ACT_LENGTH_LIMIT = 200;

/**
 * Control and direction characters could repaint a terminal or add lines to what people read; lone surrogates cannot be written as
 * UTF-8. Text is mended rather than refused: a kill must not fail over a stray character in its reason.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text in one printable line of at most 200 characters. */
export function plainText(text: string): string {
  const line = text.slice(0, 4 * ACT_LENGTH_LIMIT).replaceAll(UNPRINTABLE, ' ');
  return Array.from(line).slice(0, ACT_LENGTH_LIMIT).join('').trim();
}

const mended = z.string().transform(plainText);

export const actSchema = z.strictObject({ who: mended, why: mended });

/** For what loosens: arming and unblocking want a name and a reason. */
export const reasonedActSchema = z.strictObject({ who: mended.pipe(z.string().min(1)), why: mended.pipe(z.string().min(1)) });

/** For a kill, whatever the message says of it: a kill with an unreadable reason is still a kill. */
export const anyActSchema = actSchema.catch({ who: '', why: '' });

/** As the latch file holds it: already mended, or somebody else wrote the file. */
export const writtenTextSchema = z
  .string()
  .refine((text) => text === plainText(text), 'is not one printable line of 200 characters');
