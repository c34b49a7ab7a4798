import type { PinState } from '../../../core/contract/token-values';

export const pinStates: Readonly<Record<PinState, string>> = {
  ok: 'all tries are left',
  countLow: 'a wrong PIN was entered; the token has fewer tries left',
  finalTry: 'LAST TRY - one more wrong PIN locks it',
  locked: 'none, the PIN is locked',
};

export const keysText = {
  title: 'Keys',
  intro: 'Look into the token: log in once, read every object, judge its attributes, log out.',
  read: 'Read the inventory',
  pin: 'User PIN',
  pinHint: 'Tried exactly once. It is not kept.',
  busy: 'A ceremony holds the token. Its inventory is shown there.',
  none: 'This token holds no keys.',
  noneHint: 'The ceremony that generates a key in an HSM is the way to the first one.',
  toStart: 'Start a ceremony',
  verdicts: { fits: 'Fits its policy', differs: 'Differs from its policy', unknown: 'No policy known' },
  purpose: (purpose: string) => `measured as ${purpose}`,
  attribute: 'Attribute',
  wanted: 'Policy wants',
  got: 'Token says',
  verdict: 'Verdict',
  same: 'equal',
  different: 'differs',
  noRows: 'No policy was applied, so there is nothing to compare.',
  ckaId: 'CKA_ID',
  found: (count: number) => (count === 1 ? '1 object' : `${String(count)} objects`),
  again: 'Read again',
};
