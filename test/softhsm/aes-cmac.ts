import { createCipheriv } from 'node:crypto';

function ecb(key: Uint8Array, block: Buffer): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

function doubled(block: Buffer): Buffer {
  const number = BigInt(`0x${block.toString('hex')}`) << 1n;
  const reduced = (number & ((1n << 128n) - 1n)) ^ (number >> 128n ? 0x87n : 0n);
  return Buffer.from(reduced.toString(16).padStart(32, '0'), 'hex');
}

/** AES-CMAC of exactly one whole block (SP 800-38B, 6.2), written without the code under test. */
export function cmacOfBlock(key: Uint8Array, block: Buffer): Buffer {
  const subkey = doubled(ecb(key, Buffer.alloc(16)));
  return ecb(key, Buffer.from(block.map((byte, i) => byte ^ (subkey[i] ?? 0))));
}
