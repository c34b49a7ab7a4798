import { failure, type Result } from '../../contract/result';
import { keepMemoryOutOfCoreDumps } from '../../pkcs11/core-dumps';
import { keepInspectorShut } from '../../pkcs11/no-inspector';
import { beginMessage, type AnswerMessage, type WrapAnswer } from '../messages';
import { runJob } from './run-job';

/** Electron's port to the parent, as much of it as is used; this file must not import Electron. */
interface ParentPort {
  once(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

// Ctrl-C reaches every process of a terminal; what it means for a job is for the parent to say.
process.on('SIGINT', () => undefined);
keepInspectorShut();
keepMemoryOutOfCoreDumps('wrapping child');

async function perform(message: unknown): Promise<Result<WrapAnswer>> {
  const begin = beginMessage.safeParse(message);
  if (begin.success) return runJob(begin.data.job);
  return failure('input.invalid', { problem: begin.error.issues.map(({ path, code }) => path.join('.') || code).join(', ') });
}

/** The answer to the one job. A fault in words: errors of ours carry no secret, and what a library threw is cut to its first line. */
async function answerTo(message: unknown): Promise<AnswerMessage> {
  try {
    return { result: await perform(message) } as AnswerMessage;
  } catch (error) {
    return { fault: (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown fault').split('\n')[0] ?? '' };
  }
}

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };

// The parent ends this process as soon as it has the answer: one that ended by itself could be gone before its message is read.
if (parentPort) {
  parentPort.once('message', (event) => void answerTo(event.data).then((answer) => parentPort.postMessage(answer)));
} else if (process.send) {
  const send = process.send.bind(process);
  process.once('message', (message) => void answerTo(message).then((answer) => send(answer)));
  process.on('disconnect', () => process.exit(0));
} else {
  process.stderr.write('The wrapping child is started by Keyrite, not by hand.\n');
  process.exit(2);
}
