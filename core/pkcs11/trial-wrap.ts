import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import type { Handle, PKCS11 } from 'pkcs11js';
import { success, type Result } from '../contract/result';
import type { Check } from '../keys/evidence';
import { kmsSpecOf } from '../keys/kms-spec';
import type { KeySpec } from '../keys/spec';
import { SPEC_FACTS } from '../keys/spec-facts';
import { checkWrapping, materialBytes, wrappedLength, type Wrapping } from '../keys/wrapping';
import { attemptAsUser, inOwnSession, type Connection } from './connection';
import { openBlob } from './open-blob';
import { refusalOf } from './refusal';
import { sameKey } from './same-key';
import { makeAesWrapper, makeRsaWrapper, makeTrialKey, type TrialKey } from './trial-keys';
import { knownDefect, recipeText, wrapInSteps, wrapRecipe, type WrapRecipe, type Wrappers } from './wrap-recipe';

export interface TrialRequest {
  readonly keySpec: KeySpec;
  readonly wrapping: Wrapping;
}

/** One trial in its session: the RSA key whose private half is here, and the wrappers on the token. */
interface Trial {
  readonly api: PKCS11;
  readonly session: Handle;
  readonly request: TrialRequest;
  readonly recipe: WrapRecipe;
  readonly pair: KeyPairKeyObjectResult;
  readonly modulusBytes: number;
  readonly wrappers: Wrappers;
}

/** The wrap itself; a refusal of the token is the finding, not a failure of the trial. */
function tryWrap({ api, session, recipe, wrappers }: Trial, target: Handle): { blob: Uint8Array | null; check: Check } {
  let blob: Uint8Array | null = null;
  const refusal = refusalOf(() => void (blob = wrapInSteps(api, session, recipe, wrappers, target)));
  const { mechanism, parameters } = recipeText(recipe);
  const wanted = `${mechanism}, ${parameters}`;
  return { blob, check: { rule: 'CER-TRIAL-WRAP', ok: refusal === null, wanted, got: refusal ?? wanted } };
}

/** The length that the algorithm gives for this key; for a PKCS#8 key it is known only with the key in hand. */
function lengthCheck(blob: Uint8Array, material: Uint8Array | null, { keySpec, wrapping }: TrialRequest): readonly Check[] {
  const bytes = materialBytes(kmsSpecOf(keySpec)) ?? material?.length;
  if (bytes === undefined) return [];
  const length = wrappedLength(wrapping, bytes);
  return [{ rule: 'CER-WRAP-LENGTH', ok: blob.length === length, wanted: `${length} bytes`, got: `${blob.length} bytes` }];
}

function wrapOnce(trial: Trial, key: TrialKey): readonly Check[] {
  const { api, session, request, recipe, pair, modulusBytes } = trial;
  const { blob, check } = tryWrap(trial, key.secret);
  if (blob === null) return [check];
  const { material, format } = openBlob(blob, recipe, pair.privateKey, modulusBytes);
  try {
    const same = material ? [sameKey(api, session, request.keySpec, key, material)] : [];
    return [check, ...lengthCheck(blob, material, request), format, ...same];
  } finally {
    material?.fill(0);
  }
}

/**
 * RSA keys of one size have PKCS#8 forms of different lengths, so one that comes back whole says nothing of the next. A secret of 28
 * bytes shows for certain whether the module fills keys up to 8 bytes.
 */
function paddingCheck(trial: Trial): readonly Check[] {
  const { api, session, request, recipe, pair, modulusBytes } = trial;
  if (recipe.keyWrap === null || SPEC_FACTS[request.keySpec].family !== 'rsa') return [];
  const { blob, check } = tryWrap(trial, makeTrialKey(api, session, 'HMAC_224').secret);
  const rule = 'CER-WRAP-PADDING';
  const wanted = 'a secret of 28 bytes comes back with 28';
  if (blob === null) return [{ rule, ok: true, wanted, got: `not provable: the token wraps no such secret (${check.got})` }];
  const { material } = openBlob(blob, recipe, pair.privateKey, modulusBytes);
  material?.fill(0);
  const got = material ? `with ${material.length}` : 'not at all';
  return [{ rule, ok: material?.length === 28, wanted, got }];
}

function defectCheck({ module }: Connection, { keySpec, wrapping }: TrialRequest): readonly Check[] {
  const defect = knownDefect(module.profile, keySpec, wrapping.algorithm);
  return defect === null ? [] : [{ rule: 'CER-WRAP-DEFECT', ok: false, wanted: 'none known of this module', got: defect }];
}

/** Wraps throw-away keys as the real one would be wrapped and opens what comes of it. Everything on the token lives in one session. */
export function trialWrap(connection: Connection, request: TrialRequest): Result<readonly Check[]> {
  const { keySpec, wrapping } = request;
  const legal = checkWrapping(kmsSpecOf(keySpec), wrapping);
  if (!legal.ok) return legal;
  const known = defectCheck(connection, request);
  const recipe = wrapRecipe(connection.module.profile, wrapping.algorithm);
  if (!recipe.ok) {
    const got = String(recipe.error.detail['problem']);
    return success([{ rule: 'CER-TRIAL-WRAP', ok: false, wanted: wrapping.algorithm, got }, ...known]);
  }
  const bits = Number(wrapping.wrappingKeySpec.slice(4));
  const pair = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 0x10001 });
  return attemptAsUser(connection, (api) =>
    inOwnSession(connection, (session): Result<readonly Check[]> => {
      const key = makeTrialKey(api, session, keySpec);
      const rsa = makeRsaWrapper(api, session, pair.publicKey);
      const aes = recipe.value.keyWrap === null ? null : makeAesWrapper(api, session);
      const trial: Trial = {
        api,
        session,
        request,
        recipe: recipe.value,
        pair,
        modulusBytes: bits / 8,
        wrappers: { rsa, aes },
      };
      return success([...wrapOnce(trial, key), ...paddingCheck(trial), ...known]);
    }),
  );
}
