import { UNTOUCHED, type AreaTexts } from './error-text';

/** The PKCS#11 side. */
export const tokenTexts: AreaTexts<'token'> = {
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
  'token.full': {
    what: 'The token has no room for another key.',
    means: 'No key was made.',
    do: 'Free room by the vendor’s procedure, or use another token.',
  },
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
  'token.wrapDefect': {
    what: 'The module wrapped a throw-away key in a form that KMS would not unwrap to the same key.',
    means: 'The key to be imported is not touched and nothing was wrapped with this mechanism.',
    do: 'Choose a wrapping algorithm that this module does right, another kind of key, or a newer module. Keyrite does not repair what a module makes.',
  },
};
