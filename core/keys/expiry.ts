import { failure, success, type Result } from '../contract/result';

/** What an entry for the expiry looks like: the word, or the last day, as ISO 8601. */
export const NEVER = 'never';

/** Who owns an expiry that never comes. */
export const NOBODY = 'none';

/** KMS keeps imported material 365 days at most (ImportKeyMaterial, ValidTo). */
const LONGEST_DAYS = 365;
const DAY_MS = 86_400_000;

/** When imported material expires; `validTo` is ISO 8601 UTC. */
export type Expiry = { readonly model: 'never' } | { readonly model: 'expires'; readonly validTo: string };

/** `never`, or a day, at whose end (UTC) the material expires; null for what is neither. */
export function expiryOf(entry: string): Expiry | null {
  if (entry === NEVER) return { model: 'never' };
  const end = new Date(`${entry}T23:59:59.000Z`);
  const isDay = !Number.isNaN(end.getTime()) && end.toISOString().slice(0, 10) === entry;
  return isDay ? { model: 'expires', validTo: end.toISOString() } : null;
}

/** The expiry that two people enter. `input.invalid` with a sentence for a day that does not exist, has passed, or is further away than KMS allows. */
export function readExpiry(entry: string, now: Date): Result<Expiry> {
  const expiry = expiryOf(entry);
  if (expiry === null) return refused('expiry', `${entry} is no day of the calendar`);
  if (expiry.model === 'never') return success(expiry);
  const leftMs = Date.parse(expiry.validTo) - now.getTime();
  if (leftMs <= 0) return refused('expiry', `${entry} has passed`);
  if (leftMs > LONGEST_DAYS * DAY_MS) return refused('expiry', `KMS keeps imported material ${LONGEST_DAYS} days at most`);
  return success(expiry);
}

/** The person who owns a date; nobody owns one that never comes. `input.invalid` with a sentence for the wrong one of the two. */
export function readExpiryOwner(entry: string, expiry: string): Result<null> {
  const isNobody = entry.toLowerCase() === NOBODY;
  if (expiry === NEVER && !isNobody) return refused('owner', `the material never expires: write ${NOBODY}`);
  if (expiry !== NEVER && isNobody) return refused('owner', `the material expires on ${expiry}: a person must own that date`);
  return success(null);
}

function refused(field: string, problem: string): ReturnType<typeof failure> {
  return failure('input.invalid', { field, problem });
}
