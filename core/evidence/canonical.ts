import canonicalize from 'canonicalize';

/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * The RFC 8785 (JCS) form of a value: one byte sequence per value, so that a hash over it means the value and not its layout.
 * @throws RangeError for what JSON cannot carry (NaN, Infinity, a lone surrogate)
 */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new RangeError('This value has no JSON form.');
  return text;
}

/**
 * Is `text` the JCS form of `value`, which was parsed from it? JSON.stringify writes numbers and strings as JCS does (both
 * follow ECMAScript) and keeps the order of members, so it settles the common case five times faster than `canonical`. What it
 * cannot settle goes the slow way: members not in order, names like "10" that JavaScript moves, and escaped surrogates.
 */
export function isCanonical(text: string, value: unknown): boolean {
  try {
    if (!text.includes('\\ud') && JSON.stringify(value) === text && membersAreSorted(value)) return true;
    return canonical(value) === text;
  } catch {
    return false; // a lone surrogate, for which JCS has no form; or nesting that no honest event has
  }
}

/** Are the members of every object in the order of their UTF-16 code units (RFC 8785, 3.2.3)? */
function membersAreSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(membersAreSorted);
  let last: string | undefined;
  for (const [name, member] of Object.entries(value)) {
    if (last !== undefined && last >= name) return false;
    if (!membersAreSorted(member)) return false;
    last = name;
  }
  return true;
}
