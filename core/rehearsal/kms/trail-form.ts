import { lowerFirst } from './validation';
import type { Output } from './wire';

/** Never written: grant tokens are good for using a key, the credential of a proxy for using all of them, and neither is bytes. */
const LEFT_OUT = new Set(['GrantTokens', 'GrantToken', 'XksProxyAuthenticationCredential']);
const DATES = new Set(['ValidTo', 'CreationDate', 'DeletionDate']);
/** Names in these are the caller's own. */
const OWN_NAMES = /^EncryptionContext|EncryptionContext$/;

/**
 * A request as CloudTrail writes it; null where nothing is left. Bytes never: plaintext, ciphertext, material and token are all bytes.
 * Times in a request that was read are milliseconds.
 */
export function requestParameters(input: Output): Output | null {
  const form = formOf(input, 1);
  return Object.keys(form).length === 0 ? null : form;
}

/** An answer as CloudTrail writes it. Its times are seconds. */
export function responseElements(answer: Output): Output {
  return formOf(answer, 1000);
}

function formOf(members: object, msPerUnit: number): Output {
  const kept = Object.entries(members).filter(
    ([name, value]) => value !== undefined && !(value instanceof Uint8Array) && !LEFT_OUT.has(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [lowerFirst(name), valueForm(name, value, msPerUnit)]));
}

function valueForm(name: string, value: unknown, msPerUnit: number): unknown {
  if (DATES.has(name) && typeof value === 'number') return englishTime(value * msPerUnit);
  if (typeof value !== 'object' || value === null || OWN_NAMES.test(name)) return value;
  return Array.isArray(value) ? value.map((entry: unknown) => valueForm('', entry, msPerUnit)) : formOf(value, msPerUnit);
}

/** `May 1, 2027, 9:00:00 AM`, in UTC: how dates stand inside of a record. */
export function englishTime(at: number): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  })
    .format(at)
    .replaceAll('\u202f', ' ');
}
