/** The longest honest input is an exception with its sentences, some ten thousand characters; see core/contract/bridge. */
const MAX_WEIGHT = 64 * 1024;
const MAX_DEPTH = 8;

/** Characters and bytes of a structured-clone value, each member counting 8 besides; Infinity where it is nested too deeply. */
function weigh(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  if (depth >= MAX_DEPTH) return Infinity;
  let sum = 8;
  for (const [name, member] of Object.entries(value)) {
    sum += 8 + name.length + weigh(member, depth + 1);
    if (sum > MAX_WEIGHT) return Infinity;
  }
  return sum;
}

/** Schemas bound every text, but not how many members a record has: a page gone wrong must not be able to fill the journal. */
export function isTooLarge(input: unknown): boolean {
  return weigh(input, 0) > MAX_WEIGHT;
}

/**
 * Overwrites every byte array in a value with zeros. Depth is bounded as in `isTooLarge`, and what was visited is not visited
 * again: structured clone keeps shared references, and eight levels of them would otherwise take for ever.
 */
export function overwriteBytes(value: unknown, depth = 0, visited = new Set<object>()): void {
  if (typeof value !== 'object' || value === null || visited.has(value)) return;
  visited.add(value);
  if (value instanceof Uint8Array) value.fill(0);
  else if (depth < MAX_DEPTH) for (const member of Object.values(value)) overwriteBytes(member, depth + 1, visited);
}
