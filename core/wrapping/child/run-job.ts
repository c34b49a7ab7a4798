import { createHash } from 'node:crypto';
import { failure, success, type Result } from '../../contract/result';
import type { ImportableSpec } from '../../keys/kms-spec';
import { readMaterial } from '../../keys/pkcs8';
import { checkFits, checkWrapping, wrappedLength } from '../../keys/wrapping';
import { readWrappingKey, type WrappingKey } from '../../keys/wrapping-key';
import { secretCheckValue } from '../check-value';
import { makeMaterial } from '../make-material';
import { readMaterialFile } from '../material-file';
import type { WrapAnswer, WrapJob } from '../messages';
import { publicHalf } from '../public-half';
import { wrapMaterial } from '../wrap-material';

/** All wrapping keys, each legal for this spec: looked at before there is any material. */
function readKeys({ spec, algorithm, wrappingKeys }: WrapJob): Result<readonly WrappingKey[]> {
  const keys: WrappingKey[] = [];
  for (const spki of wrappingKeys) {
    const key = readWrappingKey(spki);
    if (!key.ok) return key;
    const legal = checkWrapping(spec, { algorithm, wrappingKeySpec: key.value.spec });
    if (!legal.ok) return legal;
    keys.push(key.value);
  }
  return success(keys);
}

/** What tells the key without giving it away: its public half, or three bytes. */
function identify(spec: ImportableSpec, material: Uint8Array): Result<Pick<WrapAnswer, 'checkValue' | 'publicKey'>> {
  const shape = readMaterial(spec, material);
  if (!shape.ok) return shape;
  if (shape.value.kind === 'raw') {
    const checkValue = secretCheckValue(spec === 'SYMMETRIC_DEFAULT' ? 'aes' : 'hmac', material);
    return success({ checkValue, publicKey: null });
  }
  const half = publicHalf(material);
  if (!half.ok) return half;
  const value = createHash('sha256').update(half.value).digest('hex');
  return success({ checkValue: { method: 'SPKI-SHA256', value }, publicKey: half.value });
}

function wrapAll({ spec, algorithm }: WrapJob, keys: readonly WrappingKey[], material: Uint8Array): Result<WrapAnswer> {
  const identity = identify(spec, material);
  if (!identity.ok) return identity;
  const blobs: WrapAnswer['blobs'] = [];
  for (const key of keys) {
    const wrapping = { algorithm, wrappingKeySpec: key.spec };
    const fits = checkFits(wrapping, material.length);
    if (!fits.ok) return fits;
    const blob = wrapMaterial(key, algorithm, material);
    const wanted = wrappedLength(wrapping, material.length);
    if (blob.length !== wanted) return failure('key.blobLength', { wanted, got: blob.length });
    blobs.push({ wrappingKeySpec: key.spec, blob });
  }
  return success({ materialLength: material.length, blobs, ...identity.value });
}

/**
 * The whole of one job: the material comes, is checked, is wrapped for every wrapping key, and is overwritten whatever happened.
 * Errors: key.wrappingKeyInvalid, policy.wrappingIllegal, file.notFound, key.materialInvalid, key.blobLength.
 */
export async function runJob(job: WrapJob): Promise<Result<WrapAnswer>> {
  const keys = readKeys(job);
  if (!keys.ok) return keys;
  const material = job.source.from === 'file' ? await readMaterialFile(job.source.path) : makeMaterial(job.spec);
  if (!material.ok) return material;
  try {
    return wrapAll(job, keys.value, material.value);
  } finally {
    material.value.fill(0);
  }
}
