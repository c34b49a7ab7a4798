/** What a bundle is called and what it may weigh. Names are fixed, so that a reader never takes a name from a medium. */

export const BUNDLE_KINDS = ['byok-out', 'byok-back'] as const;

/** `byok-out`: wrapping keys, from the online station to the offline one. `byok-back`: wrapped keys, the way back. */
export type BundleKind = (typeof BUNDLE_KINDS)[number];

export const MANIFEST = 'manifest.json';

/** Sets in one bundle: a multi-Region key has one per Region. */
export const MAX_SETS = 10;

/** Bytes. The largest SubjectPublicKeyInfo (RSA_4096) has 550, the largest blob (RSA-4096 material under RSA_4096) 2,896. */
export const MAX_MANIFEST_BYTES = 64 * 1024;
const MAX_BYTES: Readonly<Record<BundleKind, number>> = { 'byok-out': 1024, 'byok-back': 6144 };
const STEMS: Readonly<Record<BundleKind, readonly [string, string]>> = {
  'byok-out': ['wrapping-key', 'der'],
  'byok-back': ['wrapped-key', 'bin'],
};

/** The names of the data files in the order of the sets: no number where there is one set only. */
export function dataNames(kind: BundleKind, sets: number): readonly string[] {
  const [stem, extension] = STEMS[kind];
  if (sets === 1) return [`${stem}.${extension}`];
  return Array.from({ length: sets }, (_, i) => `${stem}-${i + 1}.${extension}`);
}

export function maxDataBytes(kind: BundleKind): number {
  return MAX_BYTES[kind];
}

const DATA_NAME = /^(?:(wrapping-key)(?:-(?:[1-9]|10))?\.der|(wrapped-key)(?:-(?:[1-9]|10))?\.bin)$/;

/** The most bytes a file of this name may have; null: no bundle has a file of this name. */
export function capOf(name: string): number | null {
  if (name === MANIFEST) return MAX_MANIFEST_BYTES;
  const [, out, back] = DATA_NAME.exec(name) ?? [];
  if (out !== undefined) return MAX_BYTES['byok-out'];
  return back === undefined ? null : MAX_BYTES['byok-back'];
}

/** The gate of the ceremony script by which officers approve a bundle of this kind: part of what they sign. */
export const BUNDLE_GATES: Readonly<Record<BundleKind, string>> = { 'byok-out': 'out', 'byok-back': 'back' };
