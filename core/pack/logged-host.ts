import { z } from 'zod';

/** A proxy cuts its texts there (docs/audit-log.md): a longer one is nobody's line. */
export const loggedText = z.string().max(2_048);
/** Who did something to the switch, when and why. `at`: ISO 8601 UTC, by the clock of the server. */
const switched = z.strictObject({ at: loggedText, who: loggedText, why: loggedText });
export type Switched = z.infer<typeof switched>;

/** From the pull that killed a proxy until it was armed. Order is that of the chain: no clock can change it. */
const killedSpan = z.strictObject({
  /** event of the log that began it: clocks can be set, the order of a chain cannot */
  seq: z.int(),
  /** every pull, oldest first: the first killed it */
  pulls: z.array(switched).min(1),
  /** when the first pull took effect; its line is written a little later */
  killedAt: loggedText,
  /** operations of the HSM from then on */
  operations: z.int(),
  /** how far the farthest of them is from the kill, whole ms; 0: none. A clock that was set back makes it no less */
  farthestOperationMs: z.int(),
  /** starts of the proxy that came up killed */
  restarts: z.int(),
  /** ISO 8601 UTC: it came up armed although nobody had armed it; '': it did not */
  cameUpArmedAt: loggedText,
  armed: switched.nullable(),
});
export type KilledSpan = z.infer<typeof killedSpan>;

export const loggedRequest = z.strictObject({
  ...{
    at: loggedText,
    seq: z.int(),
    store: loggedText,
    api: loggedText.nullable(),
    keyId: loggedText,
    kmsRequestId: loggedText,
    kmsOperation: loggedText,
  },
  ...{
    caller: loggedText,
    kmsKeyArn: loggedText,
    outcome: loggedText,
    reason: loggedText,
    accessKeyId: loggedText,
    generation: loggedText,
    hsmMs: z.number(),
  },
});

/** The log of one proxy on a server, as far as a ceremony needs it. It was proven when it was read. */
export const serverLog = z.strictObject({
  host: loggedText,
  files: z.int(),
  events: z.int(),
  firstSeq: z.int(),
  lastSeq: z.int(),
  firstAt: loggedText,
  lastAt: loggedText,
  /** hash of the last event: it stands for the whole log */
  head: loggedText,
  /** the last of them, oldest first; one without `armed` is killed still */
  spans: z.array(killedSpan),
  /** the last of them that took effect, oldest first */
  reloads: z.array(switched),
  /** labels of the keys that are blocked at its end, as far as the log reaches back */
  blocked: z.array(loggedText),
  /** those asked for by request id, oldest first */
  requests: z.array(loggedRequest),
  /** every access key id that signed a request KMS was believed in, with its first and its last use in this log */
  credentials: z.array(z.strictObject({ accessKeyId: loggedText, firstAt: loggedText, lastAt: loggedText })),
});
export type ServerLog = z.infer<typeof serverLog>;
