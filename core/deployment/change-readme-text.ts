import type { DeploymentPlan } from './plan';
import { actCommand, trialCommand } from './server-commands';

/** What changes on servers that run already. */
export interface ServerChange {
  readonly plan: DeploymentPlan;
  /** words by which the audit log of each host shows that it took over this change, and this one only: letters, digits, hyphens, spaces */
  readonly reason: string;
  /** file of a new secret access key that goes with it, '' for none */
  readonly newSecretFile: string;
  /** files of secrets that no credential of the settings needs any more */
  readonly oldSecretFiles: readonly string[];
}

function secretLine(file: string): string {
  return file === ''
    ? ''
    : `   \`install -D -m 0600 -o keyrite-proxy -g keyrite-proxy .${file} ${file}\`: the secret access key, which is **secret**. This medium is destroyed when it is in place on every host, and with it every other one that was in the station for it.\n`;
}

function forgetStep(files: readonly string[]): string {
  return files.length === 0
    ? ''
    : `5. **The old secret**, later: only when the ceremony says so, after the use through AWS KMS. Until then it is the way back. ${files.map((file) => `\`shred -u ${file}\``).join(', ')}\n`;
}

/** For the person at the servers: what to do on each of them, and how it shows. Only for plain paths. */
export function changeReadmeText({ plan, reason, newSecretFile, oldSecretFiles }: ServerChange): string {
  const { keyStoreName, fleetSize, authorization } = plan;
  const policyFile = authorization === null ? [] : [authorization.policyFile];
  const files = ['/etc/keyrite-proxy/settings.toml', ...policyFile, '/etc/keyrite-proxy/plan.json'];
  // of this change alone: what another one kept is no way back from this
  const kept = `/root/keyrite-before-${reason.replaceAll(' ', '-')}`;
  const copies = files.map((file) => `install -m 0640 -o root -g keyrite-proxy .${file} ${file}`);
  return `# Keyrite XKS proxy, new settings: ${keyStoreName}

Do every step on each of the ${fleetSize} ${fleetSize === 1 ? 'host' : 'hosts'}, as root, from the folder of this file. Where a step fails, leave the other hosts as they are and say so in the ceremony. Compare \`sha256sum\` of each file with the record before you use it.

1. **Keep what there is**, until the ceremony is over: \`mkdir -m 0700 ${kept} && cp -p ${files.join(' ')} ${kept}/\`. Where it says that the folder exists, it was kept before: leave it as it is, for what is in force by now may be new already.
2. **Files.**
${copies.map((command) => `   \`${command}\`\n`).join('')}${secretLine(newSecretFile)}3. **Check.** \`${trialCommand(plan)} --check\` says that the settings can be used. If not, copy those of \`${kept}\` back: nothing has changed yet.
4. **Reload.** \`${actCommand(plan, 'reload')} --reason "${reason}"\`, with these very words: the ceremony looks for them in the log of each host. Seen by: it says what changed, and \`${actCommand(plan, 'status')}\` says armed and ACTIVE. No request is lost, and nothing is restarted.
${forgetStep(oldSecretFiles)}`;
}
