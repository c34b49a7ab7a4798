import { failure, success, type Result } from '../../contract/result';
import type { Check } from '../../keys/evidence';
import type { Caller } from '../../kms/port';
import { AWS_SEATS, type AwsSeat } from '../../contract/aws-settings';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { callPlan, type CallPlan } from './kms-plan';

/** A caller by the seat it calls for. */
interface Identified extends Caller {
  readonly seat: AwsSeat;
  readonly requestId: string;
}

/** sts:GetCallerIdentity for each seat, before anything else is asked: account, principal and Region against the plan. */
export const awsIdentify: Act = async (context) => {
  const plan = callPlan(context.state);
  const callers: Identified[] = [];
  for (const seat of AWS_SEATS) {
    const caller = await identify(context, plan, seat);
    if (!caller.ok) return caller;
    callers.push(caller.value);
  }
  const [administrator] = callers;
  if (administrator === undefined) return failure('ceremony.notNow');
  return success(
    outcome({
      data: { callerArn: administrator.arn, account: administrator.account },
      checks: checks(plan, administrator, callers, context.state.runMode === 'production'),
      show: [
        facts('Who calls AWS', [
          ['Account', administrator.account, true],
          ['Region', administrator.region, true],
          ...callers.map(({ seat, arn }) => [SEAT_WORDS[seat], arn, true] as const),
          ['Endpoint', administrator.endpoint || 'AWS’s own of the Region'],
          ['Where that is', administrator.rehearsal ? 'the rehearsal KMS of this station: not AWS' : 'AWS'],
          ['Request ids', callers.map(({ requestId }) => requestId).join(' '), true],
        ]),
      ],
    }),
  );
};

const SEAT_WORDS: Readonly<Record<AwsSeat, string>> = {
  administrator: 'Makes the key',
  operator: 'Fetches the sets',
  approver: 'Imports',
  user: 'Tries the key',
};

async function identify(context: ActContext, plan: CallPlan, seat: AwsSeat): Promise<Result<Identified>> {
  const kms = await context.kms(plan.region, seat);
  if (!kms.ok) return kms;
  const caller = await kms.value.identify();
  if (!caller.ok) return caller;
  if (context.state.runMode === 'production' && caller.value.value.rehearsal) return failure('aws.rehearsalOnly');
  return success({ ...caller.value.value, seat, requestId: caller.value.requestId });
}

function checks(plan: CallPlan, administrator: Caller, callers: readonly Identified[], production: boolean): Check[] {
  const accounts = [...new Set(callers.map(({ account }) => account))].join(', ');
  const importing = callers.filter(({ seat }) => seat === 'operator' || seat === 'approver').map(({ arn }) => arn);
  const separate = new Set(importing).size === importing.length;
  return [
    check('CER-AWS-ACCOUNT', accounts === plan.account, plan.account, accounts),
    check('CER-AWS-REGION', administrator.region === plan.region, plan.region, administrator.region),
    check('CER-AWS-PRINCIPAL', isSamePrincipal(administrator.arn, plan.principal), plan.principal, administrator.arn),
    check(
      'CER-AWS-SEPARATE',
      separate || !production,
      production ? 'two principals fetch and import' : 'two principals, or one: a rehearsal',
      separate ? 'two principals' : 'one principal for both',
    ),
  ];
}

/** A plan names a role; who calls is a session of it: `arn:aws:sts::1:assumed-role/NAME/session` is role NAME whatever its path. */
export function isSamePrincipal(caller: string, planned: string): boolean {
  if (caller === planned) return true;
  const session = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(caller);
  const role = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(planned);
  return session !== null && role !== null && [1, 2, 3].every((part) => session[part] === role[part]);
}
