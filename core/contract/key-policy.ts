import { z } from 'zod';
import { IMPORTABLE_SPECS, KEY_USAGES } from '../keys/kms-spec';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../keys/wrapping';
import type { ActionGroup } from '../policy/actions';
import type { FormProblem } from '../policy/form';
import type { GroupVerdict } from '../policy/simulate';
import type { PolicyFinding } from './kms-values';
import { PARTITIONS } from './aws-regions';

/** An ARN of IAM, or what somebody has typed of one so far. */
const arn = z.string().max(720);
const arns = z.array(arn).max(40);
const region = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/);

/** Who is who for the keys of one account, and what an import has to say. What a ceremony's plan says besides (spec, wrapping) is not here. */
export const policyPeople = z.strictObject({
  partition: z.enum(PARTITIONS),
  account: z.string().max(12),
  administrators: arns,
  operatorA: arns,
  operatorB: arns,
  deletionOfMaterial: arns,
  users: arns,
  usersVia: z.strictObject({ services: z.array(z.string().max(63)).max(40), regions: z.array(region).max(40) }).nullable(),
  serviceGrants: arns,
  auditors: arns,
  breakGlass: arn.nullable(),
  /** `expires`: at the latest so many days after the policy is made, 365 at most */
  expiration: z.discriminatedUnion('model', [
    z.strictObject({ model: z.literal('never') }),
    z.strictObject({ model: z.literal('expires'), withinDays: z.int().min(1).max(365) }),
  ]),
});

export type PolicyPeople = z.infer<typeof policyPeople>;

export const NO_PEOPLE: PolicyPeople = {
  partition: 'aws',
  account: '',
  administrators: [],
  operatorA: [],
  operatorB: [],
  deletionOfMaterial: [],
  users: [],
  usersVia: null,
  serviceGrants: [],
  auditors: [],
  breakGlass: null,
  expiration: { model: 'never' },
};

/** What a plan says of the key: the other half of the form. */
export const policyKey = z.strictObject({
  spec: z.enum(IMPORTABLE_SPECS),
  usage: z.enum(KEY_USAGES),
  wrapping: z.strictObject({ algorithm: z.enum(WRAPPING_ALGORITHMS), wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS) }),
  replicaRegions: z.array(region).max(40),
});

export type PolicyKey = z.infer<typeof policyKey>;

/** What a policy is compared with: the file that was picked last, or what a KMS key has now. */
export const policyAgainst = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('nothing') }),
  z.strictObject({ what: z.literal('file') }),
  z.strictObject({
    what: z.literal('kmsKey'),
    runMode: z.enum(['rehearsal', 'production']),
    region,
    keyId: z.string().regex(/^[A-Za-z0-9:/_-]{1,256}$/),
  }),
]);

export type PolicyAgainst = z.infer<typeof policyAgainst>;

/** The saved people, and whether a ceremony could make a policy of them. */
export interface SavedPeople {
  readonly people: PolicyPeople;
  /** false: nothing was ever saved on this station */
  readonly saved: boolean;
  /** name of the file in which a damaged one was kept, or null */
  readonly damaged: string | null;
}

/** One row of "who can do what": a cell for each group of actions, and on what each yes stands. */
export interface WhoRow {
  readonly name: string;
  readonly cells: readonly { readonly group: ActionGroup; readonly verdict: GroupVerdict }[];
  readonly grounds: readonly { readonly actions: readonly string[]; readonly because: string }[];
}

export interface LockoutVerdict {
  /** could whoever puts the policy put another one; null: nobody was named */
  readonly caller: 'allow' | 'conditional' | 'iam' | 'no' | 'deny' | null;
  readonly keepers: readonly { readonly name: string; readonly sure: boolean; readonly fragile: readonly string[] }[];
  readonly denied: readonly string[];
}

/** What a new policy changes against another. */
export interface PolicyChanges {
  /** of what it was compared with, e.g. a file's name or a key's ARN */
  readonly against: string;
  readonly statements: readonly { readonly kind: 'added' | 'removed' | 'changed'; readonly name: string }[];
  readonly rights: readonly {
    readonly who: string;
    readonly actions: readonly string[];
    readonly before: string;
    readonly after: string;
  }[];
  readonly lines: readonly { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }[];
}

/** A policy and everything that is said of it. */
export interface JudgedPolicy {
  /** JSON text */
  readonly text: string;
  readonly account: string;
  readonly findings: readonly PolicyFinding[];
  readonly rows: readonly WhoRow[];
  readonly lockout: LockoutVerdict;
  readonly changes: PolicyChanges | null;
}

/** Either the problems of the form, by field, or the policy. */
export interface PolicyPreview {
  readonly problems: readonly FormProblem[];
  readonly judged: JudgedPolicy | null;
}

/** A file that was picked: the policy in it, or why it is none, by line. */
export interface PickedPolicy {
  readonly name: string;
  readonly problems: readonly {
    readonly line: number;
    readonly column: number;
    readonly problem: string;
    readonly remedy: string;
  }[];
  readonly judged: JudgedPolicy | null;
}
