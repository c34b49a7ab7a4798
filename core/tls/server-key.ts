import { newRsaKey, publicKeyDigest, readRsaKey } from './certificate-key';

export interface ServerKey {
  /** PEM of PKCS#8 without a passphrase. The caller writes it with mode 0600 and overwrites it. */
  readonly pem: Uint8Array;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), 64 hex digits; fit for evidence */
  readonly publicKeySha256: string;
  readonly bits: 2048 | 3072;
}

/** A key for the proxy's TLS. RSA: every suite that AWS KMS speaks and every CA on its list takes it. */
export async function makeServerKey(bits: 2048 | 3072 = 3072): Promise<ServerKey> {
  const pem = await newRsaKey(bits);
  const key = readRsaKey(pem);
  if (key === null) throw new Error('A key that was just made cannot be read.');
  return { pem, publicKeySha256: publicKeyDigest(key), bits };
}
