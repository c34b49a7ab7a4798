import { UNTOUCHED, type AreaTexts } from './error-text';

/** The engine’s refusals. */
export const ceremonyTexts: AreaTexts<'ceremony'> = {
  'ceremony.notNow': {
    what: 'That is not possible at this point.',
    means: 'Nothing happened.',
    do: 'Do what the highlighted beat asks for.',
  },
  'ceremony.wrongStep': {
    what: 'The ceremony is at another step by now.',
    means: 'Nothing happened.',
    do: 'Look at the step on the screen and go on from there.',
  },
  'ceremony.wrongRole': {
    what: 'This seat may not do that.',
    means: 'Nothing happened.',
    do: 'The seat named in the step has to do it.',
  },
  'ceremony.roleUnfilled': {
    what: 'A seat that this ceremony needs is empty.',
    means: 'Nothing happened. ' + UNTOUCHED,
    do: 'Give every needed seat an officer. If somebody has left the room, pause until they are back.',
  },
  'ceremony.openException': {
    what: 'An exception is waiting for a decision.',
    means: 'The ceremony goes on as soon as two people have decided it.',
    do: 'Open the exception and decide it.',
  },
  'ceremony.recoveryNeeded': {
    what: 'An act was begun and its result is not known.',
    means: 'There may be a key, or none. Nothing is repeated until the token has been inspected.',
    do: 'Inspect the token, then decide together.',
  },
  'ceremony.paused': {
    what: 'The ceremony is paused.',
    means: 'The token is logged out.',
    do: 'Resume it when everybody is back.',
  },
  'ceremony.sealed': {
    what: 'The ceremony is sealed.',
    means: 'Its evidence can no longer change.',
    do: 'Find it under Evidence.',
  },
  'ceremony.differs': {
    what: 'What was typed or approved is not what the ceremony holds now.',
    means: 'Nothing was done. The key is as it was.',
    do: 'Look at the screen again: compare the serial, the digest or the head, and repeat. If it differs again, call an exception.',
  },
  'ceremony.alreadyRunning': {
    what: 'A ceremony is running already.',
    means: 'There is one at a time, so that one token serves one ceremony.',
    do: 'Finish or stop the running ceremony first.',
  },
};
