import type { ErrorCode } from '../../core/contract/errors';

/** What happened, what it means for the key, what to do next. */
export interface ErrorText {
  readonly what: string;
  readonly means: string;
  readonly do: string;
}

const UNTOUCHED = 'The key is not touched.';
const RECORD_SAFE = 'Everything recorded so far is on disk.';

/** Total: a new error code does not compile until it has its three sentences. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  'input.invalid': { what: 'Something in this form does not fit.', means: UNTOUCHED, do: 'Correct the named field and send it again.' },
  'input.scriptSyntax': {
    what: 'The ceremony script cannot be read.',
    means: 'Nothing was started. ' + UNTOUCHED,
    do: 'Have the script’s author correct the line named below, review it again, and start anew.',
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
  'input.cancelled': { what: 'The dialog was closed without a choice.', means: 'Nothing was changed. ' + UNTOUCHED, do: 'Open it again when you are ready.' },
  'input.notTwice': {
    what: 'The two entries are not the same.',
    means: 'Nothing was accepted. ' + UNTOUCHED,
    do: 'Both people read the source again and enter it once more. If they differ again, raise an exception.',
  },
  'input.pattern': {
    what: 'The entry does not have the form the script asks for.',
    means: 'Nothing was accepted. ' + UNTOUCHED,
    do: 'Read it again from the source, and compare it with the hint beside the field.',
  },
  'token.moduleMissing': {
    what: 'The PKCS#11 module is not where it should be.',
    means: 'The token was not reached. ' + UNTOUCHED,
    do: 'Install the vendor’s client, or pick the module file in Settings.',
  },
  'token.moduleNotPkcs11': {
    what: 'The chosen file is not a PKCS#11 module.',
    means: 'It was not used. ' + UNTOUCHED,
    do: 'Pick the module that the HSM vendor names (a .so, .dylib or .dll) in Settings.',
  },
  'token.moduleCrashed': {
    what: 'The PKCS#11 module stopped in the middle of its work.',
    means: 'Whether the last act reached the token is not known yet. The evidence is safe.',
    do: 'Do not repeat the act. Continue the ceremony: Keyrite looks at the token first and then asks you to decide.',
  },
  'token.notFound': {
    what: 'No token with the expected serial and label is there.',
    means: UNTOUCHED + ' No other token is used in its place.',
    do: 'Connect the right HSM and compare its serial with the bag. Then try again.',
  },
  'token.ambiguous': {
    what: 'More than one token has this serial and label.',
    means: UNTOUCHED + ' Keyrite does not guess which one is meant.',
    do: 'Disconnect the token that is not part of this ceremony.',
  },
  'token.removed': {
    what: 'The token was removed while it was in use.',
    means: 'Whether the last act was finished is not known yet. The evidence is safe.',
    do: 'Put the same token back, check its serial, and continue. Keyrite inspects it before anything else happens.',
  },
  'token.notInitialised': {
    what: 'The token is blank: it was never initialised.',
    means: 'It holds no key.',
    do: 'Run the ceremony that initialises a token, with its security officer present.',
  },
  'token.alreadyInitialised': {
    what: 'The token is initialised already.',
    means: 'Initialising it again would ERASE every key on it. Nothing was done.',
    do: 'Compare the serial with the bag. If it is the right token, start the ceremony without initialisation.',
  },
  'token.notLoggedIn': {
    what: 'Nobody is logged in to the token.',
    means: UNTOUCHED,
    do: 'The custodian logs in, then the step is done again.',
  },
  'token.pinIncorrect': {
    what: 'The token refused the PIN.',
    means: UNTOUCHED + ' Each wrong PIN costs one of the token’s tries. Keyrite never tries again by itself.',
    do: 'Look at the tries left. Enter the PIN again only if you are sure; if not, pause and fetch another custodian.',
  },
  'token.pinLocked': {
    what: 'The token has locked this PIN after too many wrong entries.',
    means: 'The key stays in the token, and nobody can use it until the PIN is reset.',
    do: 'Pause the ceremony. The security officer resets the PIN by the vendor’s procedure. Record an exception.',
  },
  'token.pinInvalid': {
    what: 'The token does not accept a PIN of this length or with these characters.',
    means: 'The PIN was not set or not tried. ' + UNTOUCHED,
    do: 'Choose a PIN by the vendor’s rules and enter it again.',
  },
  'token.pinCancelled': {
    what: 'The PIN entry at the token was cancelled or timed out.',
    means: UNTOUCHED,
    do: 'Do the step again and enter the PIN at the token’s own pad in time.',
  },
  'token.mechanismMissing': {
    what: 'The token lacks a mechanism, or a key size, that this ceremony needs.',
    means: 'No key was made.',
    do: 'Check the HSM’s firmware and mode (FIPS mode hides mechanisms), or choose another key kind.',
  },
  'token.full': { what: 'The token has no room for another key.', means: 'No key was made.', do: 'Free room by the vendor’s procedure, or use another token.' },
  'token.readOnly': {
    what: 'The token is write-protected.',
    means: 'No key was made or changed.',
    do: 'Lift the write protection by the vendor’s procedure, then do the step again.',
  },
  'token.busy': {
    what: 'Somebody else is using the token.',
    means: UNTOUCHED,
    do: 'Close other programs that use the HSM, or wait until the running ceremony is finished.',
  },
  'token.device': {
    what: 'The token reported a device error.',
    means: 'Whether the act happened is not known yet.',
    do: 'Do not repeat it. Record an exception and inspect the token before you decide.',
  },
  'token.timeout': {
    what: 'The token did not answer in time.',
    means: 'Whether the act happened is not known yet. The evidence is safe.',
    do: 'Do not repeat it. Keyrite inspects the token before anything else happens.',
  },
  'token.unsupported': {
    what: 'The token does not support this function.',
    means: UNTOUCHED,
    do: 'Check the profile in Settings. If it fits, this ceremony cannot be run with this HSM.',
  },
  'key.duplicate': {
    what: 'There already is a key with this label or identifier.',
    means: 'No key was made, so that two keys can never be mistaken for each other.',
    do: 'Choose another label. Never delete a key just to free its name.',
  },
  'key.notFound': { what: 'The key is not on the token.', means: 'Nothing was done with it.', do: 'Check that this is the right token, then look at the inventory.' },
  'key.attributeDiffers': {
    what: 'The token did not give the key the attributes that were approved.',
    means: 'This key must not be used: its protection is not the approved one.',
    do: 'Record the exception. The plan for failure is to destroy the key and stop.',
  },
  'key.notDestroyable': {
    what: 'The token refused to destroy the key.',
    means: 'The key still exists and must be treated as unusable.',
    do: 'Record the exception and follow the vendor’s procedure to remove it.',
  },
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
  'ceremony.notNow': { what: 'That is not possible at this point.', means: 'Nothing happened.', do: 'Do what the highlighted beat asks for.' },
  'ceremony.wrongStep': {
    what: 'The ceremony is at another step by now.',
    means: 'Nothing happened.',
    do: 'Look at the step on the screen and go on from there.',
  },
  'ceremony.wrongRole': { what: 'This seat may not do that.', means: 'Nothing happened.', do: 'The seat named in the step has to do it.' },
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
  'ceremony.paused': { what: 'The ceremony is paused.', means: 'The token is logged out.', do: 'Resume it when everybody is back.' },
  'ceremony.sealed': { what: 'The ceremony is sealed.', means: 'Its evidence can no longer change.', do: 'Find it under Evidence.' },
  'ceremony.interrupted': { what: 'The ceremony was interrupted.', means: RECORD_SAFE, do: 'Continue it from the Desk.' },
  'ceremony.differs': {
    what: 'What the token or the disk holds differs from what was left.',
    means: 'Something changed during the break. The key must not be used until this is explained.',
    do: 'Record an exception, compare the inventories, and decide together.',
  },
  'ceremony.alreadyRunning': {
    what: 'A ceremony is running already.',
    means: 'There is one at a time, so that one token serves one ceremony.',
    do: 'Finish or stop the running ceremony first.',
  },
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
  'auth.officerFile': { what: 'This is not a Keyrite officer file, or it is damaged.', means: 'Nobody was added.', do: 'Pick the file that ends in .officer.json, or use its copy.' },
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
  'file.notFound': { what: 'The file or folder is not there any more.', means: UNTOUCHED, do: 'Connect the drive it was on, or choose another.' },
  'file.exists': { what: 'A file of that name is there already.', means: 'Nothing was overwritten.', do: 'Choose another place or name.' },
  'file.notWritable': {
    what: 'Keyrite may not write there.',
    means: RECORD_SAFE + ' The ceremony waits.',
    do: 'Make the folder writable or choose another, then try again.',
  },
  'file.diskFull': {
    what: 'The disk is full.',
    means: RECORD_SAFE + ' The ceremony waits; nothing happens on the token meanwhile.',
    do: 'Free some room on the evidence disk, then press Try again.',
  },
  'file.mirrorLost': {
    what: 'The mirror folder is gone.',
    means: 'The evidence itself is safe, but there is only one copy of it now.',
    do: 'Put the medium back, or go on and copy the pack afterwards. The alarm is in the record.',
  },
  'file.damaged': {
    what: 'The evidence is damaged: it is not what was written.',
    means: 'It proves nothing from the damaged place on.',
    do: 'Keep it unchanged, and compare it with the mirror or with an exported copy.',
  },
  'file.foreign': {
    what: 'There is a file in the pack that does not belong to it.',
    means: 'The pack as a whole cannot be accepted.',
    do: 'Find out who put it there. Work on a copy; do not delete it from the original.',
  },
  'file.changedUnderneath': {
    what: 'Another program changed the evidence while the ceremony was running.',
    means: 'The record can no longer be continued safely.',
    do: 'Stop. Keep the folder as it is and record what ran on this station.',
  },
  'bridge.refused': { what: 'The request was refused.', means: 'Nothing happened.', do: 'Close the window and open Keyrite again. If it happens again, report it.' },
  'bridge.fault': {
    what: 'Something unexpected went wrong inside Keyrite.',
    means: RECORD_SAFE + ' What happened last may be unknown: Keyrite looks before it repeats anything.',
    do: 'Try once more. If it fails again, restart Keyrite and continue the ceremony from the Desk.',
  },
};
