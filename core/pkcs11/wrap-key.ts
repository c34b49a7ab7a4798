import { createHash } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import { failure, success, type Result } from '../contract/result';
import { kmsSpecOf } from '../keys/kms-spec';
import { SPEC_FACTS } from '../keys/spec-facts';
import type { KeySpec } from '../keys/spec';
import type { KeyPlan } from '../keys/template';
import { checkWrapping, materialBytes, wrappedLength, type Wrapping } from '../keys/wrapping';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { findKey, findObjects, readValue } from './objects';
import { checkPlan, secretClass, theObject } from './planned-key';
import type { WrappedKey } from './port';
import { spkiOf } from './public-key';
import { readObject } from './read-back';
import { knownDefect, recipeText, wrapInSteps, wrapRecipe, type WrapRecipe, type Wrappers } from './wrap-recipe';
import { wrappingKeyObjects } from './wrapping-key-objects';

export interface WrapRequest {
  readonly plan: KeyPlan;
  readonly wrappingKey: { readonly ckaId: string };
  readonly wrapping: Wrapping;
}

/** Everything that can be refused before the token is asked. */
function recipeFor(connection: Connection, { plan, wrapping }: WrapRequest): Result<WrapRecipe> {
  const planned = checkPlan(connection, plan);
  if (!planned.ok) return planned;
  if (plan.purpose !== 'byok') return failure('input.invalid', { problem: 'only a key that was planned for BYOK is wrapped' });
  const legal = checkWrapping(kmsSpecOf(plan.keySpec), wrapping);
  if (!legal.ok) return legal;
  const defect = knownDefect(connection.module.profile, plan.keySpec, wrapping.algorithm);
  if (defect !== null) return failure('token.wrapDefect', { ...wrapping, keySpec: plan.keySpec, defect });
  return wrapRecipe(connection.module.profile, wrapping.algorithm);
}

/** The objects under the wrapping key's id: the planned ones and nothing else. */
function findWrappers(api: PKCS11, session: Handle, ckaId: string, { keyWrap }: WrapRecipe): Result<Wrappers> {
  const [rsa] = findKey(api, session, ckaId, 'public');
  const [aes = null] = findKey(api, session, ckaId, 'secret');
  if (!rsa) return failure('key.notFound', { ckaId, class: 'public' });
  if (keyWrap !== null && aes === null)
    return failure('key.notFound', {
      ckaId,
      class: 'secret',
      problem: 'the AES key that was made with the wrapping key is gone',
    });
  const found = findObjects(api, session, [{ name: 'CKA_ID', value: ckaId }]).length;
  return found === (keyWrap === null ? 1 : 2) ? success({ rsa, aes }) : failure('key.duplicate', { ckaId, found });
}

/** Is it what the security officer made? Trusted, for wrapping alone, and of the size that was agreed with KMS. */
function checkWrappers(
  connection: Connection,
  api: PKCS11,
  session: Handle,
  { wrappingKey: { ckaId }, wrapping }: WrapRequest,
  recipe: WrapRecipe,
  { rsa, aes }: Wrappers,
): Result<null> {
  const [modulus, label] = [readValue(api, session, rsa, 'CKA_MODULUS'), readValue(api, session, rsa, 'CKA_LABEL')];
  const facts = { modulus: String(modulus), label: String(label), ckaId };
  const wantedBits = Number(wrapping.wrappingKeySpec.slice(4));
  if (facts.modulus.length * 4 !== wantedBits)
    return failure('key.attributeDiffers', {
      name: 'CKA_MODULUS',
      wanted: `${wantedBits} bits`,
      got: `${facts.modulus.length * 4} bits`,
    });
  for (const template of wrappingKeyObjects(facts, recipe, connection.module.profile)) {
    const object = template.class === 'public' ? rsa : aes;
    const wrong = object ? readObject(api, session, object, template).rows.find((row) => !row.ok) : undefined;
    if (wrong)
      return failure('key.attributeDiffers', { ckaId, name: wrong.name, wanted: String(wrong.wanted), got: String(wrong.got) });
  }
  return success(null);
}

/**
 * The fewest and the most bytes a PKCS#8 key can have here. RSA: modulus, private exponent and five numbers of half their size, with
 * some 70 bytes of DER around them. EC: the number itself, with or without public point and curve.
 */
function pkcs8Range(keySpec: KeySpec): { readonly least: number; readonly most: number } {
  const { family, bits } = SPEC_FACTS[keySpec];
  const size = Math.ceil(bits / 8);
  return family === 'rsa' ? { least: 4.5 * size, most: 4.5 * size + 96 } : { least: size + 32, most: 3 * size + 96 };
}

/** A blob of another length than the algorithm gives is not handed out. Error: key.blobLength. */
function checkLength(blob: Uint8Array, keySpec: KeySpec, wrapping: Wrapping): Result<null> {
  const exact = materialBytes(kmsSpecOf(keySpec));
  const { least, most } = exact === null ? pkcs8Range(keySpec) : { least: exact, most: exact };
  const [from, to] = [wrappedLength(wrapping, least), wrappedLength(wrapping, most)];
  const fits = blob.length >= from && blob.length <= to && blob.length % 8 === 0;
  const wanted = from === to ? `${from} bytes` : `${from} to ${to} bytes, a multiple of 8`;
  return fits ? success(null) : failure('key.blobLength', { wanted, got: `${blob.length} bytes` });
}

/** C_WrapKey of the planned key under the imported wrapping key. The blob is ciphertext: it may leave this process, the key does not. */
export function wrapKey(connection: Connection, request: WrapRequest): Result<WrappedKey> {
  const recipe = recipeFor(connection, request);
  if (!recipe.ok) return recipe;
  const { plan, wrapping } = request;
  return attemptAsUser(connection, (api) =>
    inOwnSession(connection, (session): Result<WrappedKey> => {
      const target = theObject(api, session, plan, secretClass(plan));
      if (!target.ok) return target;
      const wrappers = findWrappers(api, session, request.wrappingKey.ckaId, recipe.value);
      if (!wrappers.ok) return wrappers;
      const checked = checkWrappers(connection, api, session, request, recipe.value, wrappers.value);
      if (!checked.ok) return checked;
      const spki = spkiOf(api, session, wrappers.value.rsa, 'RSA_2048') ?? Buffer.alloc(0);
      const started = performance.now();
      const blob = wrapInSteps(api, session, recipe.value, wrappers.value, target.value);
      const tookMs = Math.round(performance.now() - started);
      const length = checkLength(blob, plan.keySpec, wrapping);
      if (!length.ok) return length;
      const spkiSha256 = createHash('sha256').update(spki).digest('hex');
      return success({ blob: new Uint8Array(blob), ...recipeText(recipe.value), spkiSha256, tookMs });
    }),
  );
}
