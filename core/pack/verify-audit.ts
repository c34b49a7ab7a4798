import { GENESIS_PREV, type TranscriptEvent } from '../evidence/event';
import type { AuditCheck } from './audit-check';
import { listAudit } from './audit-listing';
import { AuditWalk } from './audit-walk';
import { errnoOf } from './disk-failure';

/**
 * Proves an audit log (docs/audit-log.md) at `path`, a folder or one of its files, by the files alone. A flaw ends the proof of
 * its file; files behind it are proved on their own, so that the check says all that holds. Files are streamed.
 * @param each is given every event that holds, in order and from the very bytes that were proved; it counts if the whole log holds
 * @param isLetBe names of files that do no harm in its folder: each is a note
 */
export async function verifyAudit(
  path: string,
  each: (event: TranscriptEvent) => void = () => undefined,
  isLetBe?: (name: string) => boolean,
): Promise<AuditCheck> {
  try {
    const listing = await listAudit(path, isLetBe);
    if (listing.files.length === 0)
      return unreadable(path, 'there is no file audit-<number>.jsonl in it: this is not an audit log');
    const check = await AuditWalk.through(listing, each);
    return check.ok && check.events === 0 ? unreadable(path, 'there is no event in it') : check;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === '') throw error;
    return unreadable(path, errno === 'ENOENT' || errno === 'ENOTDIR' ? 'it is not there' : `it cannot be read (${errno})`);
  }
}

function unreadable(path: string, why: string): AuditCheck {
  return {
    ok: false,
    exitCode: 2,
    summary: `${path} cannot be verified: ${why}.`,
    files: 0,
    events: 0,
    firstSeq: -1,
    lastSeq: -1,
    firstAt: '',
    lastAt: '',
    head: GENESIS_PREV,
    types: {},
    outcomes: {},
    problems: [],
    notes: [],
  };
}
