import type { Result } from '../../core/contract/result';
import type { Settings } from '../settings/settings';
import { REAL_DISK, type AuditDisk } from './audit-disk';
import { beginRecording } from './begin';
import type { Audit } from './port';

export type { Audit, AuditState } from './port';

export interface AuditTools {
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** for tests: a disk that fails */
  readonly disk?: AuditDisk;
}

/**
 * Opens the audit log in `settings.folder`, which is made when it is missing and must be ours alone. The chain goes on from the
 * last event there. What a crash or somebody else did to the newest file is recorded as an event (`tornLineCut`, `chainBroken`)
 * before this resolves. Refuses with `file.*` where the folder cannot be used, `proxy.alreadyRunning` where another process writes it.
 */
export function openAudit(settings: Settings['audit'], { now, disk = REAL_DISK }: AuditTools): Promise<Result<Audit>> {
  return beginRecording(settings, now, disk);
}
