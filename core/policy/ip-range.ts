/** An IP address as a number of 32 or 128 bits; null for what is none. */
function addressBits(text: string): { readonly bits: bigint; readonly size: 32 | 128 } | null {
  const four = text.split('.');
  if (four.length === 4 && four.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return { bits: four.reduce((sum, part) => sum * 256n + BigInt(part), 0n), size: 32 };
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null;
  const parts = [...head, ...Array.from({ length: gap }, () => '0'), ...tail];
  if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return null;
  return { bits: parts.reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n), size: 128 };
}

/** Is an address in a range of CIDR notation (RFC 4632, RFC 4291)? A range without a length is one address. */
export function addressIn(address: string, range: string): boolean {
  const [base = '', length] = range.split('/');
  const [got, from] = [addressBits(address), addressBits(base)];
  if (got === null || from === null || got.size !== from.size) return false;
  const prefix = length === undefined ? from.size : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > from.size) return false;
  const shift = BigInt(from.size - prefix);
  return got.bits >> shift === from.bits >> shift;
}
