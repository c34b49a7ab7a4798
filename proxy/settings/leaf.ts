import { z } from 'zod';

/** What a leaf says where its rule is broken. `problem` never repeats a value that may be a secret. */
export interface BrokenRule<T> {
  readonly problem: string | ((value: T) => string);
  readonly remedy: string;
}

/** Text under a rule. Every leaf is optional here: what must be there is asked where it is needed, after all leaves were judged. */
export function text(isGood: (value: string) => boolean, rule: BrokenRule<string>) {
  return z
    .string()
    .refine(isGood, { params: { ...rule } })
    .optional();
}

export const anyText = z.string().optional();
export const anyWhole = z.int().optional();
export const flag = z.boolean().optional();

/** A whole number from `least` to `most`. `why` ends the remedy. */
export function whole(least: number, most: number, why = '') {
  const remedy = `Write a whole number from ${least} to ${most}${why === '' ? '.' : `: ${why}`}`;
  return z
    .int()
    .refine((value) => value >= least && value <= most, { params: { problem: (value: number) => `is ${value}`, remedy } })
    .optional();
}

export function oneOf<const T extends readonly [string, ...string[]]>(...words: T) {
  return z.enum(words).optional();
}

/** One of some words, in any case, as the AWS sample proxy reads its levels; answers it in lower case. */
export function word<const T extends string>(...words: readonly T[]) {
  const isOne = (value: string) => words.some((one) => one === value.toLowerCase());
  const remedy = `Write one of: ${words.map((one) => one.toUpperCase()).join(', ')}.`;
  return text(isOne, { problem: (value) => `is "${value}"`, remedy }).transform((value) => value?.toLowerCase() as T | undefined);
}
