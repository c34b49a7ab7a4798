import { readFile } from 'node:fs/promises';
import { publicKeyDigest, readRsaKey } from '../../tls/certificate-key';
import type { ActContext } from './act';
import { ownArtefact } from './own-artefact';
import { credentialOf } from './proxy-credential';
import type { ProxyPlace } from './proxy-place';

const read = (path: string): Promise<Buffer | null> => readFile(path).catch(() => null);

/**
 * The secret files and the certificate of this ceremony that are not what its record says: they were made some steps ago, and whoever
 * can write here may have changed them since. Names of files, none where all is as it was.
 */
export async function changedFiles(context: ActContext, place: ProxyPlace): Promise<readonly string[]> {
  const { data } = context.state;
  const credential = await credentialOf(context);
  if (credential.ok) credential.value.secret.fill(0);
  const wrong = credential.ok ? [] : ['secrets'];
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

/** Settings and policy on the disk that are not the ones that were approved. */
export async function changedSettings(
  place: ProxyPlace,
  { settings, policy }: { readonly settings: Uint8Array; readonly policy: Uint8Array | null },
): Promise<readonly string[]> {
  const isSo = async (path: string, wanted: Uint8Array) => (await read(path))?.equals(wanted) === true;
  return [
    ...((await isSo(place.settings, settings)) ? [] : ['settings.toml']),
    ...(policy === null || (await isSo(place.policy, policy)) ? [] : ['policy.cedar']),
  ];
}
