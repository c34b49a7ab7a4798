import { canonical } from '../evidence/canonical';
import type { Opening } from '../evidence/bearing';
import type { Seal } from '../evidence/verify';

export interface ManifestFile {
  /** path inside the pack, with `/` */
  readonly name: string;
  /** bytes */
  readonly size: number;
  readonly sha256: string;
}

/**
 * The bytes of `manifest.json`: JCS and a newline. Nothing in it is anybody's word; it follows from the transcript and the files,
 * so a verifier makes it again and compares bytes.
 */
export function manifestBytes(opening: Opening, seal: Seal, files: readonly ManifestFile[]): Uint8Array {
  const { ceremonyId, runMode, tool } = opening;
  const { head, outcome, signatures } = seal;
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return Buffer.from(
    `${canonical({ format: 'keyrite-manifest-1', ceremonyId, runMode, outcome, tool, head, signatures, files: sorted })}\n`,
    'utf8',
  );
}
