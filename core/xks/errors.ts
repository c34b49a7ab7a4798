/** The errors a proxy may answer, with their HTTP status (XKS proxy API specification 1.0.3, "Error codes"). */
export const XKS_STATUS = {
  ValidationException: 400,
  InvalidStateException: 400,
  InvalidCiphertextException: 400,
  InvalidKeyUsageException: 400,
  AuthenticationFailedException: 401,
  AccessDeniedException: 403,
  KeyNotFoundException: 404,
  InvalidUriPathException: 404,
  ThrottlingException: 429,
  InternalException: 500,
  UnsupportedOperationException: 501,
  DependencyTimeoutException: 503,
} as const;

export type XksErrorName = keyof typeof XKS_STATUS;

/** `errorMessage` must be shorter than this, in characters of printable ASCII. */
export const MESSAGE_LENGTH_LIMIT = 512;

/** A refusal or failure on its way to KMS. Neither text ever holds a secret, a plaintext or a ciphertext. */
export interface XksFailure {
  readonly name: XksErrorName;
  /** for the people who read KMS's logs: what happened and what to do; any text, made printable before it is sent */
  readonly message: string;
  /** one word for our own audit and metrics, never sent: a CKR name, `queueFull`, `killed`, `signature` */
  readonly reason: string;
}

export type XksResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: XksFailure };

export function refusal(name: XksErrorName, reason: string, message: string): { readonly ok: false; readonly error: XksFailure } {
  return { ok: false, error: { name, reason, message } };
}

/** The text as the specification lets it travel: printable ASCII 0x20..0x7e, under 512 characters. */
export function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, MESSAGE_LENGTH_LIMIT - 1);
}
