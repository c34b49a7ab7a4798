import type { KmsMaterialState } from '../contract/kms-values';
import type { ImportableSpec, KeyUsage } from '../keys/kms-spec';
import type { Wrapping } from '../keys/wrapping';
import type { Asked } from './answered';
import type { CreateKeyStoreRequest, KeyStore, KeyStoreChanges, KeyStoreName } from './key-store';
import type { NetworkPort } from './network-port';

/** Who the calls are made as (sts:GetCallerIdentity), and where they go. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  readonly region: string;
  /** the endpoint that was set, or '' for AWS's own of the Region */
  readonly endpoint: string;
  /** an endpoint that says of itself that it is a rehearsal KMS */
  readonly rehearsal: boolean;
}

export const KEY_STATES = [
  'Creating',
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingImport',
  'PendingReplicaDeletion',
  'Unavailable',
  'Updating',
] as const;

export type KeyState = (typeof KEY_STATES)[number];

/** A KMS key as DescribeKey tells it. Times are ISO 8601 UTC; null: KMS does not say. */
export interface KmsKey {
  readonly keyId: string;
  readonly arn: string;
  readonly account: string;
  readonly state: KeyState;
  readonly spec: string;
  readonly usage: string;
  readonly origin: string;
  readonly description: string;
  readonly createdAt: string | null;
  readonly deletionAt: string | null;
  readonly expiration: Expiration | null;
  /** symmetric keys only */
  readonly currentMaterialId: string | null;
  readonly multiRegion: {
    readonly type: 'PRIMARY' | 'REPLICA';
    readonly primaryArn: string;
    readonly replicaArns: readonly string[];
  } | null;
  /** the external key store it lives in, and the external key it stands for; null for every other key */
  readonly keyStore: { readonly storeId: string; readonly xksKeyId: string } | null;
}

/** Said in words and never left to KMS, whose default is to expire. `validTo`: ISO 8601 UTC, in the future, 365 days at most. */
export type Expiration = { readonly model: 'never' } | { readonly model: 'expires'; readonly validTo: string };

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface CreateKeyRequest {
  readonly spec: ImportableSpec;
  readonly usage: KeyUsage;
  readonly multiRegion: boolean;
  readonly description: string;
  /** JSON text, or null for KMS's default policy */
  readonly policy: string | null;
  readonly bypassPolicyLockoutSafetyCheck: boolean;
  readonly tags: readonly Tag[];
}

/** The lock-out check is never passed by: whoever makes a key of an external store can change its policy afterwards. */
export interface CreateXksKeyRequest {
  readonly storeId: string;
  /** 1 to 128 characters of A-Z a-z 0-9 - . _ ; can never be changed */
  readonly xksKeyId: string;
  readonly description: string;
  /** JSON text, or null for KMS's default policy */
  readonly policy: string | null;
  readonly tags: readonly Tag[];
}

/** An indivisible set, valid for 24 hours, for one key. The token stays on the station that fetched it. */
export interface ImportParameters {
  readonly keyArn: string;
  /** SubjectPublicKeyInfo DER of the RSA wrapping key */
  readonly publicKey: Uint8Array;
  readonly importToken: Uint8Array;
  readonly validTo: string;
}

export interface ImportRequest {
  readonly keyId: string;
  readonly importToken: Uint8Array;
  readonly encryptedKeyMaterial: Uint8Array;
  readonly expiration: Expiration;
  /** symmetric keys only; null: not sent, as asymmetric and HMAC keys want it */
  readonly importType: 'NEW_KEY_MATERIAL' | 'EXISTING_KEY_MATERIAL' | null;
  readonly materialDescription: string | null;
  readonly materialId: string | null;
}

export interface ReplicateRequest {
  readonly keyId: string;
  readonly replicaRegion: string;
  /** JSON text, or null for KMS's default policy: the primary's is not copied */
  readonly policy: string | null;
  readonly description: string;
  readonly tags: readonly Tag[];
}

export interface GrantRequest {
  readonly keyId: string;
  /** makes a repeat of the same request answer the same grant */
  readonly name: string;
  /** ARN of a principal */
  readonly grantee: string;
  /** ARN of a principal, '' for none */
  readonly retiring: string;
  readonly operations: readonly string[];
}

/** One material of a symmetric key (ListKeyRotations with ALL_KEY_MATERIAL). */
export interface KeyMaterial {
  readonly materialId: string;
  readonly description: string;
  readonly materialState: KmsMaterialState;
  readonly importState: 'IMPORTED' | 'PENDING_IMPORT' | null;
  readonly expiration: Expiration | null;
  readonly rotatedAt: string | null;
  readonly rotationType: 'AUTOMATIC' | 'ON_DEMAND' | null;
}

export interface Grant {
  readonly grantId: string;
  readonly name: string;
  readonly grantee: string;
  readonly retiring: string;
  readonly operations: readonly string[];
  readonly createdAt: string | null;
}

export interface LastUsage {
  readonly operation: string | null;
  readonly at: string | null;
  readonly kmsRequestId: string | null;
  readonly trackingSince: string | null;
}

/**
 * AWS KMS as the rest of the house sees it: one Region, one identity. Every call answers a value; the code is one of `aws.`.
 * Calls whose repeat could do harm are never repeated by the client: an answer that was lost is `aws.noAnswer`, and whoever asked
 * looks before asking again.
 */
export interface KmsPort {
  readonly region: string;
  /** The first call: whose credentials these are, whether the clock is right, and whether a rehearsal KMS answers. */
  identify(signal?: AbortSignal): Asked<Caller>;

  createKey(request: CreateKeyRequest): Asked<KmsKey>;
  /** Key id or ARN, in any method. */
  describeKey(keyId: string, signal?: AbortSignal): Asked<KmsKey>;
  /** Every key of the account and Region; follows all pages. */
  listKeys(): Asked<readonly { readonly keyId: string; readonly arn: string }[]>;
  listTags(keyId: string): Asked<readonly Tag[]>;
  tagKey(keyId: string, tags: readonly Tag[]): Asked<null>;
  /**
   * Keys for imported material and of external key stores with this tag, oldest first: how a CreateKey whose answer was lost is found again. None found while
   * some key may not be read is `aws.accessDenied`: nobody can say then that there is none.
   */
  findByTag(tag: Tag): Asked<readonly KmsKey[]>;
  updateDescription(keyId: string, description: string): Asked<null>;

  createAlias(alias: string, keyId: string): Asked<null>;
  updateAlias(alias: string, keyId: string): Asked<null>;
  deleteAlias(alias: string): Asked<null>;
  /** Of one key, or of the whole account and Region. */
  listAliases(keyId: string | null): Asked<readonly { readonly alias: string; readonly keyId: string | null }[]>;

  getKeyPolicy(keyId: string): Asked<string>;
  putKeyPolicy(request: {
    readonly keyId: string;
    readonly policy: string;
    readonly bypassPolicyLockoutSafetyCheck: boolean;
  }): Asked<null>;

  /** KMS gives one set in four seconds per account and Region: throttled, it is asked again after 4.5 s and more, four times. */
  getParametersForImport(keyId: string, wrapping: Wrapping, signal?: AbortSignal): Asked<ImportParameters>;
  importKeyMaterial(request: ImportRequest): Asked<{ readonly keyArn: string; readonly materialId: string | null }>;
  /** `materialId` null: the current material. */
  deleteImportedKeyMaterial(keyId: string, materialId: string | null): Asked<{ readonly materialId: string | null }>;

  listKeyMaterials(keyId: string, signal?: AbortSignal): Asked<readonly KeyMaterial[]>;
  rotateKeyOnDemand(keyId: string): Asked<null>;
  /** ISO time an on-demand rotation was begun at, null when none is under way. */
  rotationUnderWay(keyId: string, signal?: AbortSignal): Asked<string | null>;

  /** Asked of the primary's Region; answers the replica, which is made (`Creating`) and has no material yet. */
  replicateKey(request: ReplicateRequest): Asked<KmsKey>;

  getPublicKey(keyId: string): Asked<{ readonly spki: Uint8Array; readonly spec: string; readonly usage: string }>;
  generateMac(request: { readonly keyId: string; readonly algorithm: string; readonly message: Uint8Array }): Asked<Uint8Array>;
  encrypt(request: {
    readonly keyId: string;
    readonly plaintext: Uint8Array;
    readonly context: Readonly<Record<string, string>>;
    readonly algorithm: string;
  }): Asked<Uint8Array>;
  decrypt(request: {
    readonly keyId: string;
    readonly ciphertext: Uint8Array;
    readonly context: Readonly<Record<string, string>>;
    readonly algorithm: string;
  }): Asked<Uint8Array>;
  /** AES_256 data key; the plaintext is the caller's to overwrite. */
  generateDataKey(
    keyId: string,
    context: Readonly<Record<string, string>>,
  ): Asked<{ readonly plaintext: Uint8Array; readonly ciphertext: Uint8Array }>;
  /** AES_256 data key that nobody sees. */
  generateDataKeyWithoutPlaintext(keyId: string, context: Readonly<Record<string, string>>): Asked<Uint8Array>;
  reEncrypt(request: {
    readonly ciphertext: Uint8Array;
    readonly sourceKeyId: string;
    readonly destinationKeyId: string;
    readonly context: Readonly<Record<string, string>>;
  }): Asked<Uint8Array>;

  enableKey(keyId: string): Asked<null>;
  disableKey(keyId: string): Asked<null>;
  scheduleKeyDeletion(keyId: string, days: number): Asked<{ readonly deletionAt: string | null; readonly state: string }>;
  cancelKeyDeletion(keyId: string): Asked<null>;

  createGrant(request: GrantRequest): Asked<{ readonly grantId: string }>;
  listGrants(keyId: string): Asked<readonly Grant[]>;
  revokeGrant(keyId: string, grantId: string): Asked<null>;

  getKeyLastUsage(keyId: string): Asked<LastUsage>;

  /**
   * Registers an external key store, which is DISCONNECTED then. With a public endpoint KMS calls the proxy at once
   * (GetHealthStatus): `aws.proxy...` says what came of it.
   */
  createKeyStore(request: CreateKeyStoreRequest): Asked<{ readonly storeId: string }>;
  /** Every external key store of the account and Region; follows all pages. Key stores of CloudHSM are left out. */
  keyStores(signal?: AbortSignal): Asked<readonly KeyStore[]>;
  /** One of them; null when there is none. `aws.unsupported`: it is a key store of CloudHSM. */
  keyStore(which: KeyStoreName, signal?: AbortSignal): Asked<KeyStore | null>;
  /** Answered at once; how it ended is in `keyStore()`, minutes later (`untilConnection`). */
  connectKeyStore(storeId: string): Asked<null>;
  /** The keys of the store are Unavailable from then on. Answered at once, as connecting is. */
  disconnectKeyStore(storeId: string): Asked<null>;
  /** KMS calls the proxy with the new values first (GetHealthStatus) and changes nothing where that fails. */
  updateKeyStore(storeId: string, changes: KeyStoreChanges): Asked<null>;
  /** Only a disconnected store without keys. The external keys are not touched. */
  deleteKeyStore(storeId: string): Asked<null>;
  /** A KMS key for an external key, in a connected store. One external key has one KMS key per store. */
  createXksKey(request: CreateXksKeyRequest): Asked<KmsKey>;

  /** The network in front of a proxy: the same Region, asked as the same identity. */
  network(): Promise<NetworkPort>;

  /** Ends what is under way. */
  close(): void;
}
