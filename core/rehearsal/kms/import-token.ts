import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../../keys/wrapping';
import { no, yes, type Answer } from './refusal';

const PREFIX = Buffer.from('keyrite-rehearsal-import-token-v1\n');
const IV_BYTES = 12;
const TAG_BYTES = 16;

const contentShape = z.strictObject({
  keyArn: z.string(),
  algorithm: z.enum(WRAPPING_ALGORITHMS),
  wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS),
  validToMs: z.number().int(),
  /** the private wrapping key, PKCS#8, base64 */
  privateKey: z.base64(),
});

const INVALID = no(
  'InvalidImportTokenException',
  'The provided import token is invalid or is associated with a different KMS key.',
);
const EXPIRED = no('ExpiredImportTokenException', 'The specified import token is expired.');

/** What a token says: it carries the private key itself, so that nothing has to be kept for the sets that are never used. */
export type ImportTokenContent = z.infer<typeof contentShape>;

/** Encrypted and authenticated; below the 6,144 bytes of the API for every size of wrapping key. */
export function sealToken(tokenKey: string, content: ImportTokenContent): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(tokenKey, 'base64'), iv).setAAD(PREFIX);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return Buffer.concat([PREFIX, iv, sealed, cipher.getAuthTag()]);
}

/**
 * Opens the token of a key. Errors: InvalidImportTokenException (damaged, of another key or Region, of another rehearsal),
 * ExpiredImportTokenException.
 */
export function openToken(tokenKey: string, token: Uint8Array, keyArn: string, now: number): Answer<ImportTokenContent> {
  const content = decipher(tokenKey, Buffer.from(token));
  if (content === null || content.keyArn !== keyArn) return INVALID;
  return now < content.validToMs ? yes(content) : EXPIRED;
}

function decipher(tokenKey: string, token: Buffer): ImportTokenContent | null {
  const start = PREFIX.length + IV_BYTES;
  if (token.length < start + TAG_BYTES || !token.subarray(0, PREFIX.length).equals(PREFIX)) return null;
  try {
    const opening = createDecipheriv('aes-256-gcm', Buffer.from(tokenKey, 'base64'), token.subarray(PREFIX.length, start));
    opening.setAAD(PREFIX).setAuthTag(token.subarray(-TAG_BYTES));
    const text = Buffer.concat([opening.update(token.subarray(start, -TAG_BYTES)), opening.final()]).toString('utf8');
    return contentShape.parse(JSON.parse(text));
  } catch {
    return null; // not ours, or not as we made it
  }
}
