import type { Failure, Result } from '../contract/result';
import type { ActResult } from '../ceremony/state';
import type { ArtefactReference } from '../evidence/artefact-name';
import type { Outcome } from '../keys/evidence';
import { writeArtefact } from '../pack/folder';

/**
 * What an act brought back, as the transcript records it: its files are on disk before the event that names them. A file that
 * cannot be written makes the act a failed one, with the disk's own code.
 */
export async function asResult(
  packFolder: string,
  act: { readonly operation: string; readonly tookMs: number },
  done: Result<Outcome>,
): Promise<ActResult> {
  if (!done.ok) return failed(act, done.error);
  const artefacts: ArtefactReference[] = [];
  for (const { name, bytes } of done.value.artefacts) {
    const written = await writeArtefact(packFolder, name, bytes);
    if (!written.ok) return failed(act, written.error);
    artefacts.push(written.value);
  }
  const { data, checks, show, values } = done.value;
  const said = { data, show } as Pick<ActResult, 'data' | 'show'>; // the same shapes, read-only on this side
  return { ...act, ok: true, ...said, checks: [...checks], values: { ...values }, artefacts, error: null };
}

function failed(act: { readonly operation: string; readonly tookMs: number }, { code, detail }: Failure): ActResult {
  const { pinState } = detail;
  const data = typeof pinState === 'string' ? { pinState } : {};
  return { ...act, ok: false, data, checks: [], show: [], values: {}, artefacts: [], error: { code, detail: { ...detail } } };
}
