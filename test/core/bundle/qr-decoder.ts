/**
 * Reads a QR code back out of its modules, for the tests of what we draw: ISO/IEC 18004 without error correction, which a drawing that
 * is exact does not need. Level M, versions 1 to 25, alphanumeric mode. Written from the standard, it shares nothing with the encoder.
 */

/** Table 9 for level M: error correction codewords per block, then blocks and data codewords of each of up to two groups. */
const BLOCKS: readonly (readonly number[])[] = [
  [10, 1, 16],
  [16, 1, 28],
  [26, 1, 44],
  [18, 2, 32],
  [24, 2, 43],
  [16, 4, 27],
  [18, 4, 31],
  [22, 2, 38, 2, 39],
  [22, 3, 36, 2, 37],
  [26, 4, 43, 1, 44],
  [30, 1, 50, 4, 51],
  [22, 6, 36, 2, 37],
  [22, 8, 37, 1, 38],
  [24, 4, 40, 5, 41],
  [24, 5, 41, 5, 42],
  [28, 7, 45, 3, 46],
  [28, 10, 46, 1, 47],
  [26, 9, 43, 4, 44],
  [26, 3, 44, 11, 45],
  [26, 3, 41, 13, 42],
  [26, 17, 42],
  [28, 17, 46],
  [28, 4, 47, 14, 48],
  [28, 6, 45, 14, 46],
  [28, 8, 47, 13, 48],
];

/** Annex E: centres of the alignment patterns, for versions 2 to 25. */
const ALIGNMENT: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
  [6, 30, 54],
  [6, 32, 58],
  [6, 34, 62],
  [6, 26, 46, 66],
  [6, 26, 48, 70],
  [6, 26, 50, 74],
  [6, 30, 54, 78],
  [6, 30, 56, 82],
  [6, 30, 58, 86],
  [6, 34, 62, 90],
  [6, 28, 50, 72, 94],
  [6, 26, 50, 74, 98],
  [6, 30, 54, 78, 102],
  [6, 28, 54, 80, 106],
  [6, 32, 58, 84, 110],
];

/** Table 10: which modules a mask turns over; `i` is the row, `j` the column. */
const MASKS: readonly ((i: number, j: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** @param modules rows of 0 and 1 without border @throws Error when it is not such a code */
export function decodeQr(modules: readonly string[]): { readonly version: number; readonly text: string } {
  const version = (modules.length - 17) / 4;
  const bit = (i: number, j: number) => (modules[i]?.[j] === '1' ? 1 : 0);
  const blocks = BLOCKS[version - 1];
  if (!blocks || modules.some((row) => row.length !== modules.length)) throw new Error('Not the size of a QR code.');
  // Format information beside the upper left finder pattern, most significant bit first, over the mask 101010000010010.
  const places = [0, 1, 2, 3, 4, 5, 7, 8].map((j) => bit(8, j));
  const format = [...places, bit(7, 8), ...[5, 4, 3, 2, 1, 0].map((i) => bit(i, 8))].join('');
  const [level, mask] = [Number.parseInt(format.slice(0, 2), 2) ^ 0b10, Number.parseInt(format.slice(2, 5), 2) ^ 0b101];
  if (level !== 0) throw new Error('Not of level M.');
  const bits: number[] = [];
  for (const [i, j] of dataPlaces(modules.length, version)) bits.push(bit(i, j) ^ (MASKS[mask]!(i, j) ? 1 : 0));
  const words = Array.from({ length: Math.floor(bits.length / 8) }, (_, n) =>
    Number.parseInt(bits.slice(8 * n, 8 * n + 8).join(''), 2),
  );
  const stream = deinterleaved(words, blocks)
    .map((word) => word.toString(2).padStart(8, '0'))
    .join('');
  return { version, text: alphanumeric(stream, version) };
}

/** Section 7.7.3: two columns at a time from the right, upwards and downwards in turns, past everything that is no data. */
function* dataPlaces(size: number, version: number): Generator<[number, number]> {
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let n = 0; n < size; n++) {
      const i = upwards ? size - 1 - n : n;
      for (const j of [right, right - 1]) if (!isFunction(i, j, size, version)) yield [i, j];
    }
    upwards = !upwards;
  }
}

function isFunction(i: number, j: number, size: number, version: number): boolean {
  if (i === 6 || j === 6) return true; // timing
  if ((i < 9 && j < 9) || (i < 9 && j >= size - 8) || (i >= size - 8 && j < 9)) return true; // finders, format
  if (version >= 7 && ((i < 6 && j >= size - 11) || (j < 6 && i >= size - 11))) return true; // version information
  const centres = ALIGNMENT[version - 1]!;
  const last = centres.at(-1);
  return centres.some((row) =>
    centres.some((column) => {
      const isFinder = (row === 6 && column === 6) || (row === 6 && column === last) || (row === last && column === 6);
      return !isFinder && Math.abs(i - row) <= 2 && Math.abs(j - column) <= 2;
    }),
  );
}

function deinterleaved(words: readonly number[], [, n1 = 0, k1 = 0, n2 = 0, k2 = 0]: readonly number[]): number[] {
  const lengths = [...Array.from({ length: n1 }, () => k1), ...Array.from({ length: n2 }, () => k2)];
  const blocks: number[][] = lengths.map(() => []);
  let at = 0;
  for (let n = 0; n < Math.max(k1, k2); n++)
    for (const [b, length] of lengths.entries()) if (n < length) blocks[b]!.push(words[at++]!);
  return blocks.flat();
}

/** Section 7.4.4: mode 0010, a count of 9, 11 or 13 bits, pairs in 11 bits, a last single character in 6. */
function alphanumeric(stream: string, version: number): string {
  let at = 0;
  const take = (count: number) => Number.parseInt(stream.slice(at, (at += count)), 2);
  if (take(4) !== 2) throw new Error('Not in alphanumeric mode.');
  const length = take(version < 10 ? 9 : version < 27 ? 11 : 13);
  let text = '';
  for (let left = length; left > 0; left -= 2) {
    const value = take(left === 1 ? 6 : 11);
    text +=
      left === 1 ? ALPHANUMERIC.charAt(value) : ALPHANUMERIC.charAt(Math.floor(value / 45)) + ALPHANUMERIC.charAt(value % 45);
  }
  if (at + 4 <= stream.length && take(4) !== 0) throw new Error('More follows.');
  return text;
}
