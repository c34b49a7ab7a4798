import { GetCallerIdentityCommand, type GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { failure, success } from '../contract/result';
import type { AnswerFacts } from './answer-facts';
import { isSkewed } from './failure';
import type { Asked } from './answered';
import type { Caller } from './port';
import type { Rim } from './retry';
import type { Sender } from './sender';

export interface Whereabouts {
  readonly region: string;
  /** as it was set: '' for AWS's own */
  readonly endpoint: string;
  readonly runMode: 'rehearsal' | 'production';
}

/** The account of every rehearsal KMS; AWS has none like it. */
const REHEARSAL_ACCOUNT = '000000000000';

const OPERATION = 'GetCallerIdentity';

function skewed({ dateMs = 0, requestId, status }: AnswerFacts, nowMs: number) {
  const seconds = Math.round(Math.abs(dateMs - nowMs) / 1000);
  const message = `The clock of this station is ${seconds} s ${dateMs > nowMs ? 'behind' : 'ahead of'} that of AWS.`;
  return failure('aws.clockSkew', { operation: OPERATION, message, requestId, status });
}

/**
 * The first call of all. Besides who is asking it finds out, before anything is made or changed, that the clock is wrong (the SDK
 * would correct it by itself and leave every time in the transcript wrong) and that a rehearsal KMS answers in production.
 * A rehearsal's own clock may be moved on purpose.
 */
export async function identify(sts: Sender, where: Whereabouts, rim: Rim, signal?: AbortSignal): Asked<Caller> {
  const answer = await sts.send(OPERATION, () => new GetCallerIdentityCommand({}), signal);
  if (!answer.ok) return answer;
  const { value, requestId, at, facts } = answer.value;
  const { Account: account = '', Arn: arn = '', UserId: userId = '' } = value as GetCallerIdentityCommandOutput;
  const common = { operation: OPERATION, requestId, status: facts.status };
  if (!facts.isRehearsal && isSkewed(facts, rim.nowMs())) return skewed(facts, rim.nowMs());
  if (!/^\d{12}$/.test(account) || arn === '')
    return failure('aws.unknown', { ...common, name: 'Incomplete', message: 'Account or Arn is missing in the answer.' });
  if (where.runMode === 'production' && account === REHEARSAL_ACCOUNT)
    return failure('aws.rehearsalOnly', { ...common, message: `The account ${account} is that of a rehearsal.` });
  const { region, endpoint } = where;
  return success({ value: { account, arn, userId, region, endpoint, rehearsal: facts.isRehearsal }, requestId, at });
}
