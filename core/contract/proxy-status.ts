import { z } from 'zod';
import { latchStateSchema } from './latch-state';

const count = z.int().min(0);
const when = z.string();

/** As `HsmState` of the proxy's HSM port; the terminal knows no proxy, so it has the shape of its own. */
const hsmSchema = z.object({
  condition: z.enum(['starting', 'serving', 'recovering', 'loginRefused', 'loggedOut', 'killed', 'stopped']),
  /** by a person, also where it is killed; `before`: it was so when the process started. An older proxy cannot be */
  loggedOut: z.enum(['no', 'before', 'now']).default('no'),
  problem: z.string(),
  sessions: z.object({ wanted: count, ready: count, busy: count, hung: count }),
  queued: count,
  counts: z.object({
    workersReplaced: count,
    logins: count,
    loginsRefused: count,
    timeouts: count,
    throttled: count,
    encryptions: z.record(z.string(), count),
  }),
  token: z.object({ label: z.string(), serial: z.string(), model: z.string(), manufacturer: z.string() }).nullable(),
});

/** `uriPath`: what KMS has to have as XksProxyUriPath; `keys`: the key ids it serves (an older proxy does not say) */
const storeSchema = z.object({
  name: z.string(),
  uriPath: z.string(),
  region: z.string(),
  keys: z.array(z.string()).default([]),
});

const credentialSchema = z.object({
  store: z.string(),
  accessKeyId: z.string(),
  /** ISO 8601 UTC: since when it is in use; null: not known */
  since: when.nullable(),
  /** the last request signed with it; null: none since start */
  lastUsed: when.nullable(),
});

/** The running proxy as `keyrite status` shows it. Times are ISO 8601 UTC where they are text. Holds no secret. */
export const proxyStatusSchema = z.object({
  version: z.string(),
  pid: count,
  uptimeSeconds: z.number(),
  latch: latchStateSchema,
  hsm: hsmSchema,
  listeners: z.array(z.object({ name: z.string(), address: z.string() })),
  /** of the server's own certificate; null: none, plain HTTP */
  certificate: z.object({ daysLeft: z.number(), notAfter: when }).nullable(),
  stores: z.array(storeSchema),
  credentials: z.array(credentialSchema),
  health: z.object({ state: z.enum(['ACTIVE', 'DEGRADED', 'UNAVAILABLE']), problem: z.string(), at: when.nullable() }),
  /** how many keys the key stores name, and those that the token does not have, has twice, or that cannot encrypt and decrypt */
  keys: z.object({ named: count, problems: z.array(z.object({ key: z.string(), problem: z.string() })) }),
  /** `isRequired`: no answer without a line; `seq`: of the next event; `head`: the hash it will carry as `prev` */
  audit: z.object({ isWritable: z.boolean(), isRequired: z.boolean(), problem: z.string(), seq: count, head: z.string() }),
  lastReload: z.object({ at: when, ok: z.boolean(), problem: z.string() }).nullable(),
  /** of the last minute; the times are null where nothing was asked */
  requests: z.object({ count, errors: count, p50Ms: z.number().nullable(), p99Ms: z.number().nullable() }),
});

export type ProxyStatus = z.infer<typeof proxyStatusSchema>;
