import { constants, createDecipheriv, privateDecrypt, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import type { WrappingAlgorithm } from '../../../core/keys/wrapping';

/** RSAES-OAEP undone by OpenSSL. */
function oaepByOpenssl(privateKey: KeyObject, hash: 'sha1' | 'sha256', bytes: Uint8Array): Buffer {
  return privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, bytes);
}

/** RSAES-OAEP undone by node-forge, which is written in JavaScript from end to end; hash and MGF1 hash named apart. */
function oaepByForge(privateKey: KeyObject, hash: 'sha1' | 'sha256', bytes: Uint8Array): Buffer {
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const digest = forge.md[hash];
  const clear = key.decrypt(Buffer.from(bytes).toString('binary'), 'RSA-OAEP', {
    md: digest.create(),
    mgf1: { md: digest.create() },
  });
  return Buffer.from(clear, 'binary');
}

/** RFC 5649 undone by OpenSSL. Throws where the wrap does not hold. */
function kwpByOpenssl(key: Uint8Array, wrapped: Uint8Array): Buffer {
  const decipher = createDecipheriv('id-aes256-wrap-pad', key, Buffer.from('a65959a6', 'hex'));
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}

/** Takes a blob apart as KMS would, with nothing of ours. */
export function foreignUnwrap(
  by: 'OpenSSL' | 'node-forge',
  algorithm: WrappingAlgorithm,
  privateKey: KeyObject,
  blob: Uint8Array,
): Buffer {
  const hash = algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1';
  const oaep = by === 'OpenSSL' ? oaepByOpenssl : oaepByForge;
  if (algorithm.startsWith('RSAES_OAEP')) return oaep(privateKey, hash, blob);
  const modulusBytes = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const once = oaep(privateKey, hash, blob.subarray(0, modulusBytes));
  return kwpByOpenssl(once, blob.subarray(modulusBytes));
}
