import type { EncryptionAlgorithmSpec, GrantOperation, MacAlgorithmSpec } from '@aws-sdk/client-kms';
import type { Wrapping } from '../keys/wrapping';
import type { CreateKeyStoreRequest, KeyStoreChanges } from './key-store';
import { storeParameters } from './key-store-parameters';
import type { InputOf, KmsCall, Operation } from './operations';
import type {
  CreateKeyRequest,
  CreateXksKeyRequest,
  Expiration,
  GrantRequest,
  ImportRequest,
  ReplicateRequest,
  Tag,
} from './port';

interface OfKey {
  readonly keyId: string;
}

interface OfStore {
  readonly storeId: string;
}

type Context = Readonly<Record<string, string>>;

function call<O extends Operation>(operation: O, input: InputOf<O>): KmsCall<O> {
  return { operation, input };
}

function tagsOf(tags: readonly Tag[]): { TagKey: string; TagValue: string }[] {
  return tags.map(({ key, value }) => ({ TagKey: key, TagValue: value }));
}

/** Never left to KMS: without ExpirationModel it would take KEY_MATERIAL_EXPIRES. */
function expirationOf(expiration: Expiration): Pick<InputOf<'ImportKeyMaterial'>, 'ExpirationModel' | 'ValidTo'> {
  return expiration.model === 'never'
    ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
    : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(expiration.validTo) };
}

/** Leaves out what is null: KMS refuses some parameters by their mere presence. */
function given<T extends object>(parts: { [K in keyof T]: T[K] | null }): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null)) as Partial<T>;
}

/** What each act of the house says to KMS, in KMS's own parameters (API Reference of the operation). */
export const CALLS = {
  createKey: (asked: CreateKeyRequest) =>
    call('CreateKey', {
      Origin: 'EXTERNAL',
      KeySpec: asked.spec,
      KeyUsage: asked.usage,
      MultiRegion: asked.multiRegion,
      Description: asked.description,
      ...given({ Policy: asked.policy }),
      BypassPolicyLockoutSafetyCheck: asked.bypassPolicyLockoutSafetyCheck,
      Tags: tagsOf(asked.tags),
    }),
  describeKey: ({ keyId }: OfKey) => call('DescribeKey', { KeyId: keyId }),
  tagKey: ({ keyId, tags }: OfKey & { readonly tags: readonly Tag[] }) =>
    call('TagResource', { KeyId: keyId, Tags: tagsOf(tags) }),
  updateDescription: ({ keyId, description }: OfKey & { readonly description: string }) =>
    call('UpdateKeyDescription', { KeyId: keyId, Description: description }),

  createAlias: ({ alias, keyId }: OfKey & { readonly alias: string }) =>
    call('CreateAlias', { AliasName: alias, TargetKeyId: keyId }),
  updateAlias: ({ alias, keyId }: OfKey & { readonly alias: string }) =>
    call('UpdateAlias', { AliasName: alias, TargetKeyId: keyId }),
  deleteAlias: ({ alias }: { readonly alias: string }) => call('DeleteAlias', { AliasName: alias }),

  getKeyPolicy: ({ keyId }: OfKey) => call('GetKeyPolicy', { KeyId: keyId, PolicyName: 'default' }),
  putKeyPolicy: (asked: OfKey & { readonly policy: string; readonly bypassPolicyLockoutSafetyCheck: boolean }) =>
    call('PutKeyPolicy', {
      KeyId: asked.keyId,
      PolicyName: 'default',
      Policy: asked.policy,
      BypassPolicyLockoutSafetyCheck: asked.bypassPolicyLockoutSafetyCheck,
    }),

  getParametersForImport: ({ keyId, wrapping }: OfKey & { readonly wrapping: Wrapping }) =>
    call('GetParametersForImport', {
      KeyId: keyId,
      WrappingAlgorithm: wrapping.algorithm,
      WrappingKeySpec: wrapping.wrappingKeySpec,
    }),
  importKeyMaterial: (asked: ImportRequest) =>
    call('ImportKeyMaterial', {
      KeyId: asked.keyId,
      ImportToken: asked.importToken,
      EncryptedKeyMaterial: asked.encryptedKeyMaterial,
      ...expirationOf(asked.expiration),
      ...given({
        ImportType: asked.importType,
        KeyMaterialDescription: asked.materialDescription,
        KeyMaterialId: asked.materialId,
      }),
    }),
  deleteImportedKeyMaterial: ({ keyId, materialId }: OfKey & { readonly materialId: string | null }) =>
    call('DeleteImportedKeyMaterial', { KeyId: keyId, ...given({ KeyMaterialId: materialId }) }),

  listKeyMaterials: ({ keyId }: OfKey) => call('ListKeyRotations', { KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
  rotateKeyOnDemand: ({ keyId }: OfKey) => call('RotateKeyOnDemand', { KeyId: keyId }),
  rotationUnderWay: ({ keyId }: OfKey) => call('GetKeyRotationStatus', { KeyId: keyId }),

  replicateKey: (asked: ReplicateRequest) =>
    call('ReplicateKey', {
      KeyId: asked.keyId,
      ReplicaRegion: asked.replicaRegion,
      ...given({ Policy: asked.policy }),
      Description: asked.description,
      Tags: tagsOf(asked.tags),
    }),

  getPublicKey: ({ keyId }: OfKey) => call('GetPublicKey', { KeyId: keyId }),
  generateMac: (asked: OfKey & { readonly algorithm: string; readonly message: Uint8Array }) =>
    call('GenerateMac', { KeyId: asked.keyId, MacAlgorithm: asked.algorithm as MacAlgorithmSpec, Message: asked.message }),
  encrypt: (asked: OfKey & { readonly plaintext: Uint8Array; readonly context: Context; readonly algorithm: string }) =>
    call('Encrypt', {
      KeyId: asked.keyId,
      Plaintext: asked.plaintext,
      ...contextOf(asked.context),
      EncryptionAlgorithm: asked.algorithm as EncryptionAlgorithmSpec,
    }),
  decrypt: (asked: OfKey & { readonly ciphertext: Uint8Array; readonly context: Context; readonly algorithm: string }) =>
    call('Decrypt', {
      KeyId: asked.keyId,
      CiphertextBlob: asked.ciphertext,
      ...contextOf(asked.context),
      EncryptionAlgorithm: asked.algorithm as EncryptionAlgorithmSpec,
    }),
  generateDataKey: ({ keyId, context }: OfKey & { readonly context: Context }) =>
    call('GenerateDataKey', { KeyId: keyId, KeySpec: 'AES_256', ...contextOf(context) }),
  generateDataKeyWithoutPlaintext: ({ keyId, context }: OfKey & { readonly context: Context }) =>
    call('GenerateDataKeyWithoutPlaintext', { KeyId: keyId, KeySpec: 'AES_256', ...contextOf(context) }),
  reEncrypt: (asked: {
    readonly ciphertext: Uint8Array;
    readonly sourceKeyId: string;
    readonly destinationKeyId: string;
    readonly context: Context;
  }) =>
    call('ReEncrypt', {
      CiphertextBlob: asked.ciphertext,
      SourceKeyId: asked.sourceKeyId,
      DestinationKeyId: asked.destinationKeyId,
      ...(isEmpty(asked.context) ? {} : { SourceEncryptionContext: asked.context, DestinationEncryptionContext: asked.context }),
    }),

  enableKey: ({ keyId }: OfKey) => call('EnableKey', { KeyId: keyId }),
  disableKey: ({ keyId }: OfKey) => call('DisableKey', { KeyId: keyId }),
  scheduleKeyDeletion: ({ keyId, days }: OfKey & { readonly days: number }) =>
    call('ScheduleKeyDeletion', { KeyId: keyId, PendingWindowInDays: days }),
  cancelKeyDeletion: ({ keyId }: OfKey) => call('CancelKeyDeletion', { KeyId: keyId }),

  createGrant: (asked: GrantRequest) =>
    call('CreateGrant', {
      KeyId: asked.keyId,
      Name: asked.name,
      GranteePrincipal: asked.grantee,
      ...given({ RetiringPrincipal: asked.retiring === '' ? null : asked.retiring }),
      Operations: asked.operations as GrantOperation[],
    }),
  revokeGrant: ({ keyId, grantId }: OfKey & { readonly grantId: string }) =>
    call('RevokeGrant', { KeyId: keyId, GrantId: grantId }),
  getKeyLastUsage: ({ keyId }: OfKey) => call('GetKeyLastUsage', { KeyId: keyId }),

  createKeyStore: ({ name, credential, ...rest }: CreateKeyStoreRequest) => ({
    ...call('CreateCustomKeyStore', {
      CustomKeyStoreName: name,
      // KMS takes AWS_CLOUDHSM where it is not told.
      CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
      ...storeParameters(rest),
    }),
    credential,
  }),
  connectKeyStore: ({ storeId }: OfStore) => call('ConnectCustomKeyStore', { CustomKeyStoreId: storeId }),
  disconnectKeyStore: ({ storeId }: OfStore) => call('DisconnectCustomKeyStore', { CustomKeyStoreId: storeId }),
  updateKeyStore: ({ storeId, changes }: OfStore & { readonly changes: KeyStoreChanges }) => ({
    ...call('UpdateCustomKeyStore', {
      CustomKeyStoreId: storeId,
      ...given({ NewCustomKeyStoreName: changes.name ?? null }),
      ...storeParameters(changes),
      // A public endpoint wants the old name taken back in so many words.
      ...(changes.connectivity?.kind === 'PUBLIC_ENDPOINT' && { XksProxyVpcEndpointServiceName: '' }),
    }),
    ...(changes.credential && { credential: changes.credential }),
  }),
  deleteKeyStore: ({ storeId }: OfStore) => call('DeleteCustomKeyStore', { CustomKeyStoreId: storeId }),
  createXksKey: (asked: CreateXksKeyRequest) =>
    call('CreateKey', {
      Origin: 'EXTERNAL_KEY_STORE',
      CustomKeyStoreId: asked.storeId,
      XksKeyId: asked.xksKeyId,
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Description: asked.description,
      ...given({ Policy: asked.policy }),
      BypassPolicyLockoutSafetyCheck: false,
      Tags: tagsOf(asked.tags),
    }),
};

function isEmpty(context: Context): boolean {
  return Object.keys(context).length === 0;
}

/** An empty encryption context is none: keys that are not symmetric refuse the parameter. */
function contextOf(context: Context): { EncryptionContext?: Record<string, string> } {
  return isEmpty(context) ? {} : { EncryptionContext: { ...context } };
}

type Calls = typeof CALLS;

/** Everything Keyrite asks of one KMS key or external key store, as data; listings of a whole account are not acts. */
export type KmsAct = {
  [Name in keyof Calls]: { readonly act: Name; readonly request: Parameters<Calls[Name]>[0] };
}[keyof Calls];

/** The call an act makes. */
export function callOf({ act, request }: KmsAct): KmsCall {
  return (CALLS[act] as (request: KmsAct['request']) => KmsCall)(request);
}
