import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { serverFiles } from '../../deployment/server-files';
import type { DeploymentPlan } from '../../deployment/plan';
import { diskFailure, errnoOf } from '../../pack/disk-failure';
import { writeNewFile } from '../../pack/durable';
import { sha256Bytes } from '../../pack/sha256';
import { check, outcome, type Act, type ActContext } from './act';
import { credentialOf } from './proxy-credential';
import { changedFiles } from './proxy-files';
import { proxyPlace, type ProxyPlace } from './proxy-place';
import { deploymentHere } from './proxy-settings';

/** Folder on the OUT medium. */
const FOLDER = 'keyrite-proxy';

interface Exported {
  /** below the folder, with slashes */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isSecret: boolean;
}

/** Everything a server needs onto the OUT medium, each file read again afterwards. Two of them are secret, and named so. */
export const proxyExport: Act = async (context) => {
  const medium = await context.medium('out');
  if (!medium.ok) return medium;
  const files = await filesOf(context);
  if (!files.ok) return files;
  const folder = join(medium.value, FOLDER);
  try {
    const written = await write(folder, files.value);
    if (!written.ok) return written;
    const differing = await differ(folder, files.value);
    return success(
      outcome({
        data: { files: files.value.map(({ name, bytes, isSecret }) => ({ name, sha256: isSecret ? '' : sha256Bytes(bytes) })) },
        checks: [
          check(
            'CER-PROXY-FILES',
            differing === '',
            'every file reads back as written',
            differing || 'every file reads back as written',
          ),
        ],
        show: [
          {
            kind: 'table',
            title: `On the OUT medium, in ${FOLDER}`,
            columns: ['File', 'Bytes', 'SHA-256'],
            rows: files.value.map(({ name, bytes, isSecret }) => [
              name,
              String(bytes.length),
              isSecret ? 'SECRET: in no record' : sha256Bytes(bytes),
            ]),
            empty: 'Nothing.',
          },
        ],
      }),
    );
  } finally {
    for (const { bytes, isSecret } of files.value) if (isSecret) bytes.fill(0);
  }
};

async function filesOf(context: ActContext): Promise<Result<readonly Exported[]>> {
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
  const texts = written.value.map(({ path, text }) => ({ name: path, bytes: new TextEncoder().encode(text), isSecret: false }));
  return success([...texts, ...secrets.value]);
}

/** What the README of the servers expects beside its own files, at the places that the settings name. */
async function secretsOf(
  context: ActContext,
  place: ProxyPlace,
  { secretAccessKey, tls }: DeploymentPlan,
): Promise<Result<readonly Exported[]>> {
  const secretFile = secretAccessKey.from === 'file' ? secretAccessKey.path : '';
  // held against its fingerprint in the record: another secret would be noticed by AWS KMS only, on the servers
  const credential = await credentialOf(context);
  if (!credential.ok) return credential;
  const wanted = [
    { name: tls.keyFile.slice(1), path: place.tlsKey, isSecret: true },
    { name: tls.certificateFile.slice(1), path: place.certificate, isSecret: false },
  ];
  const read: Exported[] = [{ name: secretFile.slice(1), bytes: credential.value.secret, isSecret: true }];
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

/** A medium that has such a folder already is not written over: it may be another ceremony's. */
async function write(folder: string, files: readonly Exported[]): Promise<Result<null>> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    return errnoOf(error) === 'EEXIST' ? failure('file.exists', { folder: FOLDER }) : diskFailure(error, folder);
  }
  try {
    for (const { name, bytes } of files) {
      const path = join(folder, ...name.split('/'));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeNewFile(path, bytes);
    }
    return success(null);
  } catch (error) {
    // half of it is of no use, and may hold a secret already
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return diskFailure(error, folder);
  }
}

async function differ(folder: string, files: readonly Exported[]): Promise<string> {
  const wrong: string[] = [];
  for (const { name, bytes } of files) {
    const read = await readFile(join(folder, ...name.split('/'))).catch(() => null);
    if (read === null || !read.equals(bytes)) wrong.push(name);
    read?.fill(0);
  }
  return wrong.join(', ');
}
