import type { z } from 'zod';
import type { ConnectionErrorCode } from '../../contract/connection-errors';
import { no, yes, type Answer } from './refusal';
import type { BegunConnection } from './conclude-connection';
import type { ServiceEvent } from './settle';
import type { State } from './state';
import type { ProxySurroundings } from './try-proxy';
import { readInput } from './validation';
import type { Output } from './wire';
import type { MakeWrappingPair } from './wrapping-pair';

/** What an operation knows of the request it serves. */
export interface Call {
  /** `ImportKeyMaterial` */
  readonly operation: string;
  readonly region: string;
  /** every Region of this rehearsal */
  readonly regions: readonly string[];
  /** epoch ms on the clock of the rehearsal */
  readonly now: number;
  /** a copy that may be changed when the operation writes, else the state itself */
  readonly state: State;
  readonly callerArn: string;
  /** the request as read */
  readonly input: Output;
  readonly isPolicyEnforced: boolean;
  /** how long what goes on in the background takes: 0 unless a fault says otherwise */
  readonly lagMs: number;
  readonly makeWrappingPair: MakeWrappingPair;
  /** x-amzn-RequestId: what a proxy hears as kmsRequestId */
  readonly requestId: string;
  readonly surroundings: ProxySurroundings;
  /** how connecting a key store is to end, whatever its proxy says */
  readonly connectionError: ConnectionErrorCode | null;
  /** how long connecting and disconnecting a key store take */
  readonly connectLagMs: number;
  readonly notes: CallNotes;
}

/** What an operation leaves behind besides its answer. */
export interface CallNotes {
  /** ARNs of the keys it found, in order: `resources` of the trail */
  readonly keyArns: string[];
  /** CloudTrail's responseElements; null where AWS writes none */
  response: Output | null;
  /** keys that were used (GetKeyLastUsage) */
  readonly usedKeyIds: string[];
  /** what KMS does by itself because of the call */
  readonly serviceEvents: ServiceEvent[];
  /** CloudTrail's additionalEventData; null where AWS writes none */
  additional: Output | null;
  /** what goes on after the answer */
  readonly begunConnections: BegunConnection[];
}

/** An operation whose request has been read. */
export type Ready =
  | { readonly effect: 'reads'; readonly input: Output; readonly run: (call: Call) => Answer<Output> | Promise<Answer<Output>> }
  | {
      readonly effect: 'writes';
      readonly input: Output;
      /** what has to be found out of others first, on a state nobody may change: the answer is `run`'s to judge */
      readonly ask: ((call: Call) => Promise<Answer<unknown>>) | null;
      readonly run: (call: Call, asked: unknown) => Answer<Output>;
    };

/** Reads a request. Errors: ValidationException, SerializationException. */
export type Operation = (raw: unknown) => Answer<Ready>;

/** An operation that changes nothing. It may take its time, as making an RSA key does. */
export function reading<I extends object>(
  shape: z.ZodType<I>,
  run: (input: I, call: Call) => Answer<Output> | Promise<Answer<Output>>,
): Operation {
  return (raw) => {
    const read = readInput(shape, raw);
    if (!read.ok) return read;
    const input = read.value;
    return yes({ effect: 'reads', input: membersOf(input), run: async (call) => dryRun(input, await run(input, call)) });
  };
}

/** An operation that changes the copy of the state it is given, and answers at once. */
export function writing<I extends object>(shape: z.ZodType<I>, run: (input: I, call: Call) => Answer<Output>): Operation {
  return (raw) => {
    const read = readInput(shape, raw);
    if (!read.ok) return read;
    const input = read.value;
    return yes({ effect: 'writes', input: membersOf(input), ask: null, run: (call) => dryRun(input, run(input, call)) });
  };
}

/**
 * An operation that asks a proxy before it changes anything. Between the two the state may have changed: `run` checks again what it
 * depends on. Where `ask` refuses, that is the answer.
 */
export function writingAfter<I extends object, A>(
  shape: z.ZodType<I>,
  ask: (input: I, call: Call) => Promise<Answer<A>>,
  run: (input: I, call: Call, asked: A) => Answer<Output>,
): Operation {
  return (raw) => {
    const read = readInput(shape, raw);
    if (!read.ok) return read;
    const input = read.value;
    return yes({
      effect: 'writes',
      input: membersOf(input),
      ask: (call) => ask(input, call),
      run: (call, asked) => dryRun(input, run(input, call, asked as A)),
    });
  };
}

/** What would have succeeded says so by an exception; refused, it changes nothing. */
function dryRun(input: object, answer: Answer<Output>): Answer<Output> {
  const isDry = 'DryRun' in input && input.DryRun === true;
  return isDry && answer.ok
    ? no('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.')
    : answer;
}

function membersOf(input: object): Output {
  return Object.fromEntries(Object.entries(input));
}
