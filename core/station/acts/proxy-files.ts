import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialFingerprint } from '../../deployment/credential';
import { publicKeyDigest, readRsaKey } from '../../tls/certificate-key';
import type { ActContext } from './act';
import { ownArtefact } from './own-artefact';
import type { ProxyPlace } from './proxy-place';

const read = (path: string): Promise<Buffer | null> => readFile(path).catch(() => null);

/**
 * The secret files and the certificate of this ceremony that are not what its record says: they were made some steps ago, and whoever
 * can write here may have changed them since. Names of files, none where all is as it was.
 */
export async function changedFiles(context: ActContext, place: ProxyPlace): Promise<readonly string[]> {
  const { data } = context.state;
  const wrong = (await isSecretAsMade(context, place)) ? [] : ['secrets'];
  const key = await read(place.tlsKey);
  const found = key && readRsaKey(key);
  key?.fill(0);
  if (!found || publicKeyDigest(found) !== data['tls.request']?.['publicKeySha256']) wrong.push('tls/key.pem');
  const taken = data['tls.practiceCertificate'] === undefined ? 'tls.readCertificate' : 'tls.practiceCertificate';
  const wanted = await ownArtefact(context, taken);
  const certificate = await read(place.certificate);
  if (!wanted.ok || certificate === null || !certificate.equals(wanted.value)) wrong.push('tls/certificate.pem');
  return wrong;
}

async function isSecretAsMade({ state }: ActContext, { secrets }: ProxyPlace): Promise<boolean> {
  const { accessKeyId, fingerprint } = state.data['proxy.credential'] ?? {};
  const secret = typeof accessKeyId === 'string' ? await read(join(secrets, accessKeyId)) : null;
  const isSo = secret !== null && credentialFingerprint(secret) === fingerprint;
  secret?.fill(0);
  return isSo;
}
