import { constants, privateDecrypt, type KeyObject } from 'node:crypto';
import type { Check } from '../keys/evidence';
import { unwrapPadded, unwrapPlain } from '../keys/key-wrap';
import { aesBlocks } from '../wrapping/aes-blocks';
import type { OaepHash } from './mechanism';
import type { WrapRecipe } from './wrap-recipe';

/** A blob undone as KMS would undo it: its material, which the caller overwrites, or null; and the check that says why. */
export interface OpenedBlob {
  readonly material: Uint8Array | null;
  readonly format: Check;
}

const RULE = 'CER-WRAP-FORMAT';

function decrypt(key: KeyObject, hash: OaepHash, blob: Uint8Array): Buffer | null {
  const oaepHash = hash === 'SHA-256' ? 'sha256' : 'sha1';
  try {
    // `oaepHash` sets the hash of the mask too.
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, blob);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Why OAEP did not open, as far as a second try can tell. */
function oaepProblem(key: KeyObject, hash: OaepHash, blob: Uint8Array): string {
  const other = hash === 'SHA-256' ? 'SHA-1' : 'SHA-256';
  const opened = decrypt(key, other, blob);
  opened?.fill(0);
  return opened
    ? `the module used ${other} whatever it was asked for`
    : 'its RSA part does not open: the module used other parameters, or another padding';
}

/** Why key wrap did not open: CKM_AES_KEY_WRAP_PAD means RFC 5649 to some modules and a padding of its own within RFC 3394 to others. */
function keyWrapProblem(kek: Uint8Array, wrapped: Uint8Array): string {
  const plainly = unwrapPlain(aesBlocks(kek), wrapped);
  plainly?.fill(0);
  return plainly
    ? 'it is RFC 3394 with a padding of the module’s own, not RFC 5649'
    : 'its AES part does not open as RFC 5649, nor as RFC 3394';
}

/** @param modulusBytes of the wrapping key: where the AES part begins */
export function openBlob(
  blob: Uint8Array,
  { hash, keyWrap }: WrapRecipe,
  privateKey: KeyObject,
  modulusBytes: number,
): OpenedBlob {
  const wanted = keyWrap === null ? `OAEP with ${hash}` : `OAEP with ${hash} of an AES-256 key, then RFC 5649`;
  const opened = (material: Uint8Array | null, got: string): OpenedBlob => {
    return { material, format: { rule: RULE, ok: material !== null, wanted, got } };
  };
  const rsaPart = blob.subarray(0, modulusBytes);
  const inner = decrypt(privateKey, hash, rsaPart);
  if (inner === null) return opened(null, oaepProblem(privateKey, hash, rsaPart));
  if (keyWrap === null) return opened(inner, wanted);
  if (inner.length !== 32) {
    inner.fill(0);
    return opened(null, `the key between has ${inner.length} bytes`);
  }
  const aesPart = blob.subarray(modulusBytes);
  const material = unwrapPadded(aesBlocks(inner), aesPart);
  const got = material ? wanted : keyWrapProblem(inner, aesPart);
  inner.fill(0);
  return opened(material, got);
}
