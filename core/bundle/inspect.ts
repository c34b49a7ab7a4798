import { failure, success, type Result } from '../contract/result';
import { isCanonical } from '../evidence/canonical';
import { sha256Bytes } from '../pack/sha256';
import { checkContent } from './consistency';
import { MANIFEST } from './layout';
import { bundleDigest, bundleManifest, schemaProblem, type BundleManifest } from './manifest';
import type { BundleContent } from './plausible';
import { damaged, readMedium } from './read-medium';

/** A bundle that holds in itself: manifest, files and signatures fit together. */
export interface Bundle extends BundleContent {
  /** what people read aloud and officers signed */
  readonly digest: string;
  /** SHA-256 of `manifest.json` with its signatures */
  readonly manifestSha256: string;
  /** folders of the operating system beside it that were let be, unopened */
  readonly tolerated: readonly string[];
}

/**
 * Reads a bundle and holds it against itself. Whose it is, whether it is due, and whether its signers are known is for
 * `readBundle` to say. Errors: bundle.notFound, .damaged, .extraFile, .tooLarge, .unsigned with a
 * sentence as `problem`; those of `implausible`.
 */
export async function inspectBundle(folder: string): Promise<Result<Bundle>> {
  const medium = await readMedium(folder);
  if (!medium.ok) return medium;
  const { files, tolerated } = medium.value;
  const bytes = files.get(MANIFEST);
  if (bytes === undefined) return failure('bundle.notFound', { folder });
  const manifest = parseManifest(bytes);
  if (!manifest.ok) return manifest;
  const content = checkContent(manifest.value, files);
  if (!content.ok) return content;
  return success({
    ...content.value,
    digest: bundleDigest(manifest.value),
    manifestSha256: sha256Bytes(bytes),
    tolerated,
  });
}

/** Reads `manifest.json`: JCS and a newline to the byte, which leaves no room for a member given twice; no member that is not known. */
function parseManifest(bytes: Uint8Array): Result<BundleManifest> {
  const text = utf8(bytes);
  const value = text?.endsWith('\n') === true ? json(text) : undefined;
  if (text === null || value === undefined) return damaged(MANIFEST, `${MANIFEST} is not JSON with a newline at its end.`);
  const parsed = bundleManifest.safeParse(value);
  if (!parsed.success) return damaged(MANIFEST, `${MANIFEST}: ${schemaProblem(parsed.error)}`);
  if (!isCanonical(text.slice(0, -1), value))
    return damaged(MANIFEST, `${MANIFEST} is not in canonical form (RFC 8785): another program wrote it, or it was edited.`);
  return success(parsed.data);
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
