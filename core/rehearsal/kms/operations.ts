import type { Operation } from './operation';
import { createAlias, deleteAlias, listAliases, updateAlias } from './operations/aliases';
import { createKey } from './operations/create-key';
import { generateDataKey, generateDataKeyWithoutPlaintext } from './operations/data-keys';
import { deleteImportedKeyMaterial } from './operations/delete-imported-key-material';
import { cancelKeyDeletion, scheduleKeyDeletion } from './operations/deletion';
import { describeKey, updateKeyDescription } from './operations/describe-key';
import { disableKey, enableKey } from './operations/enabling';
import { decrypt, encrypt, reEncrypt } from './operations/encrypt';
import { getParametersForImport } from './operations/get-parameters-for-import';
import { createGrant, listGrants, retireGrant, revokeGrant } from './operations/grants';
import { importKeyMaterial } from './operations/import-key-material';
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from './operations/key-policy';
import { getKeyLastUsage } from './operations/last-usage';
import { listKeys } from './operations/list-keys';
import { generateMac, verifyMac } from './operations/mac';
import { replicateKey, updatePrimaryRegion } from './operations/multi-region';
import { getPublicKey } from './operations/public-key';
import { getKeyRotationStatus, listKeyRotations, rotateKeyOnDemand } from './operations/rotation';
import { sign, verify } from './operations/sign';
import { listResourceTags, tagResource, untagResource } from './operations/tags';

/** Every operation of this KMS, by the name it has in X-Amz-Target. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['CancelKeyDeletion', cancelKeyDeletion],
  ['CreateAlias', createAlias],
  ['CreateGrant', createGrant],
  ['CreateKey', createKey],
  ['Decrypt', decrypt],
  ['DeleteAlias', deleteAlias],
  ['DeleteImportedKeyMaterial', deleteImportedKeyMaterial],
  ['DescribeKey', describeKey],
  ['DisableKey', disableKey],
  ['EnableKey', enableKey],
  ['Encrypt', encrypt],
  ['GenerateDataKey', generateDataKey],
  ['GenerateDataKeyWithoutPlaintext', generateDataKeyWithoutPlaintext],
  ['GenerateMac', generateMac],
  ['GetKeyLastUsage', getKeyLastUsage],
  ['GetKeyPolicy', getKeyPolicy],
  ['GetKeyRotationStatus', getKeyRotationStatus],
  ['GetParametersForImport', getParametersForImport],
  ['GetPublicKey', getPublicKey],
  ['ImportKeyMaterial', importKeyMaterial],
  ['ListAliases', listAliases],
  ['ListGrants', listGrants],
  ['ListKeyPolicies', listKeyPolicies],
  ['ListKeyRotations', listKeyRotations],
  ['ListKeys', listKeys],
  ['ListResourceTags', listResourceTags],
  ['PutKeyPolicy', putKeyPolicy],
  ['ReEncrypt', reEncrypt],
  ['ReplicateKey', replicateKey],
  ['RetireGrant', retireGrant],
  ['RevokeGrant', revokeGrant],
  ['RotateKeyOnDemand', rotateKeyOnDemand],
  ['ScheduleKeyDeletion', scheduleKeyDeletion],
  ['Sign', sign],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateAlias', updateAlias],
  ['UpdateKeyDescription', updateKeyDescription],
  ['UpdatePrimaryRegion', updatePrimaryRegion],
  ['Verify', verify],
  ['VerifyMac', verifyMac],
]);
