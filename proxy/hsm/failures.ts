import { refusal, type XksFailure } from '../../core/xks/errors';

/** What the pool itself has to say to a request. */
export const QUEUE_FULL: XksFailure = refusal(
  'ThrottlingException',
  'queueFull',
  'More requests are waiting for the HSM than the queue takes. Slow down, or give the pool more sessions.',
).error;

export const TIMED_OUT: XksFailure = refusal(
  'DependencyTimeoutException',
  'deadline',
  'The HSM did not answer within the deadline.',
).error;

export const CRASHED: XksFailure = refusal(
  'InternalException',
  'processEnded',
  'The HSM process ended while it worked on this. Another one takes over.',
).error;

export const GARBLED: XksFailure = refusal(
  'InternalException',
  'garbled',
  'The HSM process answered something that is no answer.',
).error;

export const KILLED: XksFailure = refusal('InvalidStateException', 'killed', 'This proxy was switched off by a person.').error;

export const STOPPED: XksFailure = refusal('InternalException', 'stopped', 'This proxy is ending.').error;

export const LOGIN_REFUSED: XksFailure = refusal(
  'InternalException',
  'loginRefused',
  'The token refused the PIN. Nothing logs in until a person acts: keyrite login.',
).error;

export const LOGGED_OUT: XksFailure = refusal(
  'InvalidStateException',
  'loggedOut',
  'A person logged this proxy out of its token. Nothing logs in until a person acts: keyrite login.',
).error;

export const INTERRUPTED: XksFailure = refusal('InternalException', 'interrupted', 'A key was blocked meanwhile.').error;

export const REPEATED_IV: XksFailure = refusal(
  'InternalException',
  'ivRepeats',
  'The token gave an initialization vector it gave before; nothing encrypted with it may leave.',
).error;

export const EMPTY_PLAINTEXT: XksFailure = refusal('ValidationException', 'emptyPlaintext', 'The plaintext is empty.').error;

export const EMPTY_CIPHERTEXT: XksFailure = refusal(
  'InvalidCiphertextException',
  'emptyCiphertext',
  'The ciphertext is empty.',
).error;

export const BAD_LENGTHS: XksFailure = refusal(
  'InvalidCiphertextException',
  'lengths',
  'The initialization vector or the authentication tag has a length that cannot be.',
).error;

export const TOO_LONG: XksFailure = refusal(
  'UnsupportedOperationException',
  'size',
  'The plaintext, ciphertext or additional authenticated data is longer than this proxy can hand to an HSM.',
).error;

/** A refusal that another search might turn into an answer: somebody made or removed a key since. */
export const WORTH_ANOTHER_SEARCH: ReadonlySet<string> = new Set([
  'noKey',
  'generationUnknown',
  'generationMissing',
  'duplicateId',
]);

/** What makes an answer one that a process in order does not give. */
export const NOT_TO_BE_TRUSTED: ReadonlySet<XksFailure> = new Set([GARBLED, REPEATED_IV]);
