const HOUR_MS = 3_600_000;

/** A set of wrapping key and import token holds 24 hours (GetParametersForImport). Wrapping does not begin in its last hours: the way back and the import take time, and a blob that comes too late is worth nothing. */
export const SET_MARGIN_MS = 4 * HOUR_MS;

/** The last moment at which wrapping may begin, for a set that is valid to `validTo`; both ISO 8601 UTC. */
export function lastSafeStart(validTo: string): string {
  return new Date(Date.parse(validTo) - SET_MARGIN_MS).toISOString();
}
