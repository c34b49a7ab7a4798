import { headerValue, type SignedRequest } from '../../core/xks/sigv4';

/** HTTP/2's name for what HTTP/1.1 has in Host. */
const AUTHORITY = ':authority';

export type SignedHeaders =
  | { readonly ok: true; readonly headers: SignedRequest['headers'] }
  | { readonly ok: false; readonly name: string; readonly problem: 'missing' | 'twice' };

/**
 * The headers a signature covers, out of the raw ones (name, value, name, value ...). Each has to be there exactly once: with two of
 * a name, the one that was signed and the one that somebody reads could be different ones.
 * @param names in lower case, sorted, without doubles
 */
export function signedHeadersOf(raw: readonly string[], names: readonly string[]): SignedHeaders {
  const headers: [string, string][] = [];
  for (const name of names) {
    const values = valuesOf(raw, name);
    const [value] = values;
    if (value === undefined) return { ok: false, name, problem: 'missing' };
    if (values.length > 1) return { ok: false, name, problem: 'twice' };
    headers.push([name, headerValue(value)]);
  }
  return { ok: true, headers };
}

/** All values under a name; for `host` those of `:authority` too, and one value where both say the same, as HTTP/2 allows. */
export function valuesOf(raw: readonly string[], name: string): readonly string[] {
  const values = valuesUnder(raw, name);
  if (name !== 'host') return values;
  const [authority, ...more] = valuesUnder(raw, AUTHORITY);
  if (authority === undefined) return values;
  return values.length === 1 && values[0] === authority ? values : [...values, authority, ...more];
}

function valuesUnder(raw: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const found = raw[i];
    if (found?.length === name.length && found.toLowerCase() === name) values.push(raw[i + 1] ?? '');
  }
  return values;
}
