import { z } from 'zod';
import { ERROR_CODES } from '../contract/errors';
import { isKeyId } from '../xks/uri';
import { actSchema, anyActSchema, reasonedActSchema } from './act';
import { afterRestartSchema } from '../contract/latch-state';
import { proxyLiveSchema } from '../contract/proxy-live';
import { proxyStatusSchema } from '../contract/proxy-status';

/** Bytes of a request. The largest legal one holds a key id, two texts and a PIN. */
export const REQUEST_SIZE_LIMIT = 1 << 14;
/** Bytes of an answer: a status with some thousand blocked keys. */
export const ANSWER_SIZE_LIMIT = 1 << 24;

/** Bytes of a PIN. */
const PIN_SIZE_LIMIT = 768;

const key = z.string().refine(isKeyId, 'is not a key id');

/** Bytes where the channel carries bytes (its parent's), base64 on a socket. */
const pin = z.union([
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length >= 1 && value.length <= PIN_SIZE_LIMIT),
  z
    .base64()
    .min(1)
    .max(Math.ceil(PIN_SIZE_LIMIT / 3) * 4)
    .transform((text): Uint8Array => Buffer.from(text, 'base64')),
]);

/**
 * What can be asked of a running proxy: one JSON object, on a socket one line of it. Strict, but for kill: whatever else a message
 * holds, one that says kill is one.
 */
export const requestSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('status') }),
  /** `since`: the `upTo` of the last answer, 0 at first */
  z.strictObject({ verb: z.literal('live'), since: z.int().min(0) }),
  z.object({ verb: z.literal('kill'), act: anyActSchema }),
  /** `kills`: what the latch said when it was looked at; a pull or a restart since then, and it stays killed */
  z.strictObject({ verb: z.literal('arm'), act: reasonedActSchema, kills: z.int().min(0).optional() }),
  z.strictObject({ verb: z.literal('block'), key, act: actSchema }),
  z.strictObject({ verb: z.literal('unblock'), key, act: reasonedActSchema }),
  z.strictObject({ verb: z.literal('reload'), act: actSchema }),
  /** Ends every session with the HSM and forgets the PIN, killed or not. */
  z.strictObject({ verb: z.literal('logout'), act: actSchema }),
  /** `pin`: UTF-8 bytes; null: the one the proxy was given */
  z.strictObject({ verb: z.literal('login'), act: actSchema, pin: pin.nullable() }),
]);

export type ControlRequest = z.infer<typeof requestSchema>;
export type ControlVerb = ControlRequest['verb'];

const recorded = { /** the audit log has a line of it */ recorded: z.boolean() };

/** What a proxy answers when it did what was asked, per verb. Members nobody knows are left out, so that versions can differ a little. */
export const ANSWERS = {
  status: proxyStatusSchema,
  live: proxyLiveSchema,
  kill: z.object({
    ...recorded,
    pid: z.int().min(1),
    /** what a restart would come up as; anything but `same` comes with a problem */
    restart: afterRestartSchema,
    /** why the latch file was not written as it should, else '' */
    problem: z.string(),
    /** no operation runs any more; false: they end, but were not seen to have ended yet */
    stopped: z.boolean(),
    /** sessions with the HSM that were open when it began */
    sessions: z.int().min(0),
    tookMs: z.number(),
  }),
  arm: z.object({
    ...recorded,
    /** why the latch was killed at start without a file saying so, else ''. Keys blocked before that are not known any more. */
    problem: z.string(),
  }),
  /** `isConfigured`: a key store of the settings names the key */
  block: z.object({ ...recorded, isConfigured: z.boolean() }),
  unblock: z.object({ ...recorded, isConfigured: z.boolean() }),
  /** what changed, and what only a restart would change: lines for people */
  reload: z.object({ ...recorded, changed: z.array(z.string()), needsRestart: z.array(z.string()) }),
  logout: z.object({
    ...recorded,
    /** sessions with the HSM that were open when it began */
    sessions: z.int().min(0),
    /** a restart finds it logged out; false: it would log in, where its PIN needs no person */
    isKept: z.boolean(),
  }),
  login: z.object({ ...recorded }),
} satisfies Record<ControlVerb, z.ZodType>;

export type Answer<V extends ControlVerb> = z.infer<(typeof ANSWERS)[V]>;

/** How every answer travels: a `Result` with its value still unread. */
export const envelopeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.enum(ERROR_CODES),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  }),
]);

export type ControlAnswer = z.infer<typeof envelopeSchema>;
