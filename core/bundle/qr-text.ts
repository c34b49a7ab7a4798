import { failure, success, type Result } from '../contract/result';
import { sha256Bytes } from '../pack/sha256';
import { base45, base45Bytes } from './base45';
import type { BundleKind } from './layout';

/** A part of a wrapped key as one code carries it; `sha256` is that of the whole. */
export interface BlobPart {
  readonly kind: 'blob';
  readonly sha256: string;
  /** counts from 1 */
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array;
}

/** What one of our codes says: the digest of a bundle, or a wrapped key or a part of one. */
export type QrText = { readonly kind: 'digest'; readonly bundle: BundleKind; readonly digest: string } | BlobPart;

const DIRECTIONS = { OUT: 'byok-out', BACK: 'byok-back' } as const;

/**
 * Bytes of a wrapped key in one code. With the rest of the text that stays within version 24 at level M (113 modules across), which
 * hand scanners and cameras still read off a screen; 552 bytes, the usual blob, are one code, the largest are four.
 */
export const PART_BYTES = 828;
const MAX_PARTS = 9;

/** The text of the code that compares a bundle's digest. Capitals only: the alphanumeric mode makes the code a third smaller. */
export function digestText(bundle: BundleKind, digest: string): string {
  return `KEYRITE1:${bundle === 'byok-out' ? 'OUT' : 'BACK'}:${digest.toUpperCase()}`;
}

/**
 * The texts of the codes that carry a wrapped key, mostly one. Base45, because hand scanners type what they read: of byte mode they
 * make text in an encoding of their choice. The full stop at the end keeps a last blank from being cut off.
 */
export function blobTexts(blob: Uint8Array): readonly string[] {
  const parts = Math.max(1, Math.ceil(blob.length / PART_BYTES));
  if (parts > MAX_PARTS) throw new RangeError('No wrapped key is so large.');
  const whole = sha256Bytes(blob).toUpperCase();
  return Array.from({ length: parts }, (_, i) => {
    const bytes = blob.subarray(i * PART_BYTES, (i + 1) * PART_BYTES);
    return `KEYRITE1:BLOB:${whole}:${i + 1}:${parts}:${base45(bytes)}.`;
  });
}

const DIGEST_TEXT = /^KEYRITE1:(OUT|BACK):([0-9A-F]{64})$/;
const BLOB_TEXT = /^KEYRITE1:BLOB:([0-9A-F]{64}):([1-9]):([1-9]):([0-9A-Z $%*+./:-]+)\.$/;

/**
 * Reads what a scanner typed: one of our codes to the letter, and nothing else. Line ends and tabs at the end are the scanner's own
 * full stop. A digest or a part that was read is a claim; whoever asked compares it. Error: input.invalid with `problem`.
 */
export function readQrText(typed: string): Result<QrText> {
  const text = typed.replace(/[\r\n\t]+$/, '');
  const [, direction, digest = ''] = DIGEST_TEXT.exec(text) ?? [];
  if (direction === 'OUT' || direction === 'BACK')
    return success({ kind: 'digest', bundle: DIRECTIONS[direction], digest: digest.toLowerCase() });
  const [, sha256 = '', part, parts, payload = ''] = BLOB_TEXT.exec(text) ?? [];
  const bytes = base45Bytes(payload);
  const isPart = Number(part) <= Number(parts) && bytes !== null && bytes.length > 0 && bytes.length <= PART_BYTES;
  return isPart
    ? success({ kind: 'blob', sha256: sha256.toLowerCase(), part: Number(part), parts: Number(parts), bytes })
    : failure('input.invalid', { problem: scanProblem(text) });
}

/** What most likely happened. A scanner is a keyboard: layout and shift lock of the computer change what it types. */
function scanProblem(text: string): string {
  if (text === '') return 'Nothing was scanned.';
  if (/^keyrite1:/.test(text)) return 'The letters came in lower case: switch the shift lock off and scan again.';
  if (/^KEYRITE1:/.test(text)) return 'The code was cut off, or it was typed with another keyboard layout. Scan it again.';
  if (/^KEYRITE\d+:/.test(text)) return 'This code was made by another version of Keyrite.';
  if (/^KE[YZ]RITE1/i.test(text))
    return 'The scanner types with another keyboard layout than this computer has. Set both to the same, US for most scanners.';
  return 'This is not a code of Keyrite.';
}

/** Puts the parts of a wrapped key together, in whatever order they were scanned. Error: input.invalid with `problem`. */
export function joinBlob(parts: readonly BlobPart[]): Result<Uint8Array> {
  const [first] = parts;
  if (first === undefined) return failure('input.invalid', { problem: 'Nothing was scanned.' });
  if (parts.some(({ sha256, parts: count }) => sha256 !== first.sha256 || count !== first.parts))
    return failure('input.invalid', { problem: 'The codes are of different wrapped keys.' });
  const inOrder = Array.from({ length: first.parts }, (_, i) => parts.find(({ part }) => part === i + 1));
  const missing = inOrder.indexOf(undefined) + 1;
  if (missing > 0) return failure('input.invalid', { problem: `Code ${missing} of ${first.parts} was not scanned yet.` });
  const blob = Buffer.concat(inOrder.flatMap((part) => (part ? [part.bytes] : [])));
  return sha256Bytes(blob) === first.sha256
    ? success(new Uint8Array(blob))
    : failure('input.invalid', { problem: 'The wrapped key does not have the SHA-256 that its code names. Scan again.' });
}
