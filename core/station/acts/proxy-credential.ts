import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { credentialFingerprint, newCredential } from '../../deployment/credential';
import type { ProxyCredential } from '../../kms/key-store';
import { facts, outcome, type Act, type ActContext } from './act';
import { keepPrivately } from './private-file';
import { isSetUpByHand, preparedPlace, proxyPlace } from './proxy-place';

/** A credential with full entropy. The secret goes into a file of this user; the record has its id and a fingerprint. */
export const proxyCredential: Act = async (context) => {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  // said now, and not after half an hour, when the settings would be put in its place
  if (await isSetUpByHand(place.value)) return failure('file.exists', { folder: place.value.folder, file: 'settings.toml' });
  const credential = newCredential();
  try {
    const kept = await keepPrivately(preparedPlace(context).secrets, credential.accessKeyId, credential.secret);
    if (!kept.ok) return kept;
    const fingerprint = credentialFingerprint(credential.secret);
    const madeAt = context.now().toISOString();
    return success(
      outcome({
        data: { accessKeyId: credential.accessKeyId, fingerprint, length: credential.secret.length, madeAt },
        show: [
          facts('Credential of AWS KMS', [
            ['Access key id', credential.accessKeyId, true],
            ['Fingerprint of the secret', fingerprint, true],
            ['Entropy', '256 bits, from the random generator of the operating system'],
            ['Secret', 'in a file that only this user can read; shown nowhere'],
          ]),
        ],
      }),
    );
  } finally {
    credential.secret.fill(0);
  }
};

/** Id and secret of the credential this ceremony made. The secret is the caller's to overwrite. */
export async function credentialOf(context: ActContext): Promise<Result<ProxyCredential>> {
  const made = context.state.data['proxy.credential'];
  const accessKeyId = made?.['accessKeyId'];
  if (typeof accessKeyId !== 'string') return failure('ceremony.notNow', { waitingFor: 'credential' });
  const bytes = await readFile(join(preparedPlace(context).secrets, accessKeyId)).catch(() => null);
  if (bytes === null) return failure('file.notFound', { file: accessKeyId });
  const secret = new Uint8Array(bytes);
  if (credentialFingerprint(secret) === made?.['fingerprint']) return success({ accessKeyId, secret });
  secret.fill(0);
  return failure('file.changedUnderneath', { file: accessKeyId });
}
