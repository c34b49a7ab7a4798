import { z } from 'zod';
import { daysMs } from '../days';
import { requireExternal } from '../external';
import { findKeyByIdOrArn } from '../find-key';
import { openToken } from '../import-token';
import { requireState, type KeyHere } from '../key-state';
import { checkMaterial, materialIdOf } from '../material';
import { admitMaterial, type AskedMaterial } from '../admit-material';
import { writing, type Call } from '../operation';
import { invalid, no, yes, type Answer } from '../refusal';
import { blobShape, keyIdShape, materialIdShape, timeShape } from '../shapes';
import { unwrap } from '../unwrap';

const MOST_DAYS_MS = daysMs(365);

const shape = z.object({
  KeyId: keyIdShape,
  ImportToken: blobShape(1, 6144),
  EncryptedKeyMaterial: blobShape(1, 6144),
  ValidTo: timeShape.optional(),
  ExpirationModel: z.enum(['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE']).optional(),
  ImportType: z.enum(['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL']).optional(),
  KeyMaterialDescription: z
    .string()
    .max(256)
    .regex(/^[a-zA-Z0-9:/_\s.-]+$/)
    .optional(),
  KeyMaterialId: materialIdShape.optional(),
});

type Input = z.infer<typeof shape>;

export const importKeyMaterial = writing(shape, (input, call) => {
  const found = findKeyByIdOrArn(call, input.KeyId);
  if (!found.ok) return found;
  const refused = refuseRequest(input, found.value, call);
  if (!refused.ok) return refused;
  const expiresAtMs = expiryOf(input, call.now);
  if (!expiresAtMs.ok) return expiresAtMs;
  const material = receive(input, found.value, call);
  if (!material.ok) return material;
  const id = materialIdOf(found.value.key.keyId, material.value);
  const asked: AskedMaterial = {
    id,
    type: input.ImportType ?? null,
    namedId: input.KeyMaterialId ?? null,
    bytes: Buffer.from(material.value).toString('base64'),
    description: input.KeyMaterialDescription ?? null,
    expiresAtMs: expiresAtMs.value,
  };
  material.value.fill(0);
  const admitted = admitMaterial(found.value, asked, call.now);
  if (!admitted.ok) return admitted;
  const isSymmetric = found.value.key.spec === 'SYMMETRIC_DEFAULT';
  const answer = { KeyId: found.value.arn, ...(isSymmetric ? { KeyMaterialId: id } : {}) };
  call.notes.response = answer;
  return yes(answer);
});

function refuseRequest(input: Input, found: KeyHere, call: Call): Answer<null> {
  const external = requireExternal(found);
  if (!external.ok) return external;
  const ready = requireState(found, call.now, ['PendingImport', 'Enabled', 'Disabled', 'Updating']);
  if (!ready.ok) return ready;
  const isForSymmetricOnly = input.ImportType ?? input.KeyMaterialDescription ?? input.KeyMaterialId;
  if (found.key.spec !== 'SYMMETRIC_DEFAULT' && isForSymmetricOnly !== undefined)
    return no(
      'UnsupportedOperationException',
      `ImportType, KeyMaterialDescription and KeyMaterialId are not supported for key spec ${found.key.spec}.`,
    );
  if (input.ImportType === 'NEW_KEY_MATERIAL' && input.KeyMaterialId !== undefined)
    return invalid('KeyMaterialId must not be set if the ImportType is NEW_KEY_MATERIAL');
  return yes(null);
}

/** Without an ExpirationModel KMS takes KEY_MATERIAL_EXPIRES. */
function expiryOf({ ExpirationModel, ValidTo }: Input, now: number): Answer<number | null> {
  if (ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE')
    return ValidTo === undefined
      ? yes(null)
      : invalid('A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE');
  if (ValidTo === undefined) return invalid('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES');
  if (ValidTo <= now) return invalid('The validTo date must be in the future');
  return ValidTo - now > MOST_DAYS_MS ? invalid('The validTo date must be within 365 days') : yes(ValidTo);
}

/** The material, unwrapped and of the right kind. The caller overwrites it. */
function receive(input: Input, { key, arn }: KeyHere, call: Call): Answer<Uint8Array> {
  const token = openToken(call.state.tokenKey, input.ImportToken, arn, call.now);
  if (!token.ok) return token;
  const material = unwrap(token.value, token.value.privateKey, input.EncryptedKeyMaterial);
  if (!material.ok) return material;
  const fits = checkMaterial(key.spec, material.value);
  if (fits.ok) return material;
  material.value.fill(0);
  return fits;
}
