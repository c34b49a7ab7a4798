import type { ErrorCode } from './errors';

/** What went wrong, as a value: a code from the closed list and the facts a sentence about it needs. Never a secret. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** An expected outcome. Bugs are thrown instead and logged once at the edge. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(code: ErrorCode, detail: Failure['detail'] = {}): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { code, detail } };
}
