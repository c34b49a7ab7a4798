/** An error as the KMS API gives it: the name of the exception, its text, the HTTP status. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly status: number;
}

/** What an operation comes to: its output, or an error that AWS would have answered. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const SERVER_FAULTS: Readonly<Record<string, number>> = {
  KMSInternalException: 500,
  DependencyTimeoutException: 503,
  InternalFailure: 500,
  KeyUnavailableException: 500,
  ServiceUnavailable: 503,
};

export function yes<T>(value: T): Answer<T> {
  return { ok: true, value };
}

/** KMS answers 400 to every fault of the client, access denied included. */
export function no(name: string, message = ''): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { name, message, status: SERVER_FAULTS[name] ?? 400 } };
}

export function invalid(message: string): { readonly ok: false; readonly refusal: Refusal } {
  return no('ValidationException', message);
}
