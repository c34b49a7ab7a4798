/**
 * Every way something expected can go wrong, by area. The list is closed: an edge that turns codes into sentences,
 * exit codes or statuses does so with a total `Record<ErrorCode, ...>`, so a new code does not compile until every edge knows it.
 */
export const ERROR_CODES = [
  // input: what a person or a file gave us
  'input.invalid',
  'input.scriptLint',
  'input.labelTooLong',
  'input.pattern',
  'input.cancelled',
  // token: the PKCS#11 side
  'token.moduleMissing',
  'token.moduleNotPkcs11',
  'token.moduleCrashed',
  'token.notFound',
  'token.ambiguous',
  'token.removed',
  'token.notInitialised',
  'token.notLoggedIn',
  'token.pinIncorrect',
  'token.pinLocked',
  'token.pinInvalid',
  'token.pinCancelled',
  'token.mechanismMissing',
  'token.full',
  'token.readOnly',
  'token.busy',
  'token.device',
  'token.timeout',
  'token.unsupported',
  // key: what we know of one key
  'key.duplicate',
  'key.notFound',
  'key.attributeDiffers',
  'key.notDestroyable',
  // policy: rules of ours that forbid it
  'policy.illegalCombination',
  'policy.rehearsalOnly',
  'policy.roleConflict',
  'policy.alreadyApproved',
  // ceremony: the engine's refusals
  'ceremony.notNow',
  'ceremony.wrongStep',
  'ceremony.wrongRole',
  'ceremony.roleUnfilled',
  'ceremony.openException',
  'ceremony.recoveryNeeded',
  'ceremony.paused',
  'ceremony.sealed',
  'ceremony.differs',
  'ceremony.alreadyRunning',
  // auth: officers and their credentials
  'auth.passphraseWrong',
  'auth.passphraseWeak',
  'auth.officerFile',
  'auth.officerUnknown',
  'auth.signatureInvalid',
  // file: disk and evidence
  'file.notFound',
  'file.exists',
  'file.notWritable',
  'file.diskFull',
  'file.mirrorLost',
  'file.damaged',
  'file.foreign',
  'file.changedUnderneath',
  // the bridge itself
  'bridge.refused',
  'bridge.fault',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
