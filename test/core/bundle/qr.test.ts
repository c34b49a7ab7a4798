import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { qrLines, qrModules, qrSvg } from '../../../core/bundle/qr-code';
import { blobTexts, digestText, joinBlob, PART_BYTES, readQrText, type BlobPart } from '../../../core/bundle/qr-text';
import { decodeQr } from './qr-decoder';
import { hex, medium, removeMedia, value } from './sample-bundle';

afterAll(removeMedia);

const DIGEST = hex('a bundle');
const OUT_TEXT = digestText('byok-out', DIGEST);

function partsOf(blob: Uint8Array): BlobPart[] {
  return blobTexts(blob).map((text) => {
    const read = value(readQrText(text));
    if (read.kind !== 'blob') throw new Error('Not a part.');
    return read;
  });
}

const problemOf = (typed: string) => {
  const read = readQrText(typed);
  return read.ok ? null : read.error.detail['problem'];
};

describe('the text of a code', () => {
  it('names version, direction and digest, in capitals', () => {
    expect(OUT_TEXT).toBe(`KEYRITE1:OUT:${DIGEST.toUpperCase()}`);
    expect(readQrText(OUT_TEXT)).toEqual({ ok: true, value: { kind: 'digest', bundle: 'byok-out', digest: DIGEST } });
    expect(readQrText(digestText('byok-back', DIGEST))).toEqual({
      ok: true,
      value: { kind: 'digest', bundle: 'byok-back', digest: DIGEST },
    });
  });

  it('is read with what scanners put behind it', () => {
    for (const end of ['\r', '\n', '\r\n', '\t']) expect(readQrText(OUT_TEXT + end)).toEqual(readQrText(OUT_TEXT));
  });

  it.each([
    ['', /Nothing/],
    ['https://example.com', /not a code of Keyrite/],
    [OUT_TEXT.toLowerCase(), /shift lock/],
    [OUT_TEXT.slice(0, -1), /cut off/],
    [`${OUT_TEXT}0`, /cut off/],
    [`${OUT_TEXT} `, /cut off/],
    [` ${OUT_TEXT}`, /not a code of Keyrite/],
    [OUT_TEXT.replace('OUT', 'SIDE'), /cut off/],
    [OUT_TEXT.replace('KEYRITE1', 'KEYRITE2'), /another version/],
    [OUT_TEXT.replace('KEYRITE1:', 'KEZRITE1Ö'), /keyboard layout/],
    [`${OUT_TEXT}\n${OUT_TEXT}`, /cut off/],
  ])('%j is refused with what most likely happened', (typed, problem) => {
    expect(problemOf(typed)).toMatch(problem);
  });

  it('carries a wrapped key of any legal size in parts that are put together in any order', () => {
    const cases: [number, number][] = [
      [256, 1],
      [512, 1],
      [552, 1],
      [PART_BYTES, 1],
      [PART_BYTES + 1, 2],
      [1776, 3],
      [2896, 4],
    ];
    for (const [size, codes] of cases) {
      const blob = new Uint8Array(randomBytes(size));
      const parts = partsOf(blob);
      expect(parts).toHaveLength(codes);
      expect(joinBlob(parts.toReversed())).toEqual({ ok: true, value: blob });
    }
  });

  it('of a part is refused when anything in it is not as it is written', () => {
    const [text = ''] = blobTexts(randomBytes(256));
    const broken = [
      text.slice(0, -1), // the full stop that tells a cut-off blank
      text.replace(':1:1:', ':2:1:'),
      text.replace(':1:1:', ':0:1:'),
      text.replace(/:1:1:.+/, ':1:1:.'),
      text.replace(/.\.$/, 'ä.'),
      `${text.slice(0, -1)}A.`,
    ];
    for (const typed of broken) expect(problemOf(typed)).toMatch(/cut off|another keyboard layout/);
  });

  it('parts that do not belong together, or are too few, or were altered, are not put together', () => {
    const [first, second] = [partsOf(randomBytes(1000)), partsOf(randomBytes(1000))];
    const problems: [BlobPart[], RegExp][] = [
      [[], /Nothing/],
      [[first[0]!], /Code 2 of 2/],
      [[first[1]!, first[1]!], /Code 1 of 2/],
      [[first[0]!, second[1]!], /different wrapped keys/],
      [[first[0]!, { ...first[1]!, bytes: second[1]!.bytes }], /SHA-256/],
    ];
    for (const [parts, problem] of problems)
      expect(joinBlob(parts)).toMatchObject({ ok: false, error: { detail: { problem: expect.stringMatching(problem) } } });
  });

  it('never is a fault, whatever was typed', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (typed) => void readQrText(typed)));
    fc.assert(fc.property(fc.string(), (typed) => void readQrText(`KEYRITE1:BLOB:${DIGEST.toUpperCase()}:1:1:${typed}.`)));
  });
});

describe('the code', () => {
  it('of a digest says the digest, and is small enough to be read off a screen', () => {
    const read = decodeQr(qrModules(OUT_TEXT));
    expect(read).toEqual({ version: 4, text: OUT_TEXT });
  });

  it('of any of our texts says the text', () => {
    for (const size of [1, 2, 3, 50, 120, 200, 256, 296, 384, 424, 512, 552, 600, 700, PART_BYTES, 2896]) {
      for (const text of blobTexts(randomBytes(size))) {
        const read = decodeQr(qrModules(text));
        expect(read.text).toBe(text);
        expect(read.version).toBeLessThanOrEqual(24);
      }
    }
  });

  it('is not made of texts that would need another mode', () => {
    expect(() => qrModules('keyrite')).toThrow(RangeError);
    expect(() => qrModules('')).toThrow(RangeError);
  });

  it('as SVG is the same modules with a border of four, and its title can hold no markup', () => {
    const modules = qrModules(OUT_TEXT);
    const svg = qrSvg(modules, '<OUT> "digest" & more');
    expect(svg).toContain('aria-label="&lt;OUT> &quot;digest&quot; &amp; more"');
    const size = modules.length + 8;
    expect(svg).toContain(`viewBox="0 0 ${size} ${size}"`);
    const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => '0'));
    for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
      for (let i = 0; i < Number(width); i++) drawn[Number(y)]![Number(x) + i] = '1';
    expect(drawn.map((row) => row.join(''))).toEqual(bordered(modules));
  });

  it('as lines of a terminal is the same modules, two rows to a line', () => {
    const modules = qrModules(OUT_TEXT);
    const rows = qrLines(modules).flatMap((line) => [
      Array.from(line, (character) => (character === '█' || character === '▀' ? '0' : '1')).join(''),
      Array.from(line, (character) => (character === '█' || character === '▄' ? '0' : '1')).join(''),
    ]);
    const expected = bordered(modules);
    expect(rows.slice(0, expected.length)).toEqual(expected);
    expect(new Set(qrLines(modules).map((line) => line.length))).toEqual(new Set([modules.length + 8]));
  });

  const scanner = hasScanner();
  if (!scanner) console.warn('Skipped: a scanner that is not ours was not asked; zbarimg (Debian: zbar-tools) is not installed.');

  it.skipIf(!scanner)('is read by a scanner that is not ours', async () => {
    const folder = await medium();
    for (const text of [OUT_TEXT, ...blobTexts(randomBytes(552)), ...blobTexts(randomBytes(2896))]) {
      const path = join(folder, 'code.pgm');
      await writeFile(path, pgm(bordered(qrModules(text)), 4));
      expect(scanned(path)).toBe(`${text}\n`);
    }
  });
});

function bordered(modules: readonly string[]): string[] {
  const empty = '0'.repeat(modules.length + 8);
  const border = [empty, empty, empty, empty];
  return [...border, ...modules.map((row) => `0000${row}0000`), ...border];
}

/** A grey picture (Netpbm P5), `scale` pixels to a module. */
function pgm(rows: readonly string[], scale: number): Buffer {
  const size = rows.length * scale;
  const pixels = rows.flatMap((row) => {
    const line = Array.from(row).flatMap((bit) => Array.from({ length: scale }, () => (bit === '1' ? 0 : 255)));
    return Array.from({ length: scale }, () => line).flat();
  });
  return Buffer.concat([Buffer.from(`P5 ${size} ${size} 255\n`), Buffer.from(pixels)]);
}

function scanned(path: string): string {
  return execFileSync('zbarimg', ['--nodbus', '--raw', '-q', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function hasScanner(): boolean {
  try {
    execFileSync('zbarimg', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
