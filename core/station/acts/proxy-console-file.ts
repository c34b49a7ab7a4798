import { join } from 'node:path';
import { success } from '../../contract/result';
import { consoleFile } from '../../deployment/console-file';
import { check, facts, outcome, type Act } from './act';
import { keepPrivately } from './private-file';
import { credentialOf } from './proxy-credential';
import { deploymentHere } from './proxy-settings';

const NAME = 'xks-proxy-configuration.json';

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
  return success(
    outcome({
      data: { name: NAME },
      checks: [check('CER-CONSOLE-FILE', true, 'readable for this user only', 'mode 0600')],
      show: [
        facts('Configuration file for the console', [
          ['File', join(context.privateFolder, NAME), true],
          ['Holds', 'path, access key id and the live secret'],
          ['Until', 'this ceremony is sealed; then it is deleted'],
        ]),
      ],
    }),
  );
};
