import { failure, success, type Failure, type Result } from '../contract/result';
import {
  bitLength,
  inSequence,
  isHex,
  readDerValues,
  readFirst,
  TAG,
  unsignedInteger,
  wholeBytes,
  type DerValue,
} from './der-reader';
import { isText, pemLabel } from './text-trap';
import type { WrappingKeySpec } from './wrapping';

/** The wrapping public key of one import: an RSA key as KMS gives it. */
export interface WrappingKey {
  /** SubjectPublicKeyInfo DER: the bytes that were read */
  readonly spki: Uint8Array;
  /** unsigned, big-endian, without leading zeros */
  readonly modulus: Uint8Array;
  /** the same; always 65537 */
  readonly exponent: Uint8Array;
  readonly bits: number;
  readonly spec: WrappingKeySpec;
}

const SPEC_OF_BITS: Readonly<Record<number, WrappingKeySpec>> = { 2048: 'RSA_2048', 3072: 'RSA_3072', 4096: 'RSA_4096' };

/** OID contents as hex: rsaEncryption, id-RSASSA-PSS, id-RSAES-OAEP (RFC 8017, A), id-ecPublicKey (RFC 5480, 2.1.1). */
const RSA_ENCRYPTION = '2a864886f70d010101';
const OTHER_ALGORITHMS: Readonly<Record<string, string>> = {
  '2a864886f70d01010a': 'an RSA key for PSS signatures only',
  '2a864886f70d010107': 'an RSA key tied to OAEP by its own identifier',
  '2a8648ce3d0201': 'an elliptic-curve key',
};

type Refused = { readonly ok: false; readonly error: Failure };

function refuse(problem: string): Refused {
  return failure('key.wrappingKeyInvalid', { problem });
}

/** What people mistake for the file, each with what helps. */
function textProblem(bytes: Uint8Array): string | null {
  const label = pemLabel(bytes);
  if (label === 'PUBLIC KEY')
    return 'This is PEM text. KMS gives DER: take the file as it came, or turn it back: openssl pkey -pubin -in FILE -outform DER -out FILE.der.';
  if (label !== '') return `This is PEM text with a ${label.toLowerCase()}, not the public key of GetParametersForImport.`;
  if (isText(bytes))
    return 'This is text, most likely the base64 that the AWS CLI prints. Decode it once: base64 --decode FILE > FILE.der.';
  return null;
}

/** What else it may be, when it is DER but no SubjectPublicKeyInfo. */
function otherForm(parts: readonly DerValue[]): string {
  if (parts.length === 2 && parts.every(({ tag }) => tag === TAG.integer))
    return 'This is a bare RSAPublicKey (PKCS#1). KMS gives it inside a SubjectPublicKeyInfo.';
  if (parts[0]?.tag === TAG.integer) return 'This looks like a private key. A wrapping key is a public one.';
  if (parts.length === 3 && parts[2]?.tag === TAG.bitString)
    return 'This looks like a certificate. KMS gives the public key alone.';
  return 'This is not a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).';
}

function algorithmProblem(algorithm: DerValue | undefined): string | null {
  const [oid, parameters, ...more] = inSequence(algorithm) ?? [];
  if (oid?.tag !== TAG.oid) return 'It does not say of which algorithm it is.';
  const other = Object.entries(OTHER_ALGORITHMS).find(([hex]) => isHex(oid.content, hex));
  if (other) return `This is ${other[1]}, not an RSA key of the kind KMS gives (rsaEncryption).`;
  if (!isHex(oid.content, RSA_ENCRYPTION)) return 'It is of another algorithm than RSA (rsaEncryption).';
  const isNull = parameters?.tag === TAG.null && parameters.content.length === 0 && more.length === 0;
  return isNull ? null : 'The parameters of its algorithm are not NULL, as RFC 8017 wants them.';
}

function readNumbers(spki: Uint8Array, key: DerValue | undefined): Result<WrappingKey> {
  const inner = readDerValues(wholeBytes(key) ?? new Uint8Array());
  const numbers = inner?.length === 1 ? inSequence(inner[0]) : null;
  const [modulus, exponent] = [unsignedInteger(numbers?.[0]), unsignedInteger(numbers?.[1])];
  if (numbers?.length !== 2 || !modulus || !exponent) return refuse('The RSA key inside is damaged.');
  const bits = bitLength(modulus);
  const spec = SPEC_OF_BITS[bits];
  if (!spec) return refuse(`It has ${bits} bits. KMS gives wrapping keys of 2048, 3072 and 4096 bits.`);
  if ((modulus.at(-1) ?? 0) % 2 === 0) return refuse('Its modulus is even: this is not an RSA key.');
  if (!isHex(exponent, '010001')) return refuse(`Its public exponent is ${numberText(exponent)}. KMS gives keys with 65537.`);
  return success({ spki, modulus, exponent, bits, spec });
}

function numberText(magnitude: Uint8Array): string {
  if (magnitude.length > 6) return `a number of ${bitLength(magnitude)} bits`;
  return String(magnitude.reduce((sum, byte) => sum * 256 + byte, 0));
}

/**
 * Reads the PublicKey of GetParametersForImport: SubjectPublicKeyInfo DER (RFC 5280, 4.1.2.7) of an RSA key of 2048, 3072 or 4096 bits
 * with exponent 65537. Whatever else it is, even if some library would take it, is refused with a sentence: a key that is not as KMS
 * gives it was made by somebody else. Error: key.wrappingKeyInvalid, `problem`.
 */
export function readWrappingKey(bytes: Uint8Array): Result<WrappingKey> {
  if (bytes.length === 0) return refuse('The file is empty.');
  const text = textProblem(bytes);
  if (text !== null) return refuse(text);
  const first = readFirst(bytes);
  const parts = inSequence(first?.value);
  if (first === null || parts === null) return refuse('It is not a key in DER, or it is cut off.');
  if (first.rest.length > 0) return refuse('More bytes follow after the key.');
  if (parts.length !== 2 || parts[0]?.tag !== TAG.sequence || parts[1]?.tag !== TAG.bitString) return refuse(otherForm(parts));
  const problem = algorithmProblem(parts[0]);
  return problem === null ? readNumbers(bytes, parts[1]) : refuse(problem);
}
