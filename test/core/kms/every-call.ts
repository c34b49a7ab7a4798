import type { KmsAct } from '../../../core/kms/calls';
import type { KmsPort } from '../../../core/kms/port';
import { KEY_ID } from './stand-in';

const BYTES = Uint8Array.of(1, 2, 3);
export const STORE_ID = 'cks-1234567890abcdef0';
/** 43 characters, as AWS wants at least. */
export const PROXY_SECRET = 'example+proxy/secret0123456789ABCDEFabcdef=';
const PROXY_CREDENTIAL = { accessKeyId: 'ABCDEFGHIJKLMNOPQRST', secret: Buffer.from(PROXY_SECRET) };

const TAGS = [{ key: 'keyrite:ceremony', value: 'c-0007' }];

type ActOf<Name extends KmsAct['act']> = Extract<KmsAct, { act: Name }>['request'];

/** One example of everything Keyrite asks of a key. */
export const REQUESTS: { readonly [Name in KmsAct['act']]: ActOf<Name> } = {
  createKey: {
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    multiRegion: true,
    description: 'payments',
    policy: '{"Version":"2012-10-17"}',
    bypassPolicyLockoutSafetyCheck: false,
    tags: TAGS,
  },
  describeKey: { keyId: KEY_ID },
  tagKey: { keyId: KEY_ID, tags: TAGS },
  updateDescription: { keyId: KEY_ID, description: 'payments, second year' },
  createAlias: { alias: 'alias/payments', keyId: KEY_ID },
  updateAlias: { alias: 'alias/payments', keyId: KEY_ID },
  deleteAlias: { alias: 'alias/payments' },
  getKeyPolicy: { keyId: KEY_ID },
  putKeyPolicy: { keyId: KEY_ID, policy: '{"Version":"2012-10-17"}', bypassPolicyLockoutSafetyCheck: false },
  getParametersForImport: { keyId: KEY_ID, wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' } },
  importKeyMaterial: {
    keyId: KEY_ID,
    importToken: BYTES,
    encryptedKeyMaterial: BYTES,
    expiration: { model: 'expires', validTo: '2027-05-01T09:00:00.000Z' },
    importType: 'NEW_KEY_MATERIAL',
    materialDescription: 'c-0007',
    materialId: null,
  },
  deleteImportedKeyMaterial: { keyId: KEY_ID, materialId: null },
  listKeyMaterials: { keyId: KEY_ID },
  rotateKeyOnDemand: { keyId: KEY_ID },
  rotationUnderWay: { keyId: KEY_ID },
  replicateKey: { keyId: KEY_ID, replicaRegion: 'eu-west-1', policy: null, description: 'payments', tags: TAGS },
  getPublicKey: { keyId: KEY_ID },
  generateMac: { keyId: KEY_ID, algorithm: 'HMAC_SHA_256', message: BYTES },
  encrypt: { keyId: KEY_ID, plaintext: BYTES, context: { proof: 'c-0007' }, algorithm: 'SYMMETRIC_DEFAULT' },
  decrypt: { keyId: KEY_ID, ciphertext: BYTES, context: {}, algorithm: 'SYMMETRIC_DEFAULT' },
  generateDataKey: { keyId: KEY_ID, context: {} },
  reEncrypt: { ciphertext: BYTES, sourceKeyId: KEY_ID, destinationKeyId: KEY_ID, context: { proof: 'c-0007' } },
  enableKey: { keyId: KEY_ID },
  disableKey: { keyId: KEY_ID },
  scheduleKeyDeletion: { keyId: KEY_ID, days: 30 },
  cancelKeyDeletion: { keyId: KEY_ID },
  createGrant: {
    keyId: KEY_ID,
    name: 'g-1',
    grantee: 'arn:aws:iam::000000000000:role/app',
    retiring: '',
    operations: ['Encrypt'],
  },
  revokeGrant: { keyId: KEY_ID, grantId: 'a1b2' },
  getKeyLastUsage: { keyId: KEY_ID },
  generateDataKeyWithoutPlaintext: { keyId: KEY_ID, context: {} },
  createKeyStore: {
    name: 'payments',
    uriEndpoint: 'https://xks.example.com',
    uriPath: '/payments/kms/xks/v1',
    connectivity: { kind: 'PUBLIC_ENDPOINT' },
    credential: PROXY_CREDENTIAL,
  },
  connectKeyStore: { storeId: STORE_ID },
  disconnectKeyStore: { storeId: STORE_ID },
  updateKeyStore: { storeId: STORE_ID, changes: { uriPath: '/other/kms/xks/v1', credential: PROXY_CREDENTIAL } },
  deleteKeyStore: { storeId: STORE_ID },
  createXksKey: { storeId: STORE_ID, xksKeyId: 'payments-2026', description: 'payments', policy: null, tags: TAGS },
};

/** How any of them ends, whatever its answer is made of. */
export type Ended =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: { readonly code: string; readonly detail: Record<string, unknown> } };

const R = REQUESTS;

/** The same examples as calls of the port. */
export const EVERY_CALL: { readonly [Name in KmsAct['act']]: (kms: KmsPort) => ReturnType<KmsPort[Name]> } = {
  createKey: (kms) => kms.createKey(R.createKey),
  describeKey: (kms) => kms.describeKey(KEY_ID),
  tagKey: (kms) => kms.tagKey(KEY_ID, TAGS),
  updateDescription: (kms) => kms.updateDescription(KEY_ID, R.updateDescription.description),
  createAlias: (kms) => kms.createAlias('alias/payments', KEY_ID),
  updateAlias: (kms) => kms.updateAlias('alias/payments', KEY_ID),
  deleteAlias: (kms) => kms.deleteAlias('alias/payments'),
  getKeyPolicy: (kms) => kms.getKeyPolicy(KEY_ID),
  putKeyPolicy: (kms) => kms.putKeyPolicy(R.putKeyPolicy),
  getParametersForImport: (kms) => kms.getParametersForImport(KEY_ID, R.getParametersForImport.wrapping),
  importKeyMaterial: (kms) => kms.importKeyMaterial(R.importKeyMaterial),
  deleteImportedKeyMaterial: (kms) => kms.deleteImportedKeyMaterial(KEY_ID, null),
  listKeyMaterials: (kms) => kms.listKeyMaterials(KEY_ID),
  rotateKeyOnDemand: (kms) => kms.rotateKeyOnDemand(KEY_ID),
  rotationUnderWay: (kms) => kms.rotationUnderWay(KEY_ID),
  replicateKey: (kms) => kms.replicateKey(R.replicateKey),
  getPublicKey: (kms) => kms.getPublicKey(KEY_ID),
  generateMac: (kms) => kms.generateMac(R.generateMac),
  encrypt: (kms) => kms.encrypt(R.encrypt),
  decrypt: (kms) => kms.decrypt(R.decrypt),
  generateDataKey: (kms) => kms.generateDataKey(KEY_ID, {}),
  reEncrypt: (kms) => kms.reEncrypt(R.reEncrypt),
  enableKey: (kms) => kms.enableKey(KEY_ID),
  disableKey: (kms) => kms.disableKey(KEY_ID),
  scheduleKeyDeletion: (kms) => kms.scheduleKeyDeletion(KEY_ID, 30),
  cancelKeyDeletion: (kms) => kms.cancelKeyDeletion(KEY_ID),
  createGrant: (kms) => kms.createGrant(R.createGrant),
  revokeGrant: (kms) => kms.revokeGrant(KEY_ID, 'a1b2'),
  getKeyLastUsage: (kms) => kms.getKeyLastUsage(KEY_ID),
  generateDataKeyWithoutPlaintext: (kms) => kms.generateDataKeyWithoutPlaintext(KEY_ID, {}),
  createKeyStore: (kms) => kms.createKeyStore(R.createKeyStore),
  connectKeyStore: (kms) => kms.connectKeyStore(STORE_ID),
  disconnectKeyStore: (kms) => kms.disconnectKeyStore(STORE_ID),
  updateKeyStore: (kms) => kms.updateKeyStore(STORE_ID, R.updateKeyStore.changes),
  deleteKeyStore: (kms) => kms.deleteKeyStore(STORE_ID),
  createXksKey: (kms) => kms.createXksKey(R.createXksKey),
};

export const ACTS = Object.entries(REQUESTS).map(([act, request]) => ({ act, request }) as KmsAct);
