import type { Operation } from './operation';
import { createAlias, deleteAlias, listAliases, updateAlias } from './operations/aliases';
import { connectCustomKeyStore, deleteCustomKeyStore, disconnectCustomKeyStore } from './operations/connect-key-store';
import { createKey } from './operations/create-key';
import { createCustomKeyStore } from './operations/create-key-store';
import { generateDataKeyPair } from './operations/data-key-pairs';
import { generateDataKey, generateDataKeyWithoutPlaintext } from './operations/data-keys';
import { deleteImportedKeyMaterial } from './operations/delete-imported-key-material';
import { cancelKeyDeletion, scheduleKeyDeletion } from './operations/deletion';
import { describeCustomKeyStores } from './operations/describe-key-stores';
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
import { updateCustomKeyStore } from './operations/update-key-store';

/** Every operation of this KMS, by the name it has in X-Amz-Target. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['CancelKeyDeletion', cancelKeyDeletion],
  ['ConnectCustomKeyStore', connectCustomKeyStore],
  ['CreateAlias', createAlias],
  ['CreateCustomKeyStore', createCustomKeyStore],
  ['CreateGrant', createGrant],
  ['CreateKey', createKey],
  ['Decrypt', decrypt],
  ['DeleteAlias', deleteAlias],
  ['DeleteCustomKeyStore', deleteCustomKeyStore],
  ['DeleteImportedKeyMaterial', deleteImportedKeyMaterial],
  ['DescribeCustomKeyStores', describeCustomKeyStores],
  ['DescribeKey', describeKey],
  ['DisableKey', disableKey],
  ['DisconnectCustomKeyStore', disconnectCustomKeyStore],
  ['EnableKey', enableKey],
  ['Encrypt', encrypt],
  ['GenerateDataKey', generateDataKey],
  ['GenerateDataKeyPair', generateDataKeyPair],
  ['GenerateDataKeyPairWithoutPlaintext', generateDataKeyPair],
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
  ['UpdateCustomKeyStore', updateCustomKeyStore],
  ['UpdateKeyDescription', updateKeyDescription],
  ['UpdatePrimaryRegion', updatePrimaryRegion],
  ['Verify', verify],
  ['VerifyMac', verifyMac],
]);
