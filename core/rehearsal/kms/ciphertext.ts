import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonical } from '../../evidence/canonical';

/** Ciphertext of a symmetric key of the rehearsal: header, IV, encrypted bytes, tag. AWS does not publish its own format. */
const MAGIC = Buffer.from('keyrite-rehearsal-1\n');
const KEY_ID_BYTES = 36;
const MATERIAL_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = MAGIC.length + KEY_ID_BYTES + MATERIAL_BYTES;

export type EncryptionContext = Readonly<Record<string, string>>;

/** What a ciphertext says about itself. */
export interface CiphertextHeader {
  readonly keyId: string;
  readonly materialId: string;
}

/** Encrypts under a material, bound to the key and to the context as AWS binds it. */
export function encryptWith(
  material: Uint8Array,
  header: CiphertextHeader,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const head = Buffer.concat([MAGIC, Buffer.from(header.keyId.padEnd(KEY_ID_BYTES)), Buffer.from(header.materialId, 'hex')]);
  const cipher = createCipheriv('aes-256-gcm', material, iv).setAAD(Buffer.concat([head, Buffer.from(canonical(context))]));
  return Buffer.concat([head, iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Null where this is no ciphertext of a rehearsal KMS. */
export function readHeader(ciphertext: Uint8Array): CiphertextHeader | null {
  const bytes = Buffer.from(ciphertext);
  if (bytes.length < HEADER_BYTES + IV_BYTES + TAG_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const keyId = bytes.toString('latin1', MAGIC.length, MAGIC.length + KEY_ID_BYTES).trimEnd();
  return { keyId, materialId: bytes.toString('hex', MAGIC.length + KEY_ID_BYTES, HEADER_BYTES) };
}

/** Null where the ciphertext was changed, or the context or the material is another one. */
export function decryptWith(material: Uint8Array, ciphertext: Uint8Array, context: EncryptionContext): Uint8Array | null {
  const bytes = Buffer.from(ciphertext);
  const head = bytes.subarray(0, HEADER_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', material, bytes.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES));
  cipher.setAAD(Buffer.concat([head, Buffer.from(canonical(context))])).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(HEADER_BYTES + IV_BYTES, -TAG_BYTES)), cipher.final()]);
  } catch {
    return null;
  }
}
