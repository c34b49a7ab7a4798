import type { z } from 'zod';
import { refusal, type XksFailure, type XksResult } from '../../core/xks/errors';
import type { HealthAnswer, RequestMetadata } from '../../core/xks/wire';
import type { XksApi } from '../../core/xks/uri';
import type { AuthorizationQuery } from '../authorize/query';
import type { Hsm, HsmAnswer, HsmRules, KeyChoice } from '../hsm/port';
import type { ServedStore, Serving } from '../serving';
import type { Facts } from './facts';

/** Whom the endpoints ask. */
export interface ApiParts {
  readonly hsm: Pick<Hsm, 'describe' | 'encrypt' | 'decrypt'>;
  readonly latch: HsmRules;
  /** null: no policy is set, every correctly signed caller may call */
  readonly authorizer: () => Authorizing | null;
  readonly health: () => HealthAnswer;
}

export interface Authorizing {
  readonly decide: (query: AuthorizationQuery) => { readonly allowed: boolean; readonly policy: string };
}

/** One authenticated call. */
export interface Call {
  readonly serving: Serving;
  readonly store: ServedStore;
  /** '' for GetHealthStatus */
  readonly keyId: string;
  /** parsed JSON, not yet judged */
  readonly body: unknown;
  readonly parts: ApiParts;
  readonly facts: Facts;
}

/** One API of the specification: the JSON text of its answer, or why there is none. */
export type Endpoint = (call: Call) => Promise<XksResult<string>>;

/** The body in the shape the API wants. The message names the first member that is wrong, and nothing of what is in it. */
export function read<T>(schema: z.ZodType<T>, body: unknown): XksResult<T> {
  const read = schema.safeParse(body);
  if (read.success) return { ok: true, value: read.data };
  const { path = [], message = '' } = read.error.issues[0] ?? {};
  return invalid('member', `${path.length === 0 ? 'The body' : path.join('.')}: ${message}`);
}

export function invalid(reason: string, message: string): ReturnType<typeof refusal> {
  return refusal('ValidationException', reason, message);
}

/** Refuses a key that this store does not list: one that exists for another store is as unknown as one that exists nowhere. */
export function notListed({ store, keyId }: Call): XksFailure | null {
  if (store.settings.keys.has(keyId)) return null;
  return refusal('KeyNotFoundException', 'notListed', `This key store has no key ${keyId}.`).error;
}

/** Asks the policies, where there are any. */
export function denied(call: Call, api: XksApi, metadata: RequestMetadata): XksFailure | null {
  const verdict = call.parts.authorizer()?.decide(queryOf(call, api, metadata));
  if (verdict === undefined) return null;
  call.facts.policy = verdict.policy;
  if (verdict.allowed) return null;
  return refusal('AccessDeniedException', 'policy', 'A policy of this proxy does not allow this call; its audit log names it.')
    .error;
}

function queryOf({ store, keyId }: Call, api: XksApi, metadata: RequestMetadata): AuthorizationQuery {
  return {
    store: store.settings.name,
    keyId,
    api,
    kmsKeyArn: metadata.kmsKeyArn ?? '',
    caller: metadata.awsPrincipalArn,
    kmsOperation: metadata.kmsOperation,
    via: metadata.kmsViaService ?? '',
    vpc: metadata.awsSourceVpc ?? '',
    vpce: metadata.awsSourceVpce ?? '',
  };
}

/** What stands between a well-formed crypto call and the HSM: the store's list, the latch, the policies. In this order. */
export function barred(call: Call, api: XksApi, metadata: RequestMetadata): XksFailure | null {
  return notListed(call) ?? call.parts.latch.mayUse(call.keyId) ?? denied(call, api, metadata);
}

export function keyOf({ serving, keyId }: Call): KeyChoice {
  const { current = null, legacy = null } = serving.keys.get(keyId) ?? {};
  return { label: keyId, current, legacy };
}

/** Keeps where the time of an HSM's answer went. */
export function timed<T>(facts: Facts, answer: HsmAnswer<T>): HsmAnswer<T> {
  facts.queueMs = answer.queueMs;
  facts.hsmMs = answer.hsmMs;
  return answer;
}

/** Refuses what is larger than the settings allow, which is at least what the specification demands. */
export function tooLarge(what: string, bytes: number, limit: number): XksFailure | null {
  if (bytes <= limit) return null;
  return refusal('UnsupportedOperationException', 'size', `${what} of ${bytes} bytes; this proxy takes ${limit}.`).error;
}
