import { plainText } from '../control/act';
import type { KillEnd } from '../control/kill';
import type { OfflineKill } from '../control/offline-kill';
import { ink } from './output';

/** What a kill does not reach (AWS KMS developer guide, "Disconnecting an external key store"). */
export const NOT_STOPPED = [
  'Not stopped by this: AWS services go on with the data keys they hold in memory, and the plaintext they have already. It bites',
  'when they ask for a data key the next time. What can never be read again is a matter of destroying the key, not of killing.',
];

const AGAIN = 'Do not start the proxy. Free some room or make the state folder writable, then run keyrite kill again.';

interface Report {
  /** killed, and killed after a restart */
  readonly isSure: boolean;
  readonly text: string;
}

/** In plain words: what happened, what holds after a restart, and what is not stopped. */
export function killReport(end: Exclude<KillEnd, { how: 'failed' }>, answerMs: number, isTerminal: boolean): Report {
  const { isSure, headline, lines } = told(end, answerMs);
  const big = ink(isSure ? 'green' : 'red', headline, isTerminal);
  return { isSure, text: [big, ...lines.filter((line) => line !== ''), '', ...NOT_STOPPED].join('\n') };
}

function told(
  end: Exclude<KillEnd, { how: 'failed' }>,
  answerMs: number,
): { isSure: boolean; headline: string; lines: string[] } {
  switch (end.how) {
    case 'acknowledged':
      return acknowledged(end.answer);
    case 'notRunning':
      return {
        isSure: end.latch.isKept,
        headline: end.latch.isKept ? 'NOT RUNNING, AND KILLED FOR THE NEXT START' : 'NOT RUNNING, BUT THE NEXT START MAY SERVE',
        lines: [
          'No proxy runs with this state folder, so none uses a key.',
          ...latchLines(end.latch),
          'Audit log: not written; the proxy writes it.',
        ],
      };
    case 'forced': {
      const isSure = end.problem === '' && end.latch.isKept;
      const ended = end.problem === '' ? 'Its process was ended.' : `Its process was not ended: ${end.problem}.`;
      return {
        isSure,
        headline: isSure ? 'KILLED BY FORCE' : 'NOT SURELY KILLED',
        lines: [
          `The proxy (process ${end.pid}) did not acknowledge within ${answerMs / 1000} s. ${ended}`,
          end.problem === '' ? '' : 'Stop it by its service manager, or end the process as the user who runs it.',
          ...latchLines(end.latch),
          'Audit log: not written; the proxy could not.',
        ],
      };
    }
  }
}

function acknowledged(answer: Extract<KillEnd, { how: 'acknowledged' }>['answer']): ReturnType<typeof told> {
  const isSure = answer.restart !== 'unknown';
  const problem = plainText(answer.problem);
  const after = {
    same: 'Its latch file says so: it stays killed after a restart, until keyrite arm.',
    killed: `Its latch file could not be written as it should, and cannot be used now: ${problem}. A restart finds that and stays killed.`,
    unknown: `But ${problem}, and a restart may serve again. ${AGAIN}`,
  };
  return {
    isSure,
    headline: isSure ? 'KILLED' : 'KILLED, BUT MAYBE NOT AFTER A RESTART',
    lines: [
      `The proxy (process ${answer.pid}) acknowledged after ${answer.tookMs} ms: it refuses every use of every key.`,
      after[answer.restart],
      answer.stopped
        ? `HSM: ${answer.sessions} ${answer.sessions === 1 ? 'session' : 'sessions'} closed; no operation runs any more.`
        : 'HSM: operations under way were told to stop, but had not all ended yet.',
      answer.recorded ? 'Audit log: recorded.' : 'Audit log: not written yet; the line follows when it works again.',
    ],
  };
}

function latchLines({ isKept, problem }: OfflineKill): string[] {
  const after = isKept ? 'Latch file: the next start comes up killed, until keyrite arm.' : `Latch file: not written. ${AGAIN}`;
  return [plainText(problem), after];
}
