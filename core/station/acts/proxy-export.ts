import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { serverFiles } from '../../deployment/server-files';
import type { DeploymentPlan } from '../../deployment/plan';
import type { Act, ActContext } from './act';
import { openFile, putOut, type OutFile } from './out-files';
import { credentialOf } from './proxy-credential';
import { changedFiles } from './proxy-files';
import { proxyPlace, type ProxyPlace } from './proxy-place';
import { deploymentHere } from './proxy-settings';

/** Folder on the OUT medium. */
const FOLDER = 'keyrite-proxy';

/** Everything a server needs onto the OUT medium, each file read again afterwards. Two of them are secret, and named so. */
export const proxyExport: Act = async (context) => {
  const medium = await context.medium('out');
  if (!medium.ok) return medium;
  const files = await filesOf(context);
  return files.ok ? putOut(medium.value, FOLDER, files.value) : files;
};

async function filesOf(context: ActContext): Promise<Result<readonly OutFile[]>> {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const deployment = await deploymentHere(context);
  if (!deployment.ok) return deployment;
  const written = await serverFiles(deployment.value, context.templatesFolder);
  if (!written.ok) return written;
  const [changed] = await changedFiles(context, place.value);
  if (changed === 'tls/key.pem' || changed === 'tls/certificate.pem') {
    const isThere = await access(join(place.value.folder, changed)).then(
      () => true,
      () => false,
    );
    return failure(isThere ? 'file.changedUnderneath' : 'file.notFound', { file: changed });
  }
  const secrets = await secretsOf(context, place.value, deployment.value);
  if (!secrets.ok) return secrets;
  return success([...written.value.map(openFile), ...secrets.value]);
}

/** What the README of the servers expects beside its own files, at the places that the settings name. */
async function secretsOf(
  context: ActContext,
  place: ProxyPlace,
  { secretAccessKey, tls }: DeploymentPlan,
): Promise<Result<readonly OutFile[]>> {
  const secretFile = secretAccessKey.from === 'file' ? secretAccessKey.path : '';
  // held against its fingerprint in the record: another secret would be noticed by AWS KMS only, on the servers
  const credential = await credentialOf(context);
  if (!credential.ok) return credential;
  const wanted = [
    { name: tls.keyFile.slice(1), path: place.tlsKey, isSecret: true },
    { name: tls.certificateFile.slice(1), path: place.certificate, isSecret: false },
  ];
  const read: OutFile[] = [{ name: secretFile.slice(1), bytes: credential.value.secret, isSecret: true }];
  for (const { name, path, isSecret } of wanted) {
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) {
      for (const one of read) one.bytes.fill(0);
      return failure('file.notFound', { file: name });
    }
    read.push({ name, bytes: new Uint8Array(bytes), isSecret });
  }
  return success(read);
}
