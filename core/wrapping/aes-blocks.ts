import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { AesBlocks } from '../keys/key-wrap';

/**
 * AES block by block under one key of 16, 24 or 32 bytes, over ECB without padding: the one form of it that OpenSSL and BoringSSL
 * (Electron) both have. Each answer is a buffer of its own.
 */
export function aesBlocks(key: Uint8Array): AesBlocks {
  const name = `aes-${key.length * 8}-ecb`;
  const cipher = createCipheriv(name, key, null).setAutoPadding(false);
  const decipher = createDecipheriv(name, key, null).setAutoPadding(false);
  return { encrypt: (block) => cipher.update(block), decrypt: (block) => decipher.update(block) };
}
