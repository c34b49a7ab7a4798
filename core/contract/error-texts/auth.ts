import type { AreaTexts } from './error-text';

/** Officers and their credentials. */
export const authTexts: AreaTexts<'auth'> = {
  'auth.passphraseWrong': {
    what: 'The passphrase does not open this officer’s file.',
    means: 'Nothing was signed.',
    do: 'Enter it again. There is no limit of tries, and nobody can reset it.',
  },
  'auth.passphraseWeak': {
    what: 'The passphrase is too short.',
    means: 'No officer was enrolled.',
    do: 'Use at least 12 characters; several unrelated words are easy to remember.',
  },
  'auth.officerFile': {
    what: 'This is not a Keyrite officer file, or it is damaged.',
    means: 'Nobody was added.',
    do: 'Pick the file that ends in .officer.json, or use its copy.',
  },
  'auth.officerUnknown': {
    what: 'This officer’s file is not here.',
    means: 'Nothing was signed.',
    do: 'Insert the removable media with the officer file, or add it in Settings.',
  },
  'auth.signatureInvalid': {
    what: 'The signature does not belong to what the screen shows.',
    means: 'It was not accepted.',
    do: 'Do not go on. Record an exception; the officer file may have been exchanged.',
  },
};
