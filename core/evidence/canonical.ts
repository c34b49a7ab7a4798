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
