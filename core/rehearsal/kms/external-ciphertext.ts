import { createHash } from 'node:crypto';
import type { Sealed } from '../../as-kms/bodies';
import { cdiv } from '../../xks/cdiv';
import { sameBytes } from '../../xks/bytes';

/** Ciphertext of a key of an external key store: which key in which store, then what the proxy answered, and the integrity value of all that. */
const MAGIC = Buffer.from('keyrite-rehearsal-x\n');

export interface ExternalCiphertext {
  readonly keyId: string;
  readonly storeId: string;
  readonly sealed: Omit<Sealed, 'aad'>;
  /** the ciphertextDataIntegrityValue, with the AAD it was made with */
  readonly integrity: Uint8Array;
}

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** What KMS makes of an answer to Encrypt, to compare with what the proxy says. */
export function integrityOf({ aad, ciphertext, iv, tag, metadata }: Sealed): Uint8Array {
  const nothing = new Uint8Array();
  return cdiv({ aad: aad ?? nothing, metadata: metadata ?? nothing, iv, ciphertext, tag }, sha256);
}

export function isIntact(blob: ExternalCiphertext, aad: Uint8Array | null): boolean {
  return sameBytes(integrityOf({ ...blob.sealed, aad }), blob.integrity);
}

/** Each part after its length in two bytes. */
export function packExternal({ keyId, storeId, sealed, integrity }: ExternalCiphertext): Uint8Array {
  const { iv, tag, metadata, ciphertext } = sealed;
  const parts = [Buffer.from(keyId), Buffer.from(storeId), iv, tag, metadata ?? new Uint8Array(), integrity, ciphertext];
  const framed = parts.flatMap((part) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(part.length);
    return [length, part];
  });
  return Buffer.concat([MAGIC, ...framed]);
}

const PARTS = 7;

/** Null where this is none, or is cut short. */
export function readExternal(blob: Uint8Array): ExternalCiphertext | null {
  const bytes = Buffer.from(blob);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const parts: Buffer[] = [];
  let at = MAGIC.length;
  for (let nth = 0; nth < PARTS; nth++) {
    if (at + 2 > bytes.length) return null;
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) return null;
    parts.push(bytes.subarray(at + 2, end));
    at = end;
  }
  const [keyId, storeId, iv, tag, metadata, integrity, ciphertext] = parts as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  if (at !== bytes.length) return null;
  const sealed = { iv, tag, ciphertext, metadata: metadata.length === 0 ? null : metadata };
  return { keyId: keyId.toString('latin1'), storeId: storeId.toString('latin1'), sealed, integrity };
}
