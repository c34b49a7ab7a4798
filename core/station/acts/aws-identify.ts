import { failure, success, type Result } from '../../contract/result';
import type { Check } from '../../keys/evidence';
import type { Caller } from '../../kms/port';
import { AWS_SEATS, type AwsSeat } from '../../contract/aws-settings';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { callPlan, type CallPlan } from './kms-plan';
import { principalOf } from './principal';

/** A caller by the seat it calls for. */
interface Identified extends Caller {
  readonly seat: AwsSeat;
  readonly requestId: string;
}

/** sts:GetCallerIdentity for each seat, before anything else is asked: account, principal and Region against the plan. */
export const awsIdentify: Act = async (context) => {
  const plan = callPlan(context.state);
  const callers: Identified[] = [];
  for (const seat of seatsOf(context.state)) {
    const caller = await identify(context, plan, seat);
    if (!caller.ok) return caller;
    callers.push(caller.value);
  }
  const [administrator] = callers;
  if (administrator === undefined) return failure('ceremony.notNow');
  return success(
    outcome({
      data: {
        callerArn: administrator.arn,
        account: administrator.account,
        // who each seat is from now on: looked at again whenever a connection is opened anew
        seats: Object.fromEntries(callers.map(({ seat, arn }) => [seat, arn])),
      },
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

/** Where nothing is imported, as for external key stores and for a KMS key that is switched off or on, two seats do all of it. */
function seatsOf({ genesis: { data } }: ActContext['state']): readonly AwsSeat[] {
  return 'keySpec' in data.inputs && !('storeName' in data.inputs) ? AWS_SEATS : ['administrator', 'user'];
}

const SEAT_WORDS: Readonly<Record<AwsSeat, string>> = {
  administrator: 'Makes and changes',
  operator: 'Fetches the sets',
  approver: 'Imports',
  user: 'Uses the key',
};

async function identify(context: ActContext, plan: CallPlan, seat: AwsSeat): Promise<Result<Identified>> {
  const kms = await context.kms(plan.region, seat);
  if (!kms.ok) return kms;
  const caller = await kms.value.identify();
  if (!caller.ok) return caller;
  if (context.state.runMode === 'production' && caller.value.value.rehearsal) return failure('aws.rehearsalOnly');
  return success({ ...caller.value.value, seat, requestId: caller.value.requestId });
}

/** Two duties that no principal should hold together, and what they are called. */
const APART = {
  import: { seats: ['operator', 'approver'], does: 'fetch and import' },
  store: { seats: ['administrator', 'user'], does: 'administer and use' },
} as const satisfies Record<string, { seats: readonly AwsSeat[]; does: string }>;

function checks(plan: CallPlan, administrator: Caller, callers: readonly Identified[], production: boolean): Check[] {
  const accounts = [...new Set(callers.map(({ account }) => account))].join(', ');
  const apart: { seats: readonly AwsSeat[]; does: string } = callers.length < AWS_SEATS.length ? APART.store : APART.import;
  const arns = callers.filter(({ seat }) => apart.seats.includes(seat)).map(({ arn }) => arn);
  const separate = new Set(arns.map(principalOf)).size === arns.length;
  return [
    check('CER-AWS-ACCOUNT', accounts === plan.account, plan.account, accounts),
    check('CER-AWS-REGION', administrator.region === plan.region, plan.region, administrator.region),
    check('CER-AWS-PRINCIPAL', principalOf(administrator.arn) === principalOf(plan.principal), plan.principal, administrator.arn),
    check(
      'CER-AWS-SEPARATE',
      separate || !production,
      production ? `two principals ${apart.does}` : 'two principals, or one: a rehearsal',
      separate ? 'two principals' : 'one principal for both',
    ),
  ];
}
