import type { Attribute } from 'pkcs11js';
import type { AttributeRow } from '../keys/template';
import { nameOf, numberOf } from './names';

/** How an attribute's bytes are meant (PKCS#11 2.40, 4). */
type Kind = 'boolean' | 'number' | 'class' | 'keyType' | 'mechanism' | 'mechanisms' | 'text' | 'bytes';

/** Every attribute Keyrite asks for, sets or lists. */
const KINDS = {
  CKA_CLASS: 'class',
  CKA_KEY_TYPE: 'keyType',
  CKA_TOKEN: 'boolean',
  CKA_PRIVATE: 'boolean',
  CKA_LABEL: 'text',
  CKA_ID: 'bytes',
  CKA_UNIQUE_ID: 'text',
  CKA_MODIFIABLE: 'boolean',
  CKA_COPYABLE: 'boolean',
  CKA_DESTROYABLE: 'boolean',
  CKA_DERIVE: 'boolean',
  CKA_VALUE_LEN: 'number',
  CKA_ENCRYPT: 'boolean',
  CKA_DECRYPT: 'boolean',
  CKA_SIGN: 'boolean',
  CKA_SIGN_RECOVER: 'boolean',
  CKA_VERIFY: 'boolean',
  CKA_VERIFY_RECOVER: 'boolean',
  CKA_WRAP: 'boolean',
  CKA_UNWRAP: 'boolean',
  CKA_SENSITIVE: 'boolean',
  CKA_EXTRACTABLE: 'boolean',
  CKA_WRAP_WITH_TRUSTED: 'boolean',
  CKA_ALWAYS_AUTHENTICATE: 'boolean',
  CKA_TRUSTED: 'boolean',
  CKA_LOCAL: 'boolean',
  CKA_ALWAYS_SENSITIVE: 'boolean',
  CKA_NEVER_EXTRACTABLE: 'boolean',
  CKA_KEY_GEN_MECHANISM: 'mechanism',
  CKA_ALLOWED_MECHANISMS: 'mechanisms',
  CKA_MODULUS: 'bytes',
  CKA_MODULUS_BITS: 'number',
  CKA_PUBLIC_EXPONENT: 'bytes',
  CKA_EC_PARAMS: 'bytes',
  CKA_EC_POINT: 'bytes',
  CKA_CHECK_VALUE: 'bytes',
} as const satisfies Record<AttributeRow['name'], Kind>;

export type AttributeName = keyof typeof KINDS;

export const ATTRIBUTE_NAMES = Object.keys(KINDS) as readonly AttributeName[];

/** Attributes of unsigned big-endian integers: leading zero bytes mean nothing, and modules differ in them. */
const INTEGERS: ReadonlySet<string> = new Set(['CKA_MODULUS', 'CKA_PUBLIC_EXPONENT']);

/** CK_UNAVAILABLE_INFORMATION of a 32-bit or 64-bit CK_ULONG. */
const ULONG = {
  4: (bytes: Buffer, at: number) => bytes.readUInt32LE(at),
  8: (bytes: Buffer, at: number) => Number(bytes.readBigUInt64LE(at)),
};

type UlongBytes = keyof typeof ULONG;

function kindOf(name: string): Kind {
  if (!Object.hasOwn(KINDS, name)) throw new RangeError(`Keyrite has no attribute "${name}".`);
  return KINDS[name as AttributeName];
}

function encodeMechanisms(names: readonly string[], ulongBytes: UlongBytes): Buffer {
  const bytes = Buffer.alloc(names.length * ulongBytes);
  names.forEach((name, i) => bytes.writeUInt32LE(numberOf(name), i * ulongBytes));
  return bytes;
}

/**
 * A row as the binding takes it.
 * @param ulongBytes size of CK_ULONG in the module: 8, on Windows 4
 */
export function encodeAttribute({ name, value }: AttributeRow, ulongBytes: UlongBytes): Attribute {
  const type = numberOf(name);
  switch (kindOf(name)) {
    case 'boolean':
      return { type, value: value === true };
    case 'number':
      return { type, value: Number(value) };
    case 'class':
    case 'keyType':
    case 'mechanism':
      return { type, value: numberOf(String(value)) };
    case 'mechanisms':
      return { type, value: encodeMechanisms(value as readonly string[], ulongBytes) };
    case 'text':
      return { type, value: Buffer.from(String(value), 'utf8') };
    case 'bytes':
      return { type, value: Buffer.from(String(value), 'hex') };
  }
}

function decodeMechanisms(bytes: Buffer, ulongBytes: UlongBytes): readonly string[] {
  const numbers = Array.from({ length: Math.floor(bytes.length / ulongBytes) }, (_, i) =>
    ULONG[ulongBytes](bytes, i * ulongBytes),
  );
  return numbers.map((number) => nameOf('CKM_', number)).toSorted();
}

function decodeBytes(name: string, bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return INTEGERS.has(name) ? hex.replace(/^(00)+(?=..)/, '') : hex;
}

/** A module's bytes as a row value; bytes of the wrong size come back as `0x` and hex, so that they equal nothing that was wanted. */
export function decodeAttribute(name: string, bytes: Buffer, ulongBytes: UlongBytes): AttributeRow['value'] {
  const number = (show: (value: number) => string) =>
    bytes.length === ulongBytes ? show(ULONG[ulongBytes](bytes, 0)) : `0x${bytes.toString('hex')}`;
  switch (kindOf(name)) {
    case 'boolean':
      return bytes.length === 1 ? bytes[0] !== 0 : `0x${bytes.toString('hex')}`;
    case 'number':
      return number(String);
    case 'class':
      return number((value) => nameOf('CKO_', value));
    case 'keyType':
      return number((value) => nameOf('CKK_', value));
    case 'mechanism':
      return number((value) => nameOf('CKM_', value));
    case 'mechanisms':
      return decodeMechanisms(bytes, ulongBytes);
    case 'text':
      return bytes.toString('utf8');
    case 'bytes':
      return decodeBytes(name, bytes);
  }
}

/** The size of CK_ULONG in this build of the binding, seen on any handle it gave. */
export function ulongBytesOf(handle: Buffer): UlongBytes {
  return handle.length === 4 ? 4 : 8;
}

/** Two row values as equal: lists by content. */
export function sameValue(a: AttributeRow['value'] | null, b: AttributeRow['value']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
