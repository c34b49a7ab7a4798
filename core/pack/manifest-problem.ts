import { PACK } from './layout';
import type { FileDigest } from './sha256';

/**
 * Holds the manifest as it is on disk against the one that follows from transcript and files. Everything in it but the report's
 * digest is anchored in the transcript, so a difference is the manifest's own fault; only where size and hash of the report both
 * differ was the report as a whole exchanged.
 */
export function manifestProblem(
  found: Uint8Array,
  wanted: Uint8Array,
  report: FileDigest,
): { where: string; what: string } | null {
  if (Buffer.compare(found, wanted) === 0) return null;
  const listed = listedReport(found);
  if (listed && listed.size !== report.size && listed.sha256 !== report.sha256) {
    return { where: PACK.report, what: 'it is not the report that the manifest lists: size and hash differ' };
  }
  const differs = listed && listed.sha256 !== report.sha256 ? ' (the hash of report.pdf)' : '';
  return {
    where: PACK.manifest,
    what: `it is not what follows from transcript and files: byte ${firstDifference(found, wanted)} differs${differs}`,
  };
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}

function listedReport(manifest: Uint8Array): FileDigest | null {
  const line = /\{"name":"report\.pdf","sha256":"([0-9a-f]{64})","size":(\d+)\}/.exec(Buffer.from(manifest).toString('latin1'));
  return line ? { sha256: line[1] ?? '', size: Number(line[2]) } : null;
}
