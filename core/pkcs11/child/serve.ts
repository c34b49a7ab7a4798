import type { z } from 'zod';
import { failure, type Result } from '../../contract/result';
import { ARGUMENTS, beginMessage, callMessage, type AnswerMessage } from '../messages';
import type { TokenPort } from '../port';
import { loadProfiles } from '../profile';
import { openTokenPort } from '../token';

type Answer = (message: AnswerMessage) => void;

/** The child's half of the border: `receive` takes each message as it comes. */
export interface TokenServer {
  readonly receive: (message: unknown) => void;
}

/** Overwrites every byte array of a message: a PIN is not needed once its call is over, or was refused. */
function wipe(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(wipe);
}

/** A fault in words. Errors of ours carry no secret; what a library threw is cut to its first line. */
function faultOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown fault').split('\n')[0] ?? '';
}

async function openPort(message: unknown): Promise<Result<TokenPort>> {
  const begin = beginMessage.safeParse(message);
  if (!begin.success) return failure('input.invalid', { problem: 'the first message must say where the profiles are' });
  const profiles = await loadProfiles(begin.data.profilesFolder);
  return profiles.ok ? { ok: true, value: openTokenPort(profiles.value) } : profiles;
}

async function call(port: Result<TokenPort>, message: z.infer<typeof callMessage>): Promise<Result<unknown>> {
  const argument = ARGUMENTS[message.call].safeParse(message.argument);
  // The problem names fields, never values: the value may be a PIN.
  if (!argument.success)
    return failure('input.invalid', {
      call: message.call,
      problem: argument.error.issues.map((issue) => issue.path.join('.') || issue.code).join(', '),
    });
  if (!port.ok) return port;
  // One name, one schema, one method: the table of schemas is checked against TokenPort, which the compiler cannot follow through an index.
  const methods = port.value as unknown as Readonly<Record<string, (value: unknown) => Promise<Result<unknown>>>>;
  return methods[message.call]?.(argument.data) ?? failure('input.invalid', { call: message.call });
}

/** Messages in, port calls, answers out; one after the other, in the order they came. */
export function serveTokenPort(answer: Answer): TokenServer {
  let port: Promise<Result<TokenPort>> | null = null;
  let queue: Promise<void> = Promise.resolve();

  async function answerCall(opened: Promise<Result<TokenPort>>, message: unknown): Promise<void> {
    const parsed = callMessage.safeParse(message);
    // Without an id there is nobody to answer.
    if (!parsed.success) return;
    const { id } = parsed.data;
    try {
      answer({ id, result: await call(await opened, parsed.data) });
    } catch (error) {
      answer({ id, fault: faultOf(error) });
    }
  }

  function receive(message: unknown): void {
    if (port === null) {
      port = openPort(message);
      return;
    }
    const opened = port;
    queue = queue.then(() => answerCall(opened, message)).finally(() => wipe(message));
  }

  return { receive };
}
