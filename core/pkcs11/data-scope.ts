import type { ReturnName } from './return-value';

/**
 * How far a return value of a data call reaches.
 * `request`: this call alone; the session is as it was.
 * `session`: the session is gone, or stuck in an operation; another one may work.
 * `key`: the handle is none any more; the key has to be found again.
 * `device`: library, login or token; nothing this process has open can be relied on.
 * `unclear`: modules use it for bad input and for a sick device alike; a key that is known to work tells which.
 */
export type Scope = 'request' | 'session' | 'key' | 'device' | 'unclear';

const SCOPES = {
  CKR_CANCEL: 'request',
  CKR_HOST_MEMORY: 'device',
  CKR_SLOT_ID_INVALID: 'device',
  CKR_GENERAL_ERROR: 'unclear',
  CKR_FUNCTION_FAILED: 'unclear',
  // SoftHSM 2.6.1 leaves the operation active after this one.
  CKR_ARGUMENTS_BAD: 'session',
  CKR_NO_EVENT: 'request',
  CKR_NEED_TO_CREATE_THREADS: 'device',
  CKR_CANT_LOCK: 'device',
  CKR_ATTRIBUTE_READ_ONLY: 'request',
  CKR_ATTRIBUTE_SENSITIVE: 'request',
  CKR_ATTRIBUTE_TYPE_INVALID: 'request',
  CKR_ATTRIBUTE_VALUE_INVALID: 'request',
  CKR_DATA_INVALID: 'request',
  CKR_DATA_LEN_RANGE: 'request',
  CKR_DEVICE_ERROR: 'device',
  CKR_DEVICE_MEMORY: 'device',
  CKR_DEVICE_REMOVED: 'device',
  CKR_ENCRYPTED_DATA_INVALID: 'request',
  CKR_ENCRYPTED_DATA_LEN_RANGE: 'request',
  CKR_FUNCTION_CANCELED: 'session',
  CKR_FUNCTION_NOT_PARALLEL: 'request',
  CKR_FUNCTION_NOT_SUPPORTED: 'request',
  CKR_KEY_HANDLE_INVALID: 'key',
  CKR_KEY_SIZE_RANGE: 'request',
  CKR_KEY_TYPE_INCONSISTENT: 'request',
  CKR_KEY_NOT_NEEDED: 'request',
  CKR_KEY_CHANGED: 'request',
  CKR_KEY_NEEDED: 'request',
  CKR_KEY_INDIGESTIBLE: 'request',
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'request',
  CKR_KEY_NOT_WRAPPABLE: 'request',
  CKR_KEY_UNEXTRACTABLE: 'request',
  CKR_MECHANISM_INVALID: 'request',
  CKR_MECHANISM_PARAM_INVALID: 'request',
  CKR_OBJECT_HANDLE_INVALID: 'key',
  CKR_OPERATION_ACTIVE: 'session',
  CKR_OPERATION_NOT_INITIALIZED: 'session',
  CKR_PIN_INCORRECT: 'device',
  CKR_PIN_INVALID: 'device',
  CKR_PIN_LEN_RANGE: 'device',
  CKR_PIN_EXPIRED: 'device',
  CKR_PIN_LOCKED: 'device',
  CKR_SESSION_CLOSED: 'session',
  CKR_SESSION_COUNT: 'session',
  CKR_SESSION_HANDLE_INVALID: 'session',
  CKR_SESSION_PARALLEL_NOT_SUPPORTED: 'device',
  CKR_SESSION_READ_ONLY: 'request',
  CKR_SESSION_EXISTS: 'request',
  CKR_SESSION_READ_ONLY_EXISTS: 'request',
  CKR_SESSION_READ_WRITE_SO_EXISTS: 'device',
  CKR_SIGNATURE_INVALID: 'request',
  CKR_SIGNATURE_LEN_RANGE: 'request',
  CKR_TEMPLATE_INCOMPLETE: 'request',
  CKR_TEMPLATE_INCONSISTENT: 'request',
  CKR_TOKEN_NOT_PRESENT: 'device',
  CKR_TOKEN_NOT_RECOGNIZED: 'device',
  CKR_TOKEN_WRITE_PROTECTED: 'request',
  CKR_UNWRAPPING_KEY_HANDLE_INVALID: 'request',
  CKR_UNWRAPPING_KEY_SIZE_RANGE: 'request',
  CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT: 'request',
  CKR_USER_ALREADY_LOGGED_IN: 'device',
  CKR_USER_NOT_LOGGED_IN: 'device',
  CKR_USER_PIN_NOT_INITIALIZED: 'device',
  CKR_USER_TYPE_INVALID: 'device',
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: 'device',
  CKR_USER_TOO_MANY_TYPES: 'device',
  CKR_WRAPPED_KEY_INVALID: 'request',
  CKR_WRAPPED_KEY_LEN_RANGE: 'request',
  CKR_WRAPPING_KEY_HANDLE_INVALID: 'request',
  CKR_WRAPPING_KEY_SIZE_RANGE: 'request',
  CKR_WRAPPING_KEY_TYPE_INCONSISTENT: 'request',
  CKR_RANDOM_SEED_NOT_SUPPORTED: 'request',
  CKR_RANDOM_NO_RNG: 'request',
  CKR_DOMAIN_PARAMS_INVALID: 'request',
  // The operation stays active: the module waits for a larger buffer.
  CKR_BUFFER_TOO_SMALL: 'session',
  CKR_SAVED_STATE_INVALID: 'request',
  CKR_INFORMATION_SENSITIVE: 'request',
  CKR_STATE_UNSAVEABLE: 'request',
  CKR_CRYPTOKI_NOT_INITIALIZED: 'device',
  CKR_CRYPTOKI_ALREADY_INITIALIZED: 'device',
  CKR_MUTEX_BAD: 'device',
  CKR_MUTEX_NOT_LOCKED: 'device',
  CKR_NEW_PIN_MODE: 'device',
  CKR_NEXT_OTP: 'device',
  CKR_EXCEEDED_MAX_ITERATIONS: 'unclear',
  CKR_FIPS_SELF_TEST_FAILED: 'device',
  CKR_LIBRARY_LOAD_FAILED: 'device',
  CKR_PIN_TOO_WEAK: 'device',
  CKR_PUBLIC_KEY_INVALID: 'request',
  CKR_FUNCTION_REJECTED: 'request',
  CKR_ACTION_PROHIBITED: 'request',
  CKR_AEAD_DECRYPT_FAILED: 'request',
  CKR_CURVE_NOT_SUPPORTED: 'request',
  CKR_TOKEN_RESOURCE_EXCEEDED: 'session',
} as const satisfies Record<ReturnName, Scope>;

/** The scope of a CKR name; what a vendor defined itself is unclear. */
export function scopeOf(name: string): Scope {
  return Object.hasOwn(SCOPES, name) ? SCOPES[name as ReturnName] : 'unclear';
}

/**
 * Names after which the operation surely did not happen, so that it may be done again: whatever call they come from, and those of an
 * Init call alone (PKCS#11 2.40, 5.1).
 */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_OPERATION_ACTIVE',
  'CKR_OPERATION_NOT_INITIALIZED',
]);

export function isNothingDone(name: string): boolean {
  return NOTHING_DONE.has(name);
}

/** What C_Login answers when trying again by itself could lock the token, or cannot help. */
const LOGIN_REFUSALS: ReadonlySet<string> = new Set([
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_EXPIRED',
  'CKR_PIN_LOCKED',
  'CKR_PIN_TOO_WEAK',
  'CKR_NEW_PIN_MODE',
  'CKR_NEXT_OTP',
  'CKR_USER_PIN_NOT_INITIALIZED',
  'CKR_USER_TYPE_INVALID',
  'CKR_FUNCTION_REJECTED',
  'CKR_ARGUMENTS_BAD',
  // Somebody at the token's own key pad said no, or nobody came.
  'CKR_CANCEL',
  'CKR_FUNCTION_CANCELED',
]);

/** `no`: it was not about the PIN; `perhaps`: some modules say so to a wrong PIN, and a sick token to a right one. */
export function isLoginRefused(name: string): 'yes' | 'no' | 'perhaps' {
  if (LOGIN_REFUSALS.has(name)) return 'yes';
  const scope = scopeOf(name);
  if (scope === 'unclear') return 'perhaps';
  return scope === 'device' || scope === 'session' ? 'no' : 'yes';
}
