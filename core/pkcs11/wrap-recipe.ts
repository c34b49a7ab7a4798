import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import type { KeySpec } from '../keys/spec';
import type { WrappingAlgorithm } from '../keys/wrapping';
import { wrapped } from './crypto';
import { oaep, plain, type OaepHash } from './mechanism';
import type { Profile } from './profile';

/** How this module makes what KMS unwraps. */
export interface WrapRecipe {
  readonly hash: OaepHash;
  /** the mechanism of the second step; null: OAEP wraps the key itself */
  readonly keyWrap: string | null;
}

/** The keys that wrap: KMS's RSA key, and the AES key between it and the target where there are two steps. */
export interface Wrappers {
  readonly rsa: Handle;
  readonly aes: Handle | null;
}

/** What the profile knows to go wrong with this wrapping, as a sentence; null: nothing. */
export function knownDefect({ byok }: Profile, keySpec: KeySpec, algorithm: WrappingAlgorithm): string | null {
  const defects = byok?.defects ?? [];
  const found = defects.find(({ algorithms, keySpecs }) => algorithms.includes(algorithm) && keySpecs.includes(keySpec));
  return found?.sentence ?? null;
}

/**
 * The recipe for an algorithm of KMS with this module. Error: token.unsupported.
 *
 * RSA_AES_KEY_WRAP_* is made in two steps and put together, as CKM_RSA_AES_KEY_WRAP itself is defined (PKCS#11 2.40, 2.1.21): its own
 * parameter holds a pointer into a second structure, which the binding cannot pass.
 */
export function wrapRecipe({ byok }: Profile, algorithm: WrappingAlgorithm): Result<WrapRecipe> {
  if (byok === null) return failure('token.unsupported', { problem: 'this module wraps no key in a way that KMS unwraps' });
  const hash = algorithm.endsWith('SHA_256') ? 'SHA-256' : 'SHA-1';
  if (!algorithm.startsWith('RSA_AES')) return success({ hash, keyWrap: null });
  return byok.keyWrap === null
    ? failure('token.unsupported', { problem: `this program cannot make ${algorithm} with this module` })
    : success({ hash, keyWrap: byok.keyWrap });
}

/** The recipe as transcript and report name it. */
export function recipeText({ hash, keyWrap }: WrapRecipe): { readonly mechanism: string; readonly parameters: string } {
  const parameters = `hash ${hash}, MGF1 with ${hash}, empty label`;
  return keyWrap === null
    ? { mechanism: 'CKM_RSA_PKCS_OAEP', parameters }
    : { mechanism: `CKM_RSA_PKCS_OAEP and ${keyWrap}`, parameters: `${parameters}; AES-256 key between them` };
}

/** C_WrapKey, once or twice: OAEP(target), or OAEP(AES key) and behind it the target under the AES key. */
export function wrapInSteps(
  api: PKCS11,
  session: Handle,
  { hash, keyWrap }: WrapRecipe,
  { rsa, aes }: Wrappers,
  target: Handle,
): Buffer {
  if (keyWrap === null || aes === null) return wrapped(api, session, oaep(hash), rsa, target);
  const first = wrapped(api, session, oaep(hash), rsa, aes);
  return Buffer.concat([first, wrapped(api, session, plain(keyWrap), aes, target)]);
}
