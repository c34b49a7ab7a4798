import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { distrust } from '../../core/control/ownership';
import type { Remarks } from './remarks';
import type { Settings } from './settings';

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

/** The folder itself, or the nearest one above it that exists. */
async function nearestExisting(folder: string): Promise<string> {
  const above = dirname(folder);
  return (await codeOf(stat(folder))) === 'ENOENT' && above !== folder ? nearestExisting(above) : folder;
}

async function judgeWritable(folder: string, key: string, remarks: Remarks): Promise<void> {
  const existing = await nearestExisting(folder);
  const remedy = `Make ${folder} and give it to the user the proxy runs as, or choose another folder.`;
  const code = await codeOf(access(existing, constants.W_OK | constants.X_OK));
  if (code !== '') remarks.error(key, `${existing} cannot be written to (${code})`, remedy);
  else if (!(await stat(existing)).isDirectory()) remarks.error(key, `${existing} is no folder`, remedy);
}

/** Who can write to the state folder can arm what was killed. */
async function judgeTrust(folder: string, key: string, remarks: Remarks): Promise<void> {
  if ((await codeOf(stat(folder))) !== '') return;
  const reason = distrust(await stat(folder));
  if (reason !== '') remarks.error(key, `${folder} ${reason}`, `chown it to the user the proxy runs as, chmod 0700.`);
}

/** Looks at the folders that the proxy writes to, without making them. */
export async function checkFolders(settings: Settings, remarks: Remarks): Promise<void> {
  await judgeWritable(settings.stateFolder, 'state.folder', remarks);
  await judgeTrust(settings.stateFolder, 'state.folder', remarks);
  await judgeWritable(settings.audit.folder, 'audit.folder', remarks);
  await judgeTrust(settings.audit.folder, 'audit.folder', remarks);
  if (settings.log.file) await judgeWritable(settings.log.file.folder, 'log.folder', remarks);
}
