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
import type { ImportableSpec } from './kms-spec';
import { isText, pemLabel } from './text-trap';
import { materialBytes } from './wrapping';

/** What the material turned out to be. */
export interface MaterialShape {
  readonly kind: 'raw' | 'rsa' | 'ec';
  /** EC: does the key carry its public point? Some HSMs leave it out, and KMS computes it anyway. Raw and RSA: false. */
  readonly hasPublicPoint: boolean;
}

type Refused = { readonly ok: false; readonly error: Failure };

function refuse(problem: string): Refused {
  return failure('key.materialInvalid', { problem });
}

/** Curves of KMS: OID content (RFC 5480, 2.1.1.1; SEC 2), bytes of a field element, and the order of the group (SEC 2, FIPS 186-4 D.1.2). */
interface Curve {
  readonly oid: string;
  readonly bytes: number;
  readonly order: string;
}

const CURVES: Readonly<Partial<Record<ImportableSpec, Curve>>> = {
  ECC_NIST_P256: {
    oid: '2a8648ce3d030107',
    bytes: 32,
    order: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  },
  ECC_NIST_P384: {
    oid: '2b81040022',
    bytes: 48,
    order: 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  },
  ECC_NIST_P521: {
    oid: '2b81040023',
    bytes: 66,
    order:
      '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  },
  ECC_SECG_P256K1: {
    oid: '2b8104000a',
    bytes: 32,
    order: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
  },
};

const RSA_ENCRYPTION = '2a864886f70d010101';
const EC_PUBLIC_KEY = '2a8648ce3d0201';

function rawProblem(spec: ImportableSpec, bytes: Uint8Array, wanted: number): string | null {
  // 64 hex digits have the length of an HMAC_512 key: a length alone does not catch them.
  if (isText(bytes)) return 'This is text (hex, base64 or a passphrase), not random bytes. Turn it into its raw bytes first.';
  if (bytes.length !== wanted) {
    const newline =
      bytes.length === wanted + 1 && bytes.at(-1) === 0x0a ? ' It ends with a line feed that is not part of it.' : '';
    return `It has ${bytes.length} bytes, and ${spec} wants exactly ${wanted}.${newline}`;
  }
  return bytes.every((byte) => byte === bytes[0]) ? 'All its bytes are the same: this is no key.' : null;
}

function pemProblem(label: string): string {
  if (label === 'ENCRYPTED PRIVATE KEY') return 'It is encrypted with a passphrase. KMS takes an unencrypted PKCS#8 key.';
  if (label === 'PRIVATE KEY') return 'It is PEM text, and DER is wanted here.';
  return `It is PEM text with ${/^[AEIOUR]/.test(label) ? 'an' : 'a'} ${label}, and PKCS#8 is wanted: openssl pkcs8 -topk8 -nocrypt.`;
}

/** What else it may be, when it is DER but no PrivateKeyInfo. */
function otherForm(parts: readonly DerValue[]): string {
  if (parts.length === 9 && parts.every(({ tag }) => tag === TAG.integer))
    return 'This is a bare RSAPrivateKey (PKCS#1). PKCS#8 is wanted: openssl pkcs8 -topk8 -nocrypt -inform DER -outform DER.';
  if (parts[0]?.tag === TAG.integer && parts[1]?.tag === TAG.octetString)
    return 'This is a bare ECPrivateKey (SEC 1). PKCS#8 is wanted: openssl pkcs8 -topk8 -nocrypt -inform DER -outform DER.';
  if (parts.length === 2 && parts[0]?.tag === TAG.sequence && parts[1]?.tag === TAG.octetString)
    return 'It is encrypted with a passphrase. KMS takes an unencrypted PKCS#8 key.';
  if (parts.length === 2 && parts[0]?.tag === TAG.sequence && parts[1]?.tag === TAG.bitString)
    return 'This is a public key. The private key is wanted.';
  return 'This is not a PKCS#8 private key (RFC 5958, 2).';
}

/** Algorithm and inner key of a PrivateKeyInfo (RFC 5208, 5), or the sentence why this is none. */
function readPrivateKeyInfo(bytes: Uint8Array): { readonly algorithm: readonly DerValue[]; readonly key: Uint8Array } | string {
  const first = readFirst(bytes);
  const parts = inSequence(first?.value);
  if (first === null || parts === null) return 'It is not a key in DER, or it is cut off.';
  if (first.rest.length > 0) return 'More bytes follow after the key.';
  const [version, identifier, key, ...more] = parts;
  const algorithm = inSequence(identifier);
  if (version?.tag !== TAG.integer || !algorithm || key?.tag !== TAG.octetString) return otherForm(parts);
  // Whether KMS takes attributes or the second version (RFC 5958) is not known: what is not known is not sent.
  if (!isHex(version.content, '00') || more.length > 0)
    return 'It carries more than a private key (attributes or a public key beside it). Export it again without them.';
  return { algorithm, key: key.content };
}

/** RSAPrivateKey with two primes (RFC 8017, A.1.2). Exponent: FIPS 186-5, A.1.1. */
function rsaProblem(spec: ImportableSpec, algorithm: readonly DerValue[], key: Uint8Array): string | null {
  const [oid, parameters, ...more] = algorithm;
  if (!oid || !isHex(oid.content, RSA_ENCRYPTION)) return `It is no RSA key (rsaEncryption), and ${spec} wants one.`;
  if (parameters?.tag !== TAG.null || more.length > 0) return 'The parameters of its algorithm are not NULL.';
  const values = readDerValues(key);
  const numbers = values?.length === 1 ? inSequence(values[0])?.map(unsignedInteger) : undefined;
  if (numbers?.length !== 9 || numbers.some((number) => number === null)) return 'The RSA key inside is damaged.';
  const [version, modulus, exponent, ...secret] = numbers as Uint8Array[];
  const wanted = Number(spec.slice('RSA_'.length));
  if (!version || !isHex(version, '00')) return 'The RSA key inside has more than two primes.';
  if (bitLength(modulus ?? version) !== wanted)
    return `Its modulus has ${bitLength(modulus ?? version)} bits, and ${spec} wants ${wanted}.`;
  if (!isGoodExponent(exponent ?? version)) return 'Its public exponent must be odd and between 2^16 and 2^256.';
  const [, p, q] = secret.map(bitLength);
  return p === wanted / 2 && q === wanted / 2 ? null : 'Its two primes do not have half the size of the modulus each.';
}

function isGoodExponent(exponent: Uint8Array): boolean {
  const bits = bitLength(exponent);
  return bits > 16 && bits <= 256 && (exponent.at(-1) ?? 0) % 2 === 1;
}

function curveProblem(spec: ImportableSpec, curve: Curve, algorithm: readonly DerValue[]): string | null {
  const [oid, parameters, ...more] = algorithm;
  if (!oid || !isHex(oid.content, EC_PUBLIC_KEY)) return `It is no elliptic-curve key (id-ecPublicKey), and ${spec} wants one.`;
  if (parameters?.tag === TAG.sequence)
    return 'Its curve is spelt out in parameters instead of named: openssl pkey -ec_param_enc named_curve.';
  if (parameters?.tag !== TAG.oid || more.length > 0) return 'It does not name its curve.';
  return isHex(parameters.content, curve.oid) ? null : `It is on another curve than ${spec} wants.`;
}

/** 1 to order - 1, both of `curve.bytes` bytes. Compared byte by byte: a BigInt of a secret could not be overwritten. */
function isScalar(secret: Uint8Array, curve: Curve): boolean {
  if (secret.length !== curve.bytes || secret.every((byte) => byte === 0)) return false;
  for (let i = 0; i < secret.length; i++) {
    const difference = (secret[i] ?? 0) - Number.parseInt(curve.order.slice(2 * i, 2 * i + 2), 16);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** ECPrivateKey (RFC 5915, 3): the scalar at full length, maybe the curve again, maybe the public point, uncompressed. */
function readEc(
  spec: ImportableSpec,
  curve: Curve,
  algorithm: readonly DerValue[],
  key: Uint8Array,
): string | { readonly hasPoint: boolean } {
  const problem = curveProblem(spec, curve, algorithm);
  if (problem !== null) return problem;
  const values = readDerValues(key);
  const parts = values?.length === 1 ? inSequence(values[0]) : null;
  const [version, secret, ...optional] = parts ?? [];
  if (!version || !isHex(version.whole, '020101') || secret?.tag !== TAG.octetString)
    return 'The elliptic-curve key inside is damaged.';
  if (!isScalar(secret.content, curve))
    return 'Its secret number has the wrong length, or is not between 1 and the order of the curve.';
  const named = optional[0]?.tag === TAG.context0 ? optional[0] : null;
  const [point, ...more] = named ? optional.slice(1) : optional;
  if (named && !isNamed(named, curve)) return 'The key inside names another curve.';
  if (!point) return { hasPoint: false };
  return more.length === 0 && isPoint(point, curve)
    ? { hasPoint: true }
    : 'Its public point is damaged, or not in the uncompressed form.';
}

function isNamed(named: DerValue, curve: Curve): boolean {
  const [oid, ...more] = readDerValues(named.content) ?? [];
  return oid?.tag === TAG.oid && more.length === 0 && isHex(oid.content, curve.oid);
}

function isPoint(value: DerValue, curve: Curve): boolean {
  const [bits, ...more] = (value.tag === TAG.context1 ? readDerValues(value.content) : null) ?? [];
  const point = more.length === 0 ? wholeBytes(bits) : null;
  return point?.length === 1 + 2 * curve.bytes && point[0] === 0x04;
}

/**
 * Checks material against what KMS takes for a spec: raw bytes of the exact length, or an unencrypted PKCS#8 key (RFC 5208) in DER with
 * named curve or two-prime RSA of the right size. Nothing is copied, and no number of the key becomes a value that cannot be
 * overwritten. Error: key.materialInvalid with a sentence in `problem` that tells nothing of the key.
 */
export function readMaterial(spec: ImportableSpec, bytes: Uint8Array): Result<MaterialShape> {
  if (bytes.length === 0) return refuse('It is empty.');
  const label = pemLabel(bytes);
  if (label !== '') return refuse(pemProblem(label));
  const wanted = materialBytes(spec);
  if (wanted !== null) {
    const problem = rawProblem(spec, bytes, wanted);
    return problem === null ? success({ kind: 'raw', hasPublicPoint: false }) : refuse(problem);
  }
  if (isText(bytes)) return refuse('This is text, not DER.');
  const info = readPrivateKeyInfo(bytes);
  if (typeof info === 'string') return refuse(info);
  const curve = CURVES[spec];
  if (!curve) {
    const problem = rsaProblem(spec, info.algorithm, info.key);
    return problem === null ? success({ kind: 'rsa', hasPublicPoint: false }) : refuse(problem);
  }
  const ec = readEc(spec, curve, info.algorithm, info.key);
  return typeof ec === 'string' ? refuse(ec) : success({ kind: 'ec', hasPublicPoint: ec.hasPoint });
}
