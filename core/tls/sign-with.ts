import { sign, type KeyObject } from 'node:crypto';
import forge from 'node-forge';

/**
 * node-forge puts certificates and requests together; the signature is made by Node's own library, so that no private key ever
 * becomes one of forge's numbers, which nobody can overwrite. Forge asks its key to sign a digest; ours signs what was digested.
 * @param toBeSigned DER of the part that the signature covers; forge has set it by the time it asks
 */
export function signWith(key: KeyObject, toBeSigned: () => forge.asn1.Asn1): forge.pki.rsa.PrivateKey {
  const signer = {
    sign: () => {
      const bytes = Buffer.from(forge.asn1.toDer(toBeSigned()).getBytes(), 'latin1');
      return sign('sha256', bytes, key).toString('latin1');
    },
  };
  return signer as unknown as forge.pki.rsa.PrivateKey;
}
