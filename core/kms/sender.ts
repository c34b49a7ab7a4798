import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { STSClient } from '@aws-sdk/client-sts';
import { success, type Result } from '../contract/result';
import { answerFacts, type AnswerFacts } from './answer-facts';
import { awsFailure, Unwanted } from './failure';
import type { Answered } from './answered';
import { cancelled, withRepeats, type REPEATS, type Rim } from './retry';

/** Which answers may be taken. */
export interface Wanted {
  readonly runMode: 'rehearsal' | 'production';
  readonly isAws: boolean;
}

function refuseUnwanted(facts: AnswerFacts, { runMode, isAws }: Wanted): void {
  if (runMode === 'production' && facts.isRehearsal)
    throw new Unwanted('aws.rehearsalOnly', 'The answer says that a rehearsal KMS made it.');
  if (!facts.isEmpty && !/json|xml/.test(facts.contentType))
    throw new Unwanted(
      'aws.unknown',
      `The answer is ${facts.contentType || 'of no type'} and not of AWS: a proxy or another server sent it.`,
    );
  if (!isAws && !facts.isRehearsal)
    throw new Unwanted('aws.unknown', 'The endpoint is neither AWS’s own nor one that says it is a rehearsal KMS.');
}

interface Facts {
  answer: AnswerFacts | null;
  isHandedOver: boolean;
  secrets: string[];
}

/** The little of a command that a sender touches; the SDK types it per service. */
interface Command {
  readonly input?: { readonly XksProxyAuthenticationCredential?: { readonly RawSecretAccessKey?: string } };
  readonly middlewareStack: {
    add(middleware: unknown, options: { step: 'deserialize'; name: string; priority: 'low' }): void;
  };
}

type Next = (args: { request: { headers: Record<string, string> } }) => Promise<{ response: Parameters<typeof answerFacts>[0] }>;

/** Reads the answer before the SDK does: whose it is, when, and by which id. */
function observe(command: Command, facts: Facts, wanted: Wanted): void {
  const middleware = (next: Next) => async (args: Parameters<Next>[0]) => {
    facts.isHandedOver = true;
    const credential = command.input?.XksProxyAuthenticationCredential;
    facts.secrets = [args.request.headers['x-amz-security-token'] ?? '', credential?.RawSecretAccessKey ?? ''];
    const result = await next(args);
    facts.answer = answerFacts(result.response);
    refuseUnwanted(facts.answer, wanted);
    return result;
  };
  command.middlewareStack.add(middleware, { step: 'deserialize', name: 'keyriteFacts', priority: 'low' });
}

/** The SDK's output, with what the answer says of itself. */
export interface Sent extends Answered<unknown> {
  readonly facts: AnswerFacts;
}

export interface Sender {
  /** One request, and again where `operation` allows it. `make` makes a fresh command for each. */
  readonly send: (operation: keyof typeof REPEATS, make: () => unknown, signal?: AbortSignal) => Promise<Result<Sent>>;
}

type Client = KMSClient | STSClient | EC2Client | ElasticLoadBalancingV2Client;

/** Sends commands of one client and turns every ending into a value. */
export function openSender(client: Client, wanted: Wanted, rim: Rim): Sender {
  async function once(operation: string, command: unknown, signal: AbortSignal | null): Promise<Result<Sent>> {
    const facts: Facts = { answer: null, isHandedOver: false, secrets: [] };
    if (signal?.aborted) return cancelled(operation);
    observe(command as Command, facts, wanted);
    try {
      const send = client.send.bind(client) as (command: unknown, options: object) => Promise<unknown>;
      const value = await send(command, signal ? { abortSignal: signal } : {});
      const answer = facts.answer;
      if (answer === null) throw new Error(`${operation} was answered without an answer`);
      const at = answer.dateMs === undefined ? '' : new Date(answer.dateMs).toISOString();
      return success({ value, requestId: answer.requestId, at, facts: answer });
    } catch (error) {
      return awsFailure(error, { operation, ...facts, nowMs: rim.nowMs() });
    }
  }

  return {
    send: (operation, make, signal) => withRepeats(operation, () => once(operation, make(), signal ?? null), rim, signal ?? null),
  };
}
