import { UNTOUCHED, type AreaTexts } from './error-text';

/** What we know of one key. */
export const keyTexts: AreaTexts<'key'> = {
  'key.duplicate': {
    what: 'There already is a key with this label or identifier.',
    means: 'No key was made, so that two keys can never be mistaken for each other.',
    do: 'Choose another label. Never delete a key just to free its name.',
  },
  'key.notFound': {
    what: 'The key is not on the token.',
    means: 'Nothing was done with it.',
    do: 'Check that this is the right token, then look at the inventory.',
  },
  'key.attributeDiffers': {
    what: 'The token did not give the key the attributes that were approved.',
    means: 'This key must not be used: its protection is not the approved one.',
    do: 'Record the exception. The plan for failure is to destroy the key and stop.',
  },
  'key.notDestroyable': {
    what: 'The token refused to destroy the key.',
    means: 'The key still exists and must be treated as unusable.',
    do: 'Record the exception and follow the vendor’s procedure to remove it.',
  },
  'key.wrappingKeyInvalid': {
    what: 'This is not a wrapping key as KMS gives it.',
    means: 'Nothing was wrapped. ' + UNTOUCHED,
    do: 'Take the file PublicKey of GetParametersForImport as it is: DER, an RSA key of 2048, 3072 or 4096 bits, exponent 65537.',
  },
  'key.materialInvalid': {
    what: 'This is not key material as KMS takes it.',
    means: 'Nothing was wrapped.',
    do: 'AES and HMAC: the raw bytes, exactly as many as the key has. RSA and EC: an unencrypted PKCS#8 key in DER.',
  },
  'key.blobLength': {
    what: 'The wrapped key does not have the length it must have.',
    means: 'It was not handed on. KMS would refuse it, or unwrap something else.',
    do: 'Record the exception. A length that differs means that the module wrapped something else than was asked.',
  },
};
