import pkcs11 from 'pkcs11js';
import type { ErrorCode } from '../contract/errors';
import { failure, type Failure } from '../contract/result';

/**
 * Every CKR_* of PKCS#11 2.40 that a call of ours can meet, and what it means to the house. `bug`: we used the interface wrongly;
 * such an error is thrown on. What is not in the table is vendor-defined and means the device.
 */
const MEANING = {
  CKR_CANCEL: 'token.pinCancelled',
  CKR_HOST_MEMORY: 'token.device',
  CKR_SLOT_ID_INVALID: 'token.removed',
  CKR_GENERAL_ERROR: 'token.device',
  CKR_FUNCTION_FAILED: 'token.device',
  CKR_ARGUMENTS_BAD: 'token.unsupported',
  CKR_NO_EVENT: 'token.device',
  CKR_NEED_TO_CREATE_THREADS: 'token.unsupported',
  CKR_CANT_LOCK: 'token.unsupported',
  CKR_ATTRIBUTE_READ_ONLY: 'token.readOnly',
  CKR_ATTRIBUTE_SENSITIVE: 'token.unsupported',
  CKR_ATTRIBUTE_TYPE_INVALID: 'token.unsupported',
  CKR_ATTRIBUTE_VALUE_INVALID: 'token.unsupported',
  CKR_DATA_INVALID: 'token.device',
  CKR_DATA_LEN_RANGE: 'token.unsupported',
  CKR_DEVICE_ERROR: 'token.device',
  CKR_DEVICE_MEMORY: 'token.full',
  CKR_DEVICE_REMOVED: 'token.removed',
  CKR_ENCRYPTED_DATA_INVALID: 'token.device',
  CKR_ENCRYPTED_DATA_LEN_RANGE: 'token.device',
  CKR_FUNCTION_CANCELED: 'token.pinCancelled',
  CKR_FUNCTION_NOT_PARALLEL: 'token.unsupported',
  CKR_FUNCTION_NOT_SUPPORTED: 'token.unsupported',
  CKR_KEY_HANDLE_INVALID: 'key.notFound',
  CKR_KEY_SIZE_RANGE: 'token.unsupported',
  CKR_KEY_TYPE_INCONSISTENT: 'token.unsupported',
  CKR_KEY_NOT_NEEDED: 'bug',
  CKR_KEY_CHANGED: 'bug',
  CKR_KEY_NEEDED: 'bug',
  CKR_KEY_INDIGESTIBLE: 'token.unsupported',
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'token.unsupported',
  CKR_KEY_NOT_WRAPPABLE: 'token.unsupported',
  CKR_KEY_UNEXTRACTABLE: 'token.unsupported',
  CKR_MECHANISM_INVALID: 'token.mechanismMissing',
  CKR_MECHANISM_PARAM_INVALID: 'token.unsupported',
  CKR_OBJECT_HANDLE_INVALID: 'key.notFound',
  CKR_OPERATION_ACTIVE: 'token.busy',
  CKR_OPERATION_NOT_INITIALIZED: 'token.device',
  CKR_PIN_INCORRECT: 'token.pinIncorrect',
  CKR_PIN_INVALID: 'token.pinInvalid',
  CKR_PIN_LEN_RANGE: 'token.pinInvalid',
  CKR_PIN_EXPIRED: 'token.pinInvalid',
  CKR_PIN_LOCKED: 'token.pinLocked',
  CKR_SESSION_CLOSED: 'token.removed',
  CKR_SESSION_COUNT: 'token.busy',
  CKR_SESSION_HANDLE_INVALID: 'token.removed',
  CKR_SESSION_PARALLEL_NOT_SUPPORTED: 'token.unsupported',
  CKR_SESSION_READ_ONLY: 'token.readOnly',
  CKR_SESSION_EXISTS: 'token.busy',
  CKR_SESSION_READ_ONLY_EXISTS: 'token.busy',
  CKR_SESSION_READ_WRITE_SO_EXISTS: 'token.busy',
  CKR_SIGNATURE_INVALID: 'token.device',
  CKR_SIGNATURE_LEN_RANGE: 'token.device',
  CKR_TEMPLATE_INCOMPLETE: 'token.unsupported',
  CKR_TEMPLATE_INCONSISTENT: 'token.unsupported',
  CKR_TOKEN_NOT_PRESENT: 'token.removed',
  CKR_TOKEN_NOT_RECOGNIZED: 'token.notInitialised',
  CKR_TOKEN_WRITE_PROTECTED: 'token.readOnly',
  CKR_UNWRAPPING_KEY_HANDLE_INVALID: 'bug',
  CKR_UNWRAPPING_KEY_SIZE_RANGE: 'token.unsupported',
  CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT: 'token.unsupported',
  CKR_USER_ALREADY_LOGGED_IN: 'token.busy',
  CKR_USER_NOT_LOGGED_IN: 'token.notLoggedIn',
  CKR_USER_PIN_NOT_INITIALIZED: 'token.notInitialised',
  CKR_USER_TYPE_INVALID: 'token.unsupported',
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: 'token.busy',
  CKR_USER_TOO_MANY_TYPES: 'token.busy',
  CKR_WRAPPED_KEY_INVALID: 'token.device',
  CKR_WRAPPED_KEY_LEN_RANGE: 'token.device',
  CKR_WRAPPING_KEY_HANDLE_INVALID: 'bug',
  CKR_WRAPPING_KEY_SIZE_RANGE: 'token.unsupported',
  CKR_WRAPPING_KEY_TYPE_INCONSISTENT: 'token.unsupported',
  CKR_RANDOM_SEED_NOT_SUPPORTED: 'token.unsupported',
  CKR_RANDOM_NO_RNG: 'token.unsupported',
  CKR_DOMAIN_PARAMS_INVALID: 'token.unsupported',
  CKR_BUFFER_TOO_SMALL: 'bug',
  CKR_SAVED_STATE_INVALID: 'bug',
  CKR_INFORMATION_SENSITIVE: 'token.unsupported',
  CKR_STATE_UNSAVEABLE: 'bug',
  CKR_CRYPTOKI_NOT_INITIALIZED: 'token.device',
  CKR_CRYPTOKI_ALREADY_INITIALIZED: 'bug',
  CKR_MUTEX_BAD: 'token.device',
  CKR_MUTEX_NOT_LOCKED: 'token.device',
  CKR_NEW_PIN_MODE: 'token.pinInvalid',
  CKR_NEXT_OTP: 'token.pinInvalid',
  CKR_EXCEEDED_MAX_ITERATIONS: 'token.device',
  CKR_FIPS_SELF_TEST_FAILED: 'token.device',
  CKR_LIBRARY_LOAD_FAILED: 'token.moduleNotPkcs11',
  CKR_PIN_TOO_WEAK: 'token.pinInvalid',
  CKR_PUBLIC_KEY_INVALID: 'token.device',
  CKR_FUNCTION_REJECTED: 'token.unsupported',
  CKR_ACTION_PROHIBITED: 'key.notDestroyable',
  CKR_AEAD_DECRYPT_FAILED: 'token.device',
  CKR_CURVE_NOT_SUPPORTED: 'token.unsupported',
  CKR_TOKEN_RESOURCE_EXCEEDED: 'token.full',
} as const satisfies Record<string, ErrorCode | 'bug'>;

export type ReturnName = keyof typeof MEANING;

/** Codes the binding has no name for: two of 2.40's later revisions, two of 3.0. */
const LATER: readonly (readonly [number, string])[] = [
  [0x1b, 'CKR_ACTION_PROHIBITED'],
  [0x35, 'CKR_AEAD_DECRYPT_FAILED'],
  [0x140, 'CKR_CURVE_NOT_SUPPORTED'],
  [0x201, 'CKR_TOKEN_RESOURCE_EXCEEDED'],
];

const NAMES: ReadonlyMap<number, string> = new Map([
  ...LATER,
  ...Object.entries(pkcs11).flatMap(([name, value]): [number, string][] =>
    name.startsWith('CKR_') && typeof value === 'number' ? [[value, name]] : [],
  ),
]);

/** What a PKCS#11 function returned instead of CKR_OK, or null for an error that is none of the token's. */
export function returnName(error: unknown): string | null {
  if (!(error instanceof Error) || !/CKR_/.test(error.message)) return null;
  // C_FindObjects throws unwrapped, with the number inside the message.
  const number = error instanceof pkcs11.Pkcs11Error ? error.code : Number(/:(\d+)/.exec(error.message)?.[1] ?? Number.NaN);
  return NAMES.get(number) ?? `0x${number.toString(16)}`;
}

/** The table as a function: the code for a CKR name, `token.device` for what vendors define themselves. */
export function meaningOf(name: string): ErrorCode | 'bug' {
  return Object.hasOwn(MEANING, name) ? MEANING[name as ReturnName] : 'token.device';
}

/** Every name the table knows, for the test that walks it. */
export function knownReturnNames(): readonly string[] {
  return Object.keys(MEANING);
}

/** `error` as an expected failure with the CKR name in its detail. Bugs, ours and the binding's, are thrown on. */
export function tokenFailure(error: unknown): { readonly ok: false; readonly error: Failure } {
  const name = returnName(error);
  const code = name === null ? 'bug' : meaningOf(name);
  if (name === null || code === 'bug') throw error;
  return failure(code, { rv: name });
}
