import { z } from 'zod';
import { success } from '../../contract/result';
import { outcome, type Act } from './act';
import { kmsKeyArn } from './kms-plan';
import { linesOfServers } from './servers-logs';
import { joinedByRequestId } from './store-prove';

const proven = z.array(z.object({ operation: z.string(), requestId: z.string(), apis: z.array(z.string()) }));

/** The last uses through AWS KMS beside the lines of all hosts: for each call the lines it must have led to, once in the whole fleet. */
export const serversJoin: Act = async (context) => {
  const lines = await linesOfServers(context);
  if (!lines.ok) return lines;
  const calls = proven.parse(context.state.data['aws.proveStore']?.['calls']);
  const { joined, show } = joinedByRequestId(calls, lines.value, kmsKeyArn(context.state));
  return success(outcome({ data: { calls: calls.length }, checks: [joined], show }));
};
