import { IMPORTABLE_SPECS, KEY_USAGES, usagesOf, type ImportableSpec, type KeyUsage } from '../keys/kms-spec';
import { checkWrapping, WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS, type Wrapping } from '../keys/wrapping';
import { ACCOUNT, PARTITION, readAwsPrincipal } from './principal';

/** Who may do what with one key: the form a key policy with separated duties is made from. Lists hold ARNs of IAM users and roles. */
export interface PolicyForm {
  /** the key's account, 12 digits */
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov` */
  readonly partition: string;
  readonly spec: ImportableSpec;
  readonly usage: KeyUsage;
  /** rewrite the policy, switch, name, tag and delete the key; never use it */
  readonly administrators: readonly string[];
  /** the download leg: fetch wrapping key and import token */
  readonly operatorA: readonly string[];
  /** the import leg */
  readonly operatorB: readonly string[];
  /** take imported material out of the key; empty: nobody until the policy is changed */
  readonly deletionOfMaterial: readonly string[];
  readonly users: readonly string[];
  /** users come through these AWS services only (`s3`, `ebs`...), in these Regions; null: directly */
  readonly usersVia: { readonly services: readonly string[]; readonly regions: readonly string[] } | null;
  /** may let AWS services use the key for a resource, by grants */
  readonly serviceGrants: readonly string[];
  readonly auditors: readonly string[];
  /** role that repairs the policy through the account, with MFA; null: none */
  readonly breakGlass: string | null;
  /** null: nothing is imported, the key lives in an external key store; nobody is operator then */
  readonly wrapping: Wrapping | null;
  /** what an import has to say about expiration; `validTo`: the latest moment, ISO 8601 UTC in whole seconds */
  readonly expiration: { readonly model: 'never' } | { readonly model: 'expires'; readonly validTo: string };
  /** Regions a multi-Region key may be replicated to; empty: it stays where it is */
  readonly replicaRegions: readonly string[];
}

/** One thing wrong with a form. `index`: which entry of a list; null: the field as a whole. */
export interface FormProblem {
  readonly field: keyof PolicyForm;
  readonly index: number | null;
  readonly problem: string;
  readonly remedy: string;
}

export const ROLE_FIELDS = [
  'administrators',
  'operatorA',
  'operatorB',
  'deletionOfMaterial',
  'users',
  'serviceGrants',
  'auditors',
] as const satisfies readonly (keyof PolicyForm)[];

export type RoleField = (typeof ROLE_FIELDS)[number];

const ROLE_NAMES: Readonly<Record<RoleField | 'breakGlass', string>> = {
  administrators: 'administrator',
  operatorA: 'operator A',
  operatorB: 'operator B',
  deletionOfMaterial: 'who deletes material',
  users: 'user',
  serviceGrants: 'who grants to services',
  auditors: 'auditor',
  breakGlass: 'break-glass',
};

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;
const SERVICE = /^[a-z][a-z0-9-]{1,62}$/;
const SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.000)?Z$/;

interface Holder {
  readonly field: RoleField | 'breakGlass';
  readonly index: number | null;
  readonly arn: string;
}

/** Everybody the form names, with where. */
function holders(form: PolicyForm): readonly Holder[] {
  const listed = ROLE_FIELDS.flatMap((field) => form[field].map((arn, index) => ({ field, index, arn })));
  return form.breakGlass === null ? listed : [...listed, { field: 'breakGlass', index: null, arn: form.breakGlass }];
}

function arnProblem({ field, index, arn }: Holder, form: PolicyForm): FormProblem | null {
  const refuse = (problem: string, remedy: string): FormProblem => ({ field, index, problem, remedy });
  const example = `arn:${form.partition}:iam::${form.account}:role/NAME`;
  const reading = readAwsPrincipal(arn);
  if (!reading.ok) return refuse(reading.problem, `Write it like ${example}.`);
  const { principal } = reading;
  if (principal.kind === 'everyone') return refuse('"*" is everybody in every account.', `Name a role, like ${example}.`);
  if (principal.kind === 'session') return refuse(`${arn} is a session, which ends.`, 'Name the role it is a session of.');
  if (principal.kind !== 'user' && principal.kind !== 'role')
    return refuse(`${arn} is no user and no role.`, 'The account as a whole is put in by itself, with what shows the key.');
  if (!arn.startsWith(`arn:${form.partition}:`))
    return refuse(`${arn} is not of the partition ${form.partition}.`, `Write it like ${example}.`);
  if (principal.account !== form.account)
    return refuse(
      `${arn} is of another account than the key.`,
      'Add another account to the finished policy by hand; the lint will name it.',
    );
  if (field === 'breakGlass' && principal.kind !== 'role')
    return refuse(`${arn} is a user.`, 'Break-glass is a role, assumed with MFA by whoever is called.');
  return null;
}

/** Two duties one principal may hold together. */
function mayShare(one: Holder['field'], other: Holder['field']): boolean {
  return (one === 'users' && other === 'serviceGrants') || (one === 'serviceGrants' && other === 'users');
}

function overlaps(form: PolicyForm): readonly FormProblem[] {
  const all = holders(form);
  return all.flatMap((holder, i) => {
    const before = all.slice(0, i).find((other) => other.arn === holder.arn && !mayShare(other.field, holder.field));
    if (before === undefined) return [];
    const { field, index, arn } = holder;
    const twice = before.field === field;
    const problem = twice ? `${arn} stands twice.` : `${arn} would be ${ROLE_NAMES[before.field]} and ${ROLE_NAMES[field]}.`;
    return [{ field, index, problem, remedy: twice ? 'Remove one.' : 'Give one of the two duties to somebody else.' }];
  });
}

function roleProblems(form: PolicyForm): readonly FormProblem[] {
  const importing = form.wrapping === null ? [] : (['operatorA', 'operatorB'] as const);
  const missing = (['administrators', ...importing] as const).filter((field) => form[field].length === 0);
  const isLonely = form.administrators.length === 1 && form.breakGlass === null;
  return [
    ...missing.map((field) => ({
      field,
      index: null,
      problem: `There is no ${ROLE_NAMES[field]}.`,
      remedy: 'Name at least one role.',
    })),
    ...(isLonely
      ? [
          {
            field: 'administrators',
            index: null,
            problem: 'One administrator alone could change the policy.',
            remedy: 'Name a second one, or a break-glass role.',
          } as const,
        ]
      : []),
    ...holders(form).flatMap((holder) => arnProblem(holder, form) ?? []),
    ...overlaps(form),
  ];
}

function listProblems(
  field: 'usersVia' | 'replicaRegions',
  values: readonly string[],
  pattern: RegExp,
  what: string,
): readonly FormProblem[] {
  return values.flatMap((value, index) => {
    if (!pattern.test(value))
      return [{ field, index, problem: `"${value}" is no ${what}.`, remedy: 'Write it as AWS does, like s3 or eu-central-1.' }];
    return values.indexOf(value) < index ? [{ field, index, problem: `${value} stands twice.`, remedy: 'Remove one.' }] : [];
  });
}

function viaProblems({ usersVia, users }: PolicyForm): readonly FormProblem[] {
  if (usersVia === null) return [];
  const field = 'usersVia';
  const isEmpty = usersVia.services.length === 0 || usersVia.regions.length === 0;
  return [
    ...(isEmpty
      ? [
          {
            field,
            index: null,
            problem: 'Service or Region is missing.',
            remedy: 'Name both, or let users come directly.',
          } as const,
        ]
      : []),
    ...(users.length === 0
      ? [{ field, index: null, problem: 'There are no users.', remedy: 'Name who comes through the services.' } as const]
      : []),
    ...listProblems(field, usersVia.services, SERVICE, 'name of a service'),
    ...listProblems(field, usersVia.regions, REGION, 'Region'),
  ];
}

function isInstant(text: string): boolean {
  const time = Date.parse(text);
  return SECONDS.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 19));
}

function choice(field: keyof PolicyForm, isGood: boolean, problem: string, remedy: string): readonly FormProblem[] {
  return isGood ? [] : [{ field, index: null, problem, remedy }];
}

function wrappingProblems({ spec, wrapping }: PolicyForm): readonly FormProblem[] {
  if (wrapping === null)
    return choice('spec', spec === 'SYMMETRIC_DEFAULT', `An external key store has no ${spec}.`, 'Choose SYMMETRIC_DEFAULT.');
  const { algorithm, wrappingKeySpec } = wrapping;
  if (!WRAPPING_ALGORITHMS.includes(algorithm) || !WRAPPING_KEY_SPECS.includes(wrappingKeySpec))
    return choice('wrapping', false, `There is no wrapping ${algorithm} with ${wrappingKeySpec}.`, 'Choose one that is offered.');
  if (!IMPORTABLE_SPECS.includes(spec)) return [];
  const legal = checkWrapping(spec, wrapping);
  const because = legal.ok ? '' : String(legal.error.detail['because']);
  return choice('wrapping', legal.ok, because, 'Choose a wrapping that KMS takes for this spec.');
}

/** Everything wrong with a form; empty: a policy can be made from it. */
export function formProblems(form: PolicyForm): readonly FormProblem[] {
  const { account, partition, spec, usage, expiration } = form;
  const isSpec = IMPORTABLE_SPECS.includes(spec);
  return [
    ...choice('account', ACCOUNT.test(account), `"${account}" is no account.`, 'Write its 12 digits.'),
    ...choice('partition', PARTITION.test(partition), `"${partition}" is no partition.`, 'Write aws, aws-cn or aws-us-gov.'),
    ...choice('spec', isSpec, `Material of ${spec} cannot be imported.`, `Choose one of ${IMPORTABLE_SPECS.join(', ')}.`),
    ...choice(
      'usage',
      !isSpec || (KEY_USAGES.includes(usage) && usagesOf(spec).includes(usage)),
      `A key of ${spec} cannot be for ${usage}.`,
      `Choose ${isSpec ? usagesOf(spec).join(' or ') : 'another'}.`,
    ),
    ...wrappingProblems(form),
    ...choice(
      'expiration',
      expiration.model === 'never' || isInstant(expiration.validTo),
      'The end of validity is no moment in UTC.',
      'Write it like 2027-05-01T09:00:00Z.',
    ),
    ...roleProblems(form),
    ...viaProblems(form),
    ...listProblems('replicaRegions', form.replicaRegions, REGION, 'Region'),
  ];
}
