import { join } from 'node:path';
import { success, type Result } from '../../core/contract/result';
import { auditFileName } from '../../core/evidence/audit-name';
import { diskFailure } from '../../core/pack/disk-failure';
import type { Settings } from '../settings/settings';
import type { AuditDisk } from './audit-disk';
import { takeAuditFolder } from './audit-folder';
import { findChainEnd, type ChainEnd, type Finding } from './chain-end';
import { ChainFile } from './chain-file';
import { actDraft } from './drafts';
import { Recorder } from './recorder';

/** See `openAudit`. */
export async function beginRecording(settings: Settings['audit'], now: () => number, disk: AuditDisk): Promise<Result<Recorder>> {
  try {
    const lock = await takeAuditFolder(settings.folder);
    if (!lock.ok) return lock;
    try {
      const end = await findChainEnd(settings.folder);
      const chain = await openChain(settings, end, disk);
      const at = new Date(now()).toISOString();
      if (end.findings.length > 0) await chain.append(end.findings.map(({ type, data }) => actDraft(type, data, at)));
      const { hadHistory, findings } = end;
      return success(new Recorder(settings, chain, { now, lock: lock.value, hadHistory, damage: damageIn(findings) }));
    } catch (error) {
      await lock.value.release();
      throw error;
    }
  } catch (error) {
    return diskFailure(error, settings.folder);
  }
}

/** A torn last line is what a crash leaves; anything else asks for a person. */
function damageIn(findings: readonly Finding[]): string {
  const found = findings.find(({ type }) => type === 'chainBroken');
  if (found === undefined) return '';
  const { file, problem } = found.data;
  return [file, problem].filter((part) => typeof part === 'string').join(', ');
}

async function openChain(settings: Settings['audit'], { file, place }: ChainEnd, disk: AuditDisk): Promise<ChainFile> {
  if (file === null) {
    const path = join(settings.folder, auditFileName(place.seq));
    return new ChainFile(settings, disk, { path, file: await disk.create(path), length: 0, day: '' }, place);
  }
  const { path, length, day, isTorn } = file;
  const open = await disk.reopen(path);
  if (isTorn) {
    await open.cut(length);
    await open.sync();
  }
  return new ChainFile(settings, disk, { path, file: open, length, day }, place);
}
