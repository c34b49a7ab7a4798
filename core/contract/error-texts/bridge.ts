import { RECORD_SAFE, type AreaTexts } from './error-text';

/** The bridge itself. */
export const bridgeTexts: AreaTexts<'bridge'> = {
  'bridge.refused': {
    what: 'The request was refused.',
    means: 'Nothing happened.',
    do: 'Close the window and open Keyrite again. If it happens again, report it.',
  },
  'bridge.fault': {
    what: 'Something unexpected went wrong inside Keyrite.',
    means: RECORD_SAFE + ' What happened last may be unknown: Keyrite looks before it repeats anything.',
    do: 'Try once more. If it fails again, restart Keyrite and continue the ceremony from the Desk.',
  },
};
