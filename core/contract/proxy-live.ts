import { z } from 'zod';

const count = z.int().min(0);
const ms = z.number().min(0);

/** One answered request as the Proxy screen lists it. Holds no plaintext, ciphertext, signature or secret. */
export const liveRequestSchema = z.object({
  /** counts up from 1 within one run of the proxy */
  seq: z.int().min(1),
  /** ISO 8601 UTC */
  at: z.string(),
  store: z.string(),
  /** `Encrypt`, `Decrypt`, `GetKeyMetadata`, `GetHealthStatus`; '' where the path led to none */
  api: z.string(),
  key: z.string(),
  /** awsPrincipalArn */
  caller: z.string(),
  /** kmsViaService */
  via: z.string(),
  kmsOperation: z.string(),
  kmsRequestId: z.string(),
  kmsKeyArn: z.string(),
  /** '' before it was read */
  accessKeyId: z.string(),
  /** ids of the policies that decided, '' where none was asked */
  policy: z.string(),
  /** generation of the key, '' where none was used */
  generation: z.string(),
  status: count,
  /** `ok`, or the specification's exception name */
  outcome: z.string(),
  /** why, for people; '' when ok */
  reason: z.string(),
  queueMs: ms,
  hsmMs: ms,
  totalMs: ms,
});

/** One second of the last five minutes in which something was asked. Times are right to a tenth. */
export const liveSecondSchema = z.object({
  /** whole seconds since 1970 */
  second: count,
  requests: count,
  /** answered with anything but ok */
  refused: count,
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  /** medians of where the time went, of the requests that came to the HSM; 0: none did */
  queueP50Ms: ms,
  hsmP50Ms: ms,
});

/** What a running proxy did of late. Whole seconds only: the one under way is not in it. */
export const proxyLiveSchema = z.object({
  /** when this run of the proxy began, ISO 8601 UTC: another one counts its requests from 1 again */
  run: z.string(),
  /** the last whole second, since 1970 */
  until: count,
  /** of the 300 seconds up to `until` those in which something was asked, the oldest first */
  seconds: z.array(liveSecondSchema),
  /** outcome -> how many in these seconds */
  outcomes: z.record(z.string(), count),
  /** newest last; those after the `since` that was asked for, the newest 500 at most */
  requests: z.array(liveRequestSchema),
  /** the newest `seq` there is; ask with it next */
  upTo: count,
  queued: count,
});

export type LiveRequest = z.infer<typeof liveRequestSchema>;
export type LiveSecond = z.infer<typeof liveSecondSchema>;
export type ProxyLive = z.infer<typeof proxyLiveSchema>;
