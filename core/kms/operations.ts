import type * as Kms from '@aws-sdk/client-kms';
import type { ProxyCredential } from './key-store';

/** The operations of KMS that Keyrite uses: what goes in and what comes out, as the SDK has it. */
export interface Operations {
  CreateKey: [Kms.CreateKeyCommandInput, Kms.CreateKeyCommandOutput];
  DescribeKey: [Kms.DescribeKeyCommandInput, Kms.DescribeKeyCommandOutput];
  ListKeys: [Kms.ListKeysCommandInput, Kms.ListKeysCommandOutput];
  ListResourceTags: [Kms.ListResourceTagsCommandInput, Kms.ListResourceTagsCommandOutput];
  TagResource: [Kms.TagResourceCommandInput, Kms.TagResourceCommandOutput];
  UpdateKeyDescription: [Kms.UpdateKeyDescriptionCommandInput, Kms.UpdateKeyDescriptionCommandOutput];
  CreateAlias: [Kms.CreateAliasCommandInput, Kms.CreateAliasCommandOutput];
  UpdateAlias: [Kms.UpdateAliasCommandInput, Kms.UpdateAliasCommandOutput];
  DeleteAlias: [Kms.DeleteAliasCommandInput, Kms.DeleteAliasCommandOutput];
  ListAliases: [Kms.ListAliasesCommandInput, Kms.ListAliasesCommandOutput];
  GetKeyPolicy: [Kms.GetKeyPolicyCommandInput, Kms.GetKeyPolicyCommandOutput];
  PutKeyPolicy: [Kms.PutKeyPolicyCommandInput, Kms.PutKeyPolicyCommandOutput];
  GetParametersForImport: [Kms.GetParametersForImportCommandInput, Kms.GetParametersForImportCommandOutput];
  ImportKeyMaterial: [Kms.ImportKeyMaterialCommandInput, Kms.ImportKeyMaterialCommandOutput];
  DeleteImportedKeyMaterial: [Kms.DeleteImportedKeyMaterialCommandInput, Kms.DeleteImportedKeyMaterialCommandOutput];
  ListKeyRotations: [Kms.ListKeyRotationsCommandInput, Kms.ListKeyRotationsCommandOutput];
  RotateKeyOnDemand: [Kms.RotateKeyOnDemandCommandInput, Kms.RotateKeyOnDemandCommandOutput];
  GetKeyRotationStatus: [Kms.GetKeyRotationStatusCommandInput, Kms.GetKeyRotationStatusCommandOutput];
  ReplicateKey: [Kms.ReplicateKeyCommandInput, Kms.ReplicateKeyCommandOutput];
  GetPublicKey: [Kms.GetPublicKeyCommandInput, Kms.GetPublicKeyCommandOutput];
  GenerateMac: [Kms.GenerateMacCommandInput, Kms.GenerateMacCommandOutput];
  Encrypt: [Kms.EncryptCommandInput, Kms.EncryptCommandOutput];
  Decrypt: [Kms.DecryptCommandInput, Kms.DecryptCommandOutput];
  GenerateDataKey: [Kms.GenerateDataKeyCommandInput, Kms.GenerateDataKeyCommandOutput];
  GenerateDataKeyWithoutPlaintext: [
    Kms.GenerateDataKeyWithoutPlaintextCommandInput,
    Kms.GenerateDataKeyWithoutPlaintextCommandOutput,
  ];
  ReEncrypt: [Kms.ReEncryptCommandInput, Kms.ReEncryptCommandOutput];
  EnableKey: [Kms.EnableKeyCommandInput, Kms.EnableKeyCommandOutput];
  DisableKey: [Kms.DisableKeyCommandInput, Kms.DisableKeyCommandOutput];
  ScheduleKeyDeletion: [Kms.ScheduleKeyDeletionCommandInput, Kms.ScheduleKeyDeletionCommandOutput];
  CancelKeyDeletion: [Kms.CancelKeyDeletionCommandInput, Kms.CancelKeyDeletionCommandOutput];
  CreateGrant: [Kms.CreateGrantCommandInput, Kms.CreateGrantCommandOutput];
  ListGrants: [Kms.ListGrantsCommandInput, Kms.ListGrantsCommandOutput];
  RevokeGrant: [Kms.RevokeGrantCommandInput, Kms.RevokeGrantCommandOutput];
  GetKeyLastUsage: [Kms.GetKeyLastUsageCommandInput, Kms.GetKeyLastUsageCommandOutput];
  CreateCustomKeyStore: [Kms.CreateCustomKeyStoreCommandInput, Kms.CreateCustomKeyStoreCommandOutput];
  DescribeCustomKeyStores: [Kms.DescribeCustomKeyStoresCommandInput, Kms.DescribeCustomKeyStoresCommandOutput];
  ConnectCustomKeyStore: [Kms.ConnectCustomKeyStoreCommandInput, Kms.ConnectCustomKeyStoreCommandOutput];
  DisconnectCustomKeyStore: [Kms.DisconnectCustomKeyStoreCommandInput, Kms.DisconnectCustomKeyStoreCommandOutput];
  UpdateCustomKeyStore: [Kms.UpdateCustomKeyStoreCommandInput, Kms.UpdateCustomKeyStoreCommandOutput];
  DeleteCustomKeyStore: [Kms.DeleteCustomKeyStoreCommandInput, Kms.DeleteCustomKeyStoreCommandOutput];
}

export type Operation = keyof Operations;
export type InputOf<O extends Operation> = Operations[O][0];
export type OutputOf<O extends Operation> = Operations[O][1];

/** One call of KMS before it is made: the client sends it, a recipe prints it, and both have the same parameters. */
export interface KmsCall<O extends Operation = Operation> {
  readonly operation: O;
  readonly input: InputOf<O>;
  /** XksProxyAuthenticationCredential: not among the parameters, so that whoever prints those prints no secret */
  readonly credential?: ProxyCredential;
}
