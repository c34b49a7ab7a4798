import { z } from 'zod';
import { SUBJECTS } from './subjects';
import { VERBS, type VerbName } from './verbs';

const stepId = z.string().regex(/^\d{1,2}\.\d{1,2}$/, 'a step id looks like 2.10');
const seatName = z.string().regex(/^[A-Z]{2}\d?$/, 'a seat looks like CA or CO1');
const roleName = z.string().regex(/^[A-Z]{2}$/, 'a role is two capital letters');
const fact = z.string().regex(/^[a-z][a-zA-Z]*(\.[a-zA-Z]+)+$/, 'a fact looks like key.exists');
const rule = z.string().regex(/^CER-[A-Z0-9-]+$/, 'a rule looks like CER-LABEL-FREE');
const text = z.string().trim().min(1);
const identifier = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/, 'letters and digits, beginning with a letter');

const verbNames = Object.keys(VERBS) as [VerbName, ...VerbName[]];

/** What a step does. Closed: an unknown action is an error at its line. */
const action = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('listen') }),
  z.strictObject({ action: z.literal('attendance') }),
  z.strictObject({ action: z.literal('confirm'), items: z.array(text).min(1).max(20) }),
  z.strictObject({
    action: z.literal('choose'),
    options: z.record(
      identifier,
      z.strictObject({ title: text, then: z.enum(['continue', 'exception', 'stop']).default('continue') }),
    ),
  }),
  z.strictObject({
    action: z.literal('enterTwice'),
    /** who makes the second entry, without seeing the first */
    second: seatName,
    name: identifier,
    title: text,
    hint: text,
    pattern: text,
    /** what the entry must equal, e.g. '{token.serial}' */
    equals: text.optional(),
    /** what else an entry must be: an expiry that KMS takes, or who owns the expiry that was entered before under the name `expiry` */
    takes: z.enum(['expiry', 'expiryOwner']).optional(),
  }),
  z.strictObject({ action: z.literal('compare'), value: fact, title: text, reader: seatName, checker: seatName }),
  z.strictObject({ action: z.literal('approve'), gate: identifier, subject: z.enum(SUBJECTS) }),
  z.strictObject({ action: z.literal('act'), verb: z.enum(verbNames) }),
  z.strictObject({ action: z.literal('signOff') }),
]);

/** A step runs only where each of its conditions holds. One condition may stand without a list. */
const condition = z.strictObject({ input: identifier, is: z.array(z.string()).min(1) });
const conditions = z.union([condition.transform((one) => [one]), z.array(condition).min(1)]);

const step = z.strictObject({
  id: stepId,
  title: text,
  seat: seatName,
  minutes: z.int().min(1).max(240),
  when: conditions.default([]),
  requires: z.array(fact).default([]),
  effects: z.array(fact).default([]),
  read: text.optional(),
  do: action,
  expect: z.array(rule).default([]),
  /** exception: people decide; stop: only a repeat or the end; destroy: the key must not live */
  onFail: z.enum(['exception', 'stop', 'destroy']).default('exception'),
  help: text,
});

const input = z.strictObject({
  title: text,
  hint: text,
  options: z.record(z.string().regex(/^[A-Za-z0-9_]+$/), text).optional(),
  pattern: text.optional(),
  default: z.string(),
  /** the default is there in rehearsals alone: production wants another */
  practice: z.literal(true).optional(),
});

export const SECTIONS = [
  'roles',
  'approval',
  'materials',
  'steps',
  'physicalSecurity',
  'storage',
  'signOff',
  'deviations',
] as const;

export const script = z.strictObject({
  format: z.literal('keyrite-script-1'),
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  title: text,
  summary: text,
  /** minutes; equals the sum of the steps of the default variant */
  estimate: z.int().min(1),
  roles: z.record(
    roleName,
    z.strictObject({ title: text, people: z.int().min(1).max(9), conflicts: z.array(roleName).default([]) }),
  ),
  approvals: z.record(identifier, z.strictObject({ of: z.array(roleName).min(1), quorum: z.int().min(1).max(16) })),
  inputs: z.record(identifier, input),
  /** combinations of inputs that are not offered, each with its reason; `in`: only in this run mode */
  never: z
    .array(
      z.strictObject({
        inputs: z.record(identifier, z.array(z.string())),
        in: z.enum(['rehearsal', 'production']).optional(),
        because: text,
      }),
    )
    .default([]),
  /** where an auditor finds each of the eight things a key generation script must hold (WebTrust for CAs; C2PA CP) */
  sections: z.strictObject(
    Object.fromEntries(SECTIONS.map((name) => [name, z.array(stepId).min(1)])) as Record<
      (typeof SECTIONS)[number],
      z.ZodArray<typeof stepId>
    >,
  ),
  acts: z.array(z.strictObject({ title: text, steps: z.array(step).min(1) })).min(1),
});

export type Script = z.infer<typeof script>;
export type Step = z.infer<typeof step>;
export type Action = z.infer<typeof action>;
