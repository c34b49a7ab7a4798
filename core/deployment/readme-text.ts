import { XKS_BASE } from '../xks/uri';
import type { DeploymentPlan } from './plan';
import { actCommand, PROGRAM, trialCommand } from './server-commands';

/** A secret's place, for whoever puts it there: the proxy reads files itself, systemd the others. */
function placeOf(source: DeploymentPlan['hsm']['pin']): { readonly path: string; readonly owner: string } {
  if (source.from === 'file') return { path: source.path, owner: 'keyrite-proxy' };
  return { path: `/etc/keyrite-proxy/${source.from === 'credential' ? source.name : 'secret'}`, owner: 'root' };
}

function secretLines({ hsm, secretAccessKey, tls }: DeploymentPlan): readonly string[] {
  const rows = [
    { what: 'the PIN of the token, alone in its file', ...placeOf(hsm.pin) },
    { what: 'the secret access key, alone in its file', ...placeOf(secretAccessKey) },
    { what: 'the key of the certificate (PEM, no passphrase)', path: tls.keyFile, owner: 'keyrite-proxy' },
    { what: 'the certificate and its chain (PEM)', path: tls.certificateFile, owner: 'keyrite-proxy' },
  ];
  return rows.map(({ what, path, owner }) => `| \`${path}\` | ${owner}, 0600 | ${what} |`);
}

function folderLines({ stateFolder, auditFolder }: DeploymentPlan): readonly string[] {
  const elsewhere = [...new Set([stateFolder, auditFolder])].filter(
    (folder) => !`${folder}/`.startsWith('/var/lib/keyrite-proxy/'),
  );
  return elsewhere.map((folder) => `install -d -m 0700 -o keyrite-proxy -g keyrite-proxy ${folder}`);
}

/** The policy of the plan refuses strangers, the caller that proxy-test takes by itself among them. */
function callerOption({ authorization }: DeploymentPlan): string {
  const caller = authorization?.principals?.find((each) => each.startsWith('arn:') && !each.endsWith('*'));
  return caller === undefined ? '' : ` --caller '${caller}'`;
}

/** For the person at the server: what to do in which order, and how each step shows that it is done. Only for plain paths. */
export function readmeText(plan: DeploymentPlan): string {
  const {
    region,
    endpointHost,
    uriPathPrefix,
    keyStoreName,
    keyLabels,
    accessKeyId,
    connectivity,
    fleetSize,
    hsm,
    healthKeyLabel,
    stateFolder,
  } = plan;
  const act = (verb: string) => actCommand(plan, verb);
  const trial = trialCommand(plan);
  const reach =
    connectivity === 'public'
      ? `AWS KMS calls https://${endpointHost} over the internet: port 443, IPv4.`
      : `AWS KMS calls https://${endpointHost} through your VPC endpoint service, whose private DNS name this is.`;
  return `# Keyrite XKS proxy: ${keyStoreName}

${reach} XksProxyUriPath is \`${uriPathPrefix}${XKS_BASE}\`, the access key id \`${accessKeyId}\`. ${fleetSize} ${fleetSize === 1 ? 'proxy serves' : 'proxies serve'} this name: do every step on each.

Only the files of step 3 are secret: on a medium from a ceremony two of them lie beside the others, and it is destroyed when they are in place. Do the steps in this order, as root; each ends with how you see that it is done.

1. **User and program.** \`useradd --system --no-create-home --shell /usr/sbin/nologin keyrite-proxy\`; the release in \`/opt/keyrite\`, owned by root; the HSM's client, so that \`${hsm.modulePath}\` is there and the user keyrite-proxy may use it. Seen by: \`${PROGRAM} --version\`.
2. **Files.** Copy \`etc/\` to \`/etc\`. \`chown -R root:keyrite-proxy /etc/keyrite-proxy\`; folders 0750.
${folderLines(plan)
  .map((line) => `   \`${line}\`\n`)
  .join('')}3. **Secrets**, each put in place under umask 077, never by way of a command line:

   | File | Owner, mode | What |
   |---|---|---|
${secretLines(plan)
  .map((line) => `   ${line}`)
  .join('\n')}

4. **Check.** \`${trial} --check\` names every mistake at once and changes nothing. Go on when it says that the settings can be used.
5. **Health key.** \`${trial} --make-health-key\`, once for each token: it makes the key \`${healthKeyLabel}\` if it is not there. A wrong PIN is said here, and is tried once.
6. **Start.** \`systemctl daemon-reload && systemctl enable --now keyrite-proxy\`. Seen by: \`${act('status')}\` says armed, and the health is ACTIVE.
7. **As AWS KMS sees it.** From a host near the Region, with \`{"accessKeyId": "…", "secretAccessKey": "…"}\` in a file of mode 0600, removed afterwards:
   \`keyrite proxy-test --url https://${endpointHost} --prefix ${uriPathPrefix || "''"} --credential-file FILE --key ${keyLabels[0] ?? 'LABEL'} --region ${region}${callerOption(plan)}\`. Every case passes before AWS KMS is told of the proxy.
8. **Kill switch.** \`${act('kill')} --reason drill\`, then restart the machine: \`${act('status')}\` says killed. \`${act('arm')} --reason "drill over"\`. A kill reaches the host it is given on: with several hosts, give it to each.

Never copy or restore the state folder \`${stateFolder}\` from a backup or an image: an older latch in it may say armed. On a new host that takes the place of one that was killed, say so before its first start, or it begins armed:
\`install -d -m 0700 -o keyrite-proxy -g keyrite-proxy ${stateFolder} && ${act('kill')} --reason "takes the place of a killed host"\`.
`;
}
