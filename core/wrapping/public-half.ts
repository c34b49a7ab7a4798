import { createPrivateKey, createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { failure, success, type Result } from '../contract/result';

function parse(pkcs8: Uint8Array): KeyObject | null {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length), type: 'pkcs8', format: 'der' });
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Does a signature by the one verify with the other? A key whose public point or modulus is not its own fails here. */
function belongTogether(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const challenge = randomBytes(32);
  try {
    return verify('sha256', challenge, publicKey, sign('sha256', challenge, privateKey));
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/**
 * SubjectPublicKeyInfo DER of a PKCS#8 key, to be compared with GetPublicKey after the import, once a signature was made and verified.
 * Error: key.materialInvalid, also where this runtime cannot tell: Electron's library does not have secp256k1.
 */
export function publicHalf(pkcs8: Uint8Array): Result<Uint8Array> {
  const privateKey = parse(pkcs8);
  if (privateKey === null)
    return failure('key.materialInvalid', {
      problem:
        'The crypto library of this program cannot use the key: it is damaged, or on a curve that the library does not have.',
    });
  const publicKey = createPublicKey(privateKey);
  if (!belongTogether(privateKey, publicKey))
    return failure('key.materialInvalid', {
      problem: 'A signature by the key does not verify: its parts do not belong together.',
    });
  return success(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })));
}
