import { z } from 'zod';
import { POLICY_CHARS, type PolicyTrial } from './proxy-policy';

/** Rows of changes that an answer lists for each direction. */
export const TRIAL_ROWS = 50;
/** Problems of a policy that an answer lists. */
export const TRIAL_PROBLEMS = 100;

/** The one message to the process that tries a policy. */
export const policyTrialOrder = z.strictObject({
  text: z.string().max(POLICY_CHARS),
  /** absolute path of the folder of an audit log */
  audit: z.string().min(1).max(4096),
  /** how many of the newest requests are put to the policy */
  newest: z.int().min(1).max(100_000),
});

export type PolicyTrialOrder = z.infer<typeof policyTrialOrder>;

const count = z.int().min(0);
/** Longer than what the process cuts texts to. */
const text = z.string().max(1024);

const change = z.strictObject({
  requests: count,
  caller: text,
  kmsOperation: text,
  store: text,
  keyId: text,
  policy: text,
  wasPolicy: text,
});

const changes = z.strictObject({ requests: count, rows: z.array(change).max(TRIAL_ROWS), unlisted: count });

/** Its one answer. Judged where it arrives: the process has read texts of others. */
export const policyTrialAnswer: z.ZodType<PolicyTrial> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('problems'),
    problems: z
      .array(
        z.strictObject({
          at: z.strictObject({ line: z.int().min(1), column: z.int().min(1) }).nullable(),
          problem: text,
          remedy: text,
        }),
      )
      .min(1)
      .max(TRIAL_PROBLEMS),
  }),
  z.strictObject({ kind: z.literal('noLog'), problem: text }),
  z.strictObject({
    kind: z.literal('replayed'),
    policies: count,
    replay: z.strictObject({
      judged: count,
      since: text,
      until: text,
      reach: z.enum(['whole', 'enough', 'cut']),
      refused: changes,
      allowed: changes,
      notJudged: z.strictObject({ health: count, refusedBefore: count, otherEvents: count, unreadable: count }),
    }),
  }),
]);
