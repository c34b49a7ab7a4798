import { z } from 'zod';
import { IMPORTABLE_SPECS, KEY_USAGES } from '../../keys/kms-spec';
import { keyStore } from './key-store-state';

/** Epoch milliseconds on the clock of the rehearsal. */
const time = z.number().int();
const base64 = z.base64();

/** One material of a key in one Region. `bytes` null: deleted or expired, and the key remembers that it was there. */
const holding = z.strictObject({
  bytes: base64.nullable(),
  description: z.string(),
  expiresAtMs: time.nullable(),
});

/** One material of a key as all its Regions know it. */
const material = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  state: z.enum(['CURRENT', 'NON_CURRENT', 'PENDING_ROTATION']),
  rotatedAtMs: time.nullable(),
});

const grant = z.strictObject({
  id: z.string(),
  token: z.string(),
  name: z.string(),
  grantee: z.string(),
  retiring: z.string(),
  operations: z.array(z.string()),
  constraints: z.record(z.string(), z.record(z.string(), z.string())),
  createdAtMs: time,
});

const usage = z.strictObject({ operation: z.string(), atMs: time, requestId: z.string(), eventId: z.string() });

/** What a key is in one Region: a multi-Region key has several of these, which go their own ways. */
const regional = z.strictObject({
  createdAtMs: time,
  description: z.string(),
  policy: z.string(),
  tags: z.array(z.strictObject({ key: z.string(), value: z.string() })),
  isEnabled: z.boolean(),
  /** `atMs` null: a primary that waits for its replicas to go first */
  deletion: z.strictObject({ atMs: time.nullable(), days: z.number().int() }).nullable(),
  /** until then `Creating`, or `Updating` */
  creatingUntilMs: time,
  updatingUntilMs: time,
  holdings: z.record(z.string(), holding),
  grants: z.array(grant),
  lastUsage: usage.nullable(),
});

const key = z.strictObject({
  keyId: z.string(),
  spec: z.enum(IMPORTABLE_SPECS),
  usage: z.enum(KEY_USAGES),
  origin: z.enum(['AWS_KMS', 'EXTERNAL', 'EXTERNAL_KEY_STORE']),
  /** the key outside that a key of an external key store stands for; states of before there were such stores do not have it */
  external: z.strictObject({ storeId: z.string(), xksKeyId: z.string() }).nullable().default(null),
  isMultiRegion: z.boolean(),
  primaryRegion: z.string(),
  /** oldest first */
  materials: z.array(material),
  rotations: z.number().int(),
  rotation: z.strictObject({ startedAtMs: time, endsAtMs: time }).nullable(),
  regions: z.record(z.string(), regional),
});

const alias = z.strictObject({ name: z.string(), region: z.string(), keyId: z.string(), createdAtMs: time, updatedAtMs: time });

/** The whole of a rehearsal KMS: what its state file holds. */
export const stateSchema = z.strictObject({
  format: z.literal('keyrite-rehearsal-kms-v1'),
  rehearsal: z.literal(true),
  remark: z.string(),
  clockAheadMs: z.number().int(),
  /** authenticates and encrypts import tokens */
  tokenKey: base64,
  keys: z.record(z.string(), key),
  aliases: z.array(alias),
  /** oldest first; absent in states of before there were external key stores */
  keyStores: z.array(keyStore).default([]),
});

export type State = z.infer<typeof stateSchema>;
export type Key = z.infer<typeof key>;
export type Regional = z.infer<typeof regional>;
export type Material = z.infer<typeof material>;
export type StoredGrant = z.infer<typeof grant>;

export function emptyState(tokenKey: Uint8Array): State {
  return {
    format: 'keyrite-rehearsal-kms-v1',
    rehearsal: true,
    remark: 'Keys of a rehearsal. This is not AWS KMS, and nothing here protects anything.',
    clockAheadMs: 0,
    tokenKey: Buffer.from(tokenKey).toString('base64'),
    keys: {},
    aliases: [],
    keyStores: [],
  };
}
