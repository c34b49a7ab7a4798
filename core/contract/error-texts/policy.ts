import { UNTOUCHED, type AreaTexts } from './error-text';

/** Rules of ours that forbid it. */
export const policyTexts: AreaTexts<'policy'> = {
  'policy.illegalCombination': {
    what: 'These choices are not allowed together.',
    means: 'Nothing was started. ' + UNTOUCHED,
    do: 'Change the choice named below.',
  },
  'policy.rehearsalOnly': {
    what: 'This is for rehearsals only.',
    means: 'Nothing was started in production.',
    do: 'Choose a production HSM profile and real officers in Settings, or run a rehearsal.',
  },
  'policy.roleConflict': {
    what: 'One person would hold two seats that must be two people.',
    means: 'Nothing was started. Dual control would exist on paper only.',
    do: 'Give one of the seats to somebody else.',
  },
  'policy.alreadyApproved': {
    what: 'This officer has approved already.',
    means: 'One person counts once.',
    do: 'The next approval must come from another officer.',
  },
  'policy.wrappingIllegal': {
    what: 'KMS does not take this kind of key in this wrapping.',
    means: 'Nothing was started. ' + UNTOUCHED,
    do: 'Choose the algorithm or the size that the rule below names.',
  },
  'policy.lockout': {
    what: 'This key policy would leave nobody who can change it.',
    means: 'It was not sent. The key’s policy is as it was.',
    do: 'Let a principal that exists keep kms:PutKeyPolicy, without a condition that can stop holding.',
  },
  'policy.keyPolicy': {
    what: 'The key policy has errors.',
    means: 'It was not sent. The key’s policy is as it was.',
    do: 'Correct what is named below; keyrite policy lint FILE explains each rule.',
  },
};
