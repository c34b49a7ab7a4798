import { UNTOUCHED, type AreaTexts } from './error-text';

/** What a person or a file gave us. */
export const inputTexts: AreaTexts<'input'> = {
  'input.invalid': {
    what: 'Something in this form does not fit.',
    means: UNTOUCHED,
    do: 'Correct the named field and send it again.',
  },
  'input.scriptLint': {
    what: 'The ceremony script is readable but its steps do not fit together.',
    means: 'Nothing was started. ' + UNTOUCHED,
    do: 'Have the script’s author correct the step named below. A script that does not lint cannot be run.',
  },
  'input.labelTooLong': {
    what: 'The key label is longer than this token can hold.',
    means: 'No key was made. A cut-off label could be mistaken for another key.',
    do: 'Choose a shorter label.',
  },
  'input.cancelled': {
    what: 'It was broken off: a dialog was closed without a choice, or the ceremony was left while a step waited.',
    means: 'Nothing was changed by it. ' + UNTOUCHED,
    do: 'Do it again when you are ready.',
  },
  'input.pattern': {
    what: 'The entry does not have the form the script asks for.',
    means: 'Nothing was accepted. ' + UNTOUCHED,
    do: 'Read it again from the source, and compare it with the hint beside the field.',
  },
};
