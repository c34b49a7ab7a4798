import { failure } from '../contract/result';
import type { Ask } from './ask';
import { isoOf, materialOf, present } from './answers';
import { CALLS } from './calls';
import type { ImportRequest, KmsPort } from './port';

type MaterialCalls = Pick<
  KmsPort,
  | 'getParametersForImport'
  | 'importKeyMaterial'
  | 'deleteImportedKeyMaterial'
  | 'listKeyMaterials'
  | 'rotateKeyOnDemand'
  | 'rotationUnderWay'
>;

/** A date KMS could read otherwise than the people who approved it does not leave the station. */
function isReadableDate({ expiration }: ImportRequest): boolean {
  return (
    expiration.model === 'never' ||
    (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(expiration.validTo) && !Number.isNaN(Date.parse(expiration.validTo)))
  );
}

const nothing = (): null => null;

/** Imported material: its way in, what there is, rotation, its end. */
export function materialCalls({ one, all }: Ask): MaterialCalls {
  return {
    getParametersForImport: (keyId, wrapping, signal) =>
      one(
        CALLS.getParametersForImport({ keyId, wrapping }),
        ({ KeyId, PublicKey, ImportToken, ParametersValidTo }) => ({
          keyArn: present(KeyId, 'KeyId'),
          publicKey: present(PublicKey, 'PublicKey'),
          importToken: present(ImportToken, 'ImportToken'),
          validTo: present(isoOf(ParametersValidTo), 'ParametersValidTo'),
        }),
        signal,
      ),
    importKeyMaterial: async (request) =>
      isReadableDate(request)
        ? one(CALLS.importKeyMaterial(request), ({ KeyId, KeyMaterialId }) => ({
            keyArn: present(KeyId, 'KeyId'),
            materialId: KeyMaterialId ?? null,
          }))
        : failure('input.invalid', { field: 'validTo', problem: 'it is no UTC time like 2027-05-01T09:00:00Z' }),
    deleteImportedKeyMaterial: (keyId, materialId) =>
      one(CALLS.deleteImportedKeyMaterial({ keyId, materialId }), ({ KeyMaterialId }) => ({ materialId: KeyMaterialId ?? null })),
    listKeyMaterials: (keyId, signal) =>
      all(CALLS.listKeyMaterials({ keyId }), ({ Rotations = [] }) => Rotations.map(materialOf), signal),
    rotateKeyOnDemand: (keyId) => one(CALLS.rotateKeyOnDemand({ keyId }), nothing),
    rotationUnderWay: (keyId, signal) =>
      one(CALLS.rotationUnderWay({ keyId }), ({ OnDemandRotationStartDate }) => isoOf(OnDemandRotationStartDate), signal),
  };
}
