import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** How a secret may lie about: as it is, turned round (numbers of OpenSSL), as hex and base64, in one or two bytes per character. */
export function spellings(secret: Buffer): readonly { readonly name: string; readonly bytes: Buffer }[] {
  const hex = secret.toString('hex');
  // Base64 of bytes in the midst of others has one of three spellings.
  const base64 = [0, 1, 2].map((skip) =>
    secret.subarray(skip, skip + Math.floor((secret.length - skip) / 3) * 3).toString('base64'),
  );
  const texts = [hex, hex.toUpperCase(), ...base64];
  return [
    { name: 'bytes', bytes: secret },
    { name: 'bytes, turned round', bytes: Buffer.from(secret).reverse() },
    { name: 'UTF-16 of the bytes', bytes: Buffer.from(secret.toString('latin1'), 'utf16le') },
    ...texts.flatMap((text) => [
      { name: 'text', bytes: Buffer.from(text) },
      { name: 'UTF-16 text', bytes: Buffer.from(text, 'utf16le') },
    ]),
  ];
}

/** Which spellings a V8 heap snapshot has among its strings. */
export function findInSnapshot(path: string, secret: Buffer): string[] {
  const { strings } = JSON.parse(readFileSync(path, 'utf8')) as { readonly strings: readonly string[] };
  const texts = spellings(secret).map(({ name, bytes }) => ({ name, text: bytes.toString('latin1') }));
  const wide = { name: 'read as UTF-16', text: secret.toString('utf16le') };
  return [...texts, wide].filter(({ text }) => strings.some((string) => string.includes(text))).map(({ name }) => name);
}

interface Region {
  readonly start: bigint;
  readonly length: bigint;
}

/** What the process may write to: heap, stacks, everything anonymous (proc(5)). */
function writableRegions(pid: number): Region[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const found = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (!found || /\[v(var|dso|syscall)/.test(line)) return [];
    const start = BigInt(`0x${found[1] ?? ''}`);
    return [{ start, length: BigInt(`0x${found[2] ?? ''}`) - start }];
  });
}

const PIECE = 8 * 1024 * 1024;

/** Which spellings are in the memory of a living process, everything included that was freed and not used again. Linux. */
export function findInProcess(pid: number, secret: Buffer): string[] {
  const wanted = spellings(secret);
  const overlap = Math.max(...wanted.map(({ bytes }) => bytes.length));
  const found = new Set<string>();
  const piece = Buffer.alloc(PIECE + overlap);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const { start, length } of writableRegions(pid))
      for (let at = 0n; at < length; at += BigInt(PIECE)) {
        const size = Number(length - at < BigInt(piece.length) ? length - at : BigInt(piece.length));
        const read = readPiece(memory, piece, size, start + at);
        for (const { name, bytes } of wanted) if (piece.subarray(0, read).includes(bytes)) found.add(name);
      }
  } finally {
    closeSync(memory);
    piece.fill(0);
  }
  return [...found];
}

/** A region that went away meanwhile holds nothing any more. */
function readPiece(memory: number, piece: Buffer, size: number, at: bigint): number {
  try {
    return readSync(memory, piece, 0, size, at);
  } catch {
    return 0;
  }
}
