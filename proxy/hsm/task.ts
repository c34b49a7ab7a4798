import type { XksFailure } from '../../core/xks/errors';
import type { Place } from '../live-list';
import type { KnownKey } from './key-choice';
import type { HsmAnswer } from './port';

/** Where the time of an answer went, in milliseconds. */
export interface Times {
  readonly queueMs: number;
  readonly hsmMs: number;
}

/** What an order needs to become a frame for one process. */
export interface FrameParts {
  readonly id: number;
  /** of the blocks it was judged with */
  readonly epoch: number;
  /** the keys under its label, with the handles of that process; empty for an order without a label */
  readonly keys: readonly KnownKey[];
  /** handle of the health key there; empty: there is none */
  readonly health: Buffer;
}

/** One order of a caller, or of ours. `Home` is the process that ran it. */
export interface Order<Home> {
  /** the label whose handles it needs; null: none */
  readonly label: string | null;
  /** the label that rules are asked about, immediately before it is handed over; null: exempt */
  readonly rule: string | null;
  readonly frame: (parts: FrameParts) => Buffer | XksFailure;
  /** The fields of a good answer. Answers what is wrong with them, or null when it was settled. */
  readonly done: (fields: readonly Buffer[], times: Times, home: Home) => XksFailure | null;
  readonly failed: (failure: XksFailure, times: Times) => void;
  /** ours, for one process: never handed to another one */
  readonly isBound?: true;
}

/** An order on its way. Times in milliseconds of the dispatcher's clock. */
export class Task<Home> {
  readonly order: Order<Home>;
  readonly acceptedAt: number;
  readonly deadlineAt: number;
  startedAt: number | null = null;
  isSettled = false;
  /** accepted, and with no thread yet */
  isWaiting = false;
  repeats = 0;
  /** among those whose deadlines are followed */
  open: Place<Task<Home>> | null = null;

  constructor(order: Order<Home>, acceptedAt: number, deadlineAt: number) {
    this.order = order;
    this.acceptedAt = acceptedAt;
    this.deadlineAt = deadlineAt;
  }

  times(now: number, hsmMs: number | null): Times {
    const started = this.startedAt ?? now;
    const spent = hsmMs ?? now - started;
    // Behind others in a thread's socket it waited too.
    const queueMs = this.startedAt === null || hsmMs !== null ? now - this.acceptedAt - (hsmMs ?? 0) : started - this.acceptedAt;
    return { queueMs: rounded(queueMs), hsmMs: rounded(spent) };
  }
}

function rounded(ms: number): number {
  return Math.round(Math.max(0, ms) * 1000) / 1000;
}

/** An order that is settled through a promise. */
export function promised<Home, T>(
  accept: (order: Order<Home>) => void,
  parts: Pick<Order<Home>, 'label' | 'rule' | 'frame'>,
  read: (
    fields: readonly Buffer[],
    home: Home,
  ) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: XksFailure },
): Promise<HsmAnswer<T>> {
  return new Promise((resolve) => {
    accept({
      ...parts,
      done: (fields, times, home) => {
        const answer = read(fields, home);
        if (answer.ok) resolve({ ...answer, ...times });
        return answer.ok ? null : answer.error;
      },
      failed: (error, times) => resolve({ ok: false, error, ...times }),
    });
  });
}
