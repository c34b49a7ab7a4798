import {
  CancelKeyDeletionCommand,
  ConnectCustomKeyStoreCommand,
  CreateAliasCommand,
  CreateCustomKeyStoreCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DeleteCustomKeyStoreCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisconnectCustomKeyStoreCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateCustomKeyStoreCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import type { InputOf, KmsCall, Operation } from './operations';

type Commands = { readonly [O in Operation]: new (input: InputOf<O>) => object };

/** The SDK's class of each operation. */
const COMMANDS: Commands = {
  CancelKeyDeletion: CancelKeyDeletionCommand,
  ConnectCustomKeyStore: ConnectCustomKeyStoreCommand,
  CreateAlias: CreateAliasCommand,
  CreateCustomKeyStore: CreateCustomKeyStoreCommand,
  CreateGrant: CreateGrantCommand,
  CreateKey: CreateKeyCommand,
  Decrypt: DecryptCommand,
  DeleteAlias: DeleteAliasCommand,
  DeleteCustomKeyStore: DeleteCustomKeyStoreCommand,
  DeleteImportedKeyMaterial: DeleteImportedKeyMaterialCommand,
  DescribeCustomKeyStores: DescribeCustomKeyStoresCommand,
  DescribeKey: DescribeKeyCommand,
  DisableKey: DisableKeyCommand,
  DisconnectCustomKeyStore: DisconnectCustomKeyStoreCommand,
  EnableKey: EnableKeyCommand,
  Encrypt: EncryptCommand,
  GenerateDataKey: GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintext: GenerateDataKeyWithoutPlaintextCommand,
  GenerateMac: GenerateMacCommand,
  GetKeyLastUsage: GetKeyLastUsageCommand,
  GetKeyPolicy: GetKeyPolicyCommand,
  GetKeyRotationStatus: GetKeyRotationStatusCommand,
  GetParametersForImport: GetParametersForImportCommand,
  GetPublicKey: GetPublicKeyCommand,
  ImportKeyMaterial: ImportKeyMaterialCommand,
  ListAliases: ListAliasesCommand,
  ListGrants: ListGrantsCommand,
  ListKeyRotations: ListKeyRotationsCommand,
  ListKeys: ListKeysCommand,
  ListResourceTags: ListResourceTagsCommand,
  PutKeyPolicy: PutKeyPolicyCommand,
  ReEncrypt: ReEncryptCommand,
  ReplicateKey: ReplicateKeyCommand,
  RevokeGrant: RevokeGrantCommand,
  RotateKeyOnDemand: RotateKeyOnDemandCommand,
  ScheduleKeyDeletion: ScheduleKeyDeletionCommand,
  TagResource: TagResourceCommand,
  UpdateAlias: UpdateAliasCommand,
  UpdateCustomKeyStore: UpdateCustomKeyStoreCommand,
  UpdateKeyDescription: UpdateKeyDescriptionCommand,
};

/** The one place where the secret of a proxy becomes text, which the SDK wants and nobody can overwrite: for one command at a time. */
function credentialOf({ credential }: KmsCall): object {
  if (credential === undefined) return {};
  const RawSecretAccessKey = Buffer.from(credential.secret).toString('latin1');
  return { XksProxyAuthenticationCredential: { AccessKeyId: credential.accessKeyId, RawSecretAccessKey } };
}

/** A fresh command: each carries a middleware of its own and is sent once. */
export function commandOf<O extends Operation>(call: KmsCall<O>): object {
  return new COMMANDS[call.operation]({ ...call.input, ...credentialOf(call) });
}
