import { basename, join } from 'node:path';
import { shell } from 'electron';
import type { BridgeFunctions } from '../../core/contract/bridge';
import { failure, success, type Result } from '../../core/contract/result';
import type { Station } from '../../core/station/port';
import { verifyPack } from '../../core/pack/verify';
import { dialogs } from '../dialogs';
import { copyPack, reportOf } from '../pack-files';
import { TEXT } from '../text';

/** Opens our own report in the system's viewer. The path is built from a ceremony id, never taken from a page. */
async function openReport(folder: string): Promise<Result<null>> {
  const report = await reportOf(folder);
  if (!report.ok) return report;
  const problem = await shell.openPath(report.value);
  return problem === '' ? success(null) : failure('file.notFound', { what: 'viewer', problem });
}

export function evidenceFunctions({ station, folder }: { station: Station; folder: string }): BridgeFunctions['evidence'] {
  return {
    list: () => station.packs(),
    verify: async ({ ceremonyId }) => success(await verifyPack(join(folder, ceremonyId))),
    verifyFolder: async () => {
      const picked = await dialogs.folder(TEXT.verifyFolder);
      return picked === null ? failure('input.cancelled') : success(await verifyPack(picked));
    },
    openReport: ({ ceremonyId }) => openReport(join(folder, ceremonyId)),
    exportPack: async ({ ceremonyId }) => {
      const target = await dialogs.folder(TEXT.exportPack);
      if (target === null) return failure('input.cancelled');
      const copied = await copyPack(join(folder, ceremonyId), target);
      return copied.ok ? success({ name: basename(copied.value) }) : copied;
    },
  };
}
