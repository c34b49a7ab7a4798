import type { Ask } from './ask';
import { present } from './answers';
import { CALLS } from './calls';
import type { KmsPort } from './port';

type CryptoCalls = Pick<
  KmsPort,
  'getPublicKey' | 'generateMac' | 'encrypt' | 'decrypt' | 'generateDataKey' | 'generateDataKeyWithoutPlaintext' | 'reEncrypt'
>;

/** Uses of a key: the proofs that KMS holds the material that was imported. */
export function cryptoCalls({ one }: Ask): CryptoCalls {
  return {
    getPublicKey: (keyId) =>
      one(CALLS.getPublicKey({ keyId }), ({ PublicKey, KeySpec, KeyUsage }) => ({
        spki: present(PublicKey, 'PublicKey'),
        spec: KeySpec ?? '',
        usage: KeyUsage ?? '',
      })),
    generateMac: (request) => one(CALLS.generateMac(request), ({ Mac }) => present(Mac, 'Mac')),
    encrypt: (request) => one(CALLS.encrypt(request), ({ CiphertextBlob }) => present(CiphertextBlob, 'CiphertextBlob')),
    decrypt: (request) => one(CALLS.decrypt(request), ({ Plaintext }) => present(Plaintext, 'Plaintext')),
    generateDataKey: (keyId, context) =>
      one(CALLS.generateDataKey({ keyId, context }), ({ Plaintext, CiphertextBlob }) => ({
        plaintext: present(Plaintext, 'Plaintext'),
        ciphertext: present(CiphertextBlob, 'CiphertextBlob'),
      })),
    generateDataKeyWithoutPlaintext: (keyId, context) =>
      one(CALLS.generateDataKeyWithoutPlaintext({ keyId, context }), ({ CiphertextBlob }) =>
        present(CiphertextBlob, 'CiphertextBlob'),
      ),
    reEncrypt: (request) => one(CALLS.reEncrypt(request), ({ CiphertextBlob }) => present(CiphertextBlob, 'CiphertextBlob')),
  };
}
