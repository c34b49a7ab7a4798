import type { ErrorCode } from '../errors';

/** What happened, what it means for the key, what to do next. */
export interface ErrorText {
  readonly what: string;
  readonly means: string;
  readonly do: string;
}

/** One area of the closed list: a new code in it does not compile until it has its three sentences. */
export type AreaTexts<Area extends string> = Readonly<Record<Extract<ErrorCode, `${Area}.${string}`>, ErrorText>>;

export const UNTOUCHED = 'The key is not touched.';
export const RECORD_SAFE = 'Everything recorded so far is on disk.';
