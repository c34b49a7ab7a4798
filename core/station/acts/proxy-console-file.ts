import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { success } from '../../contract/result';
import { consoleFile } from '../../deployment/console-file';
import { check, facts, outcome, type Act } from './act';
import { keepPrivately } from './private-file';
import { credentialOf } from './proxy-credential';
import { deploymentHere } from './proxy-settings';

const NAME = 'xks-proxy-configuration.json';

/** As `ls` would have it; Windows has no such modes, and the folder is the user's own there. */
const OWN_ONLY = 'mode 0600';

async function modeOf(path: string): Promise<string> {
  if (process.platform === 'win32') return OWN_ONLY;
  const { mode } = await stat(path);
  return `mode 0${(mode & 0o777).toString(8)}`;
}

/** The file that the AWS console takes for a new key store. It holds the live secret, and goes when the ceremony is sealed. */
export const proxyConsoleFile: Act = async (context) => {
  const deployment = await deploymentHere(context);
  if (!deployment.ok) return deployment;
  const credential = await credentialOf(context);
  if (!credential.ok) return credential;
  const { secret } = credential.value;
  const file = consoleFile(deployment.value, secret);
  secret.fill(0);
  if (!file.ok) return file;
  const kept = await keepPrivately(context.privateFolder, NAME, file.value);
  file.value.fill(0);
  if (!kept.ok) return kept;
  const path = join(context.privateFolder, NAME);
  const mode = await modeOf(path);
  return success(
    outcome({
      data: { name: NAME },
      checks: [check('CER-CONSOLE-FILE', mode === OWN_ONLY, OWN_ONLY, mode)],
      show: [
        facts('Configuration file for the console', [
          ['File', path, true],
          ['Holds', 'path, access key id and the live secret'],
          ['Until', 'this ceremony is sealed; then it is deleted'],
        ]),
      ],
    }),
  );
};
