import { access, constants, stat } from 'node:fs/promises';
import { checkDescriptors } from './check-descriptors';
import { checkFolders } from './check-folders';
import { checkSecrets } from './check-secrets';
import { checkTls } from './check-tls';
import { Remarks } from './remarks';
import type { Settings, SettingsRemark } from './settings';

async function judgeFile(path: string, key: string, what: string, remarks: Remarks): Promise<boolean> {
  try {
    const stats = await stat(path);
    await access(path, constants.R_OK);
    if (stats.isFile()) return true;
    remarks.error(key, `${path} is no file`, `Name ${what}.`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    remarks.error(key, `${path} cannot be read (${code})`, `Name ${what}.`);
  }
  return false;
}

/** Code of the module runs with the PIN as soon as it is loaded. */
async function judgeModule(path: string, remarks: Remarks): Promise<void> {
  const isThere = await judgeFile(path, 'hsm.module', 'the PKCS#11 module that came with the HSM', remarks);
  if (!isThere || process.platform === 'win32') return;
  if (((await stat(path)).mode & 0o002) !== 0) {
    remarks.error(
      'hsm.module',
      `${path} may be written by every user, and it is given the PIN`,
      `chmod o-w ${path}, and install it anew.`,
    );
  }
}

export interface SurroundingsTools {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
}

/**
 * What good settings lead to: files that are there and belong together, secrets that only we can read, folders we can write to.
 * Changes nothing, reads no secret, loads no module. What a policy says is judged where it is loaded.
 */
export async function checkSurroundings(settings: Settings, { env, now }: SurroundingsTools): Promise<readonly SettingsRemark[]> {
  const remarks = new Remarks();
  await judgeModule(settings.hsm.module, remarks);
  await checkTls(settings.tls, now, remarks);
  await checkSecrets(settings, env, remarks);
  if (settings.authorization) {
    await judgeFile(settings.authorization.policyFile, 'authorization.policy_file', 'the Cedar policy file', remarks);
  }
  await checkFolders(settings, remarks);
  await checkDescriptors(settings, remarks);
  return remarks.all;
}
