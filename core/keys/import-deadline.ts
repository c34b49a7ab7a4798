import { lastSafeStart } from './import-set';

/** The import comes last: what remains of a set after its blob is back must cover the approval and one repeated call. */
export const IMPORT_MARGIN_MS = 15 * 60_000;

/**
 * Where a set stands: `wrap` wrapping may begin; `import` too late to begin wrapping, a blob that was wrapped in time may still be
 * imported; `late` KMS may still take it, but nothing may go wrong any more; `over` KMS refuses it.
 */
export type DeadlinePhase = 'wrap' | 'import' | 'late' | 'over';

/** The countdown of the sets of one bundle. Times are ISO 8601 UTC; what is left is in milliseconds and never below zero. */
export interface ImportDeadline {
  readonly phase: DeadlinePhase;
  /** the end of the set that ends first */
  readonly validTo: string;
  readonly lastSafeWrap: string;
  readonly lastSafeImport: string;
  readonly toLastSafeWrapMs: number;
  readonly toLastSafeImportMs: number;
  readonly toValidToMs: number;
}

/** The set that ends first decides for all: a bundle with one dead set would have to be made again anyway. @throws TypeError for none */
export function earliestEnd(validTos: readonly string[]): string {
  return validTos.reduce((first, next) => (Date.parse(next) < Date.parse(first) ? next : first));
}

/**
 * How much time is left of sets that are valid to these times (ISO 8601 UTC). KMS gives 24 hours (GetParametersForImport); wrapping
 * begins no later than the margin of `lastSafeStart` before the end. A limit that is reached counts as passed.
 * @param nowMs the clock, ms since 1970
 */
export function importDeadline(validTos: readonly string[], nowMs: number): ImportDeadline {
  const validTo = earliestEnd(validTos);
  const lastSafeWrap = lastSafeStart(validTo);
  const lastSafeImport = new Date(Date.parse(validTo) - IMPORT_MARGIN_MS).toISOString();
  const left = (limit: string) => Math.max(0, Date.parse(limit) - nowMs);
  const [toLastSafeWrapMs, toLastSafeImportMs, toValidToMs] = [left(lastSafeWrap), left(lastSafeImport), left(validTo)];
  const phase = toLastSafeWrapMs > 0 ? 'wrap' : toLastSafeImportMs > 0 ? 'import' : toValidToMs > 0 ? 'late' : 'over';
  return { phase, validTo, lastSafeWrap, lastSafeImport, toLastSafeWrapMs, toLastSafeImportMs, toValidToMs };
}
