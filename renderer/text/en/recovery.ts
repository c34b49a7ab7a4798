/** How it is found out whether an act happened whose result is not known, and what that says. */
export interface Look {
  readonly hint: string;
  readonly inspect: string;
  readonly hits: (count: number) => string;
  /** why doing it again is safe when nothing was found */
  readonly redo: string;
}

const traces = (count: number): string =>
  count === 0
    ? 'No trace of it was found: the act did not happen.'
    : count === 1
      ? 'Exactly one trace of it was found: the act happened.'
      : `${String(count)} traces of it were found: one of them is unexplained.`;

const onToken: Look = {
  hint: 'Nothing is repeated by itself. First the token is asked what has become of it.',
  inspect: 'Inspect the token',
  hits: traces,
  redo: 'There is no trace of it on the token, so doing it again does it once, not twice.',
};

const objects = (count: number): string =>
  count === 0
    ? 'The token holds nothing under it: the act did not happen.'
    : count === 1
      ? 'The token holds exactly one object under it: the act happened.'
      : `The token holds ${String(count)} objects under it: one of them is unexplained.`;

const newKey: Look = {
  ...onToken,
  hint: 'Nothing is repeated by itself. First the token is asked what it holds under the identifier chosen beforehand.',
  hits: objects,
  redo: 'The token holds nothing, so doing it again makes one key, not two.',
};

const inKms: Look = {
  hint: 'Nothing is repeated by itself. First AWS KMS is asked what has become of it.',
  inspect: 'Look in AWS KMS',
  hits: traces,
  redo: 'There is no trace of it in AWS KMS, so doing it again does it once, not twice.',
};

/** By where an act leaves its trace. */
export const recoveryLooks = { inKms, newKey, onToken } as const;
