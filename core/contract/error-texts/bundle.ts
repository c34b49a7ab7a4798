import { UNTOUCHED, type AreaTexts } from './error-text';

const NOT_TAKEN = 'The whole bundle was refused; nothing of it is used. ' + UNTOUCHED;

/** What crosses the air gap. */
export const bundleTexts: AreaTexts<'bundle'> = {
  'bundle.notFound': {
    what: 'There is no bundle in this folder.',
    means: UNTOUCHED,
    do: 'Choose the medium labelled OUT or BACK, as the step says.',
  },
  'bundle.damaged': {
    what: 'A file of the bundle is not what its manifest says.',
    means: NOT_TAKEN,
    do: 'Treat it as an incident. Write a new bundle onto a fresh medium; never repair one.',
  },
  'bundle.extraFile': {
    what: 'The medium holds something that does not belong to the bundle.',
    means: NOT_TAKEN,
    do: 'Find out where it came from. Take a freshly formatted medium and write the bundle again.',
  },
  'bundle.tooLarge': {
    what: 'A file of the bundle is larger than it can ever be.',
    means: NOT_TAKEN,
    do: 'This is not the medium that was written. Fetch the right one.',
  },
  'bundle.wrongMode': {
    what: 'The bundle is of the other run mode.',
    means: NOT_TAKEN + ' A rehearsal never meets a production key.',
    do: 'Fetch the medium of this ceremony.',
  },
  'bundle.wrongKind': {
    what: 'This is the other bundle: OUT where BACK is due, or the reverse.',
    means: NOT_TAKEN,
    do: 'Change the media.',
  },
  'bundle.otherCeremony': {
    what: 'The bundle belongs to another ceremony or another key.',
    means: NOT_TAKEN,
    do: 'Compare ceremony id and key ARN on the label with the plan, and fetch the right medium.',
  },
  'bundle.expired': {
    what: 'The set in this bundle is too old to be used safely.',
    means: NOT_TAKEN + ' The HSM was not asked for anything.',
    do: 'Fetch a new set from KMS and write a new OUT bundle.',
  },
  'bundle.clockBehind': {
    what: 'By the clock of this station the bundle has not been made yet.',
    means: NOT_TAKEN + ' With a clock that is behind, nobody can tell whether the set is still valid.',
    do: 'Compare the clocks of both stations with a third, set the wrong one to UTC, record it, and read the medium again.',
  },
  'bundle.unsigned': {
    what: 'The bundle does not carry the signatures it must carry.',
    means: NOT_TAKEN + ' Anybody could have made it.',
    do: 'Have the officers of the other station sign. Officers this station does not know are added under Settings.',
  },
  'bundle.exists': {
    what: 'There already is a bundle in this folder.',
    means: 'It was not overwritten.',
    do: 'Take an empty medium.',
  },
};
