import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** An RSA key pair for one import. */
export interface WrappingPair {
  /** SubjectPublicKeyInfo, DER */
  readonly publicKey: Uint8Array;
  /** PKCS#8, DER; overwritten after use */
  readonly privateKey: Uint8Array;
}

export type MakeWrappingPair = (bits: number) => Promise<WrappingPair>;

const generate = promisify(generateKeyPair);

/** Makes a pair in a thread of the library: 4096 bits take a second and more, and the event loop may be an app's. */
export const makeWrappingPair: MakeWrappingPair = (bits) =>
  generate('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
