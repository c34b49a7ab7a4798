import type { Home, Thread } from './crew';
import type { Dispatcher } from './dispatcher';
import { encodeFrame, type Frame } from './frame';
import type { HsmProcess, Wire } from './hsm-process';
import { KeyDirectory } from './key-directory';
import { ANSWER, ORDER, readFault } from './order-frame';
import type { Task } from './task';

/**
 * Where a process is in its life. `condemned`: it failed and serves on until its replacement does, when nobody else can.
 * `leaving`: no orders any more, ends when those it has are done.
 */
export type Phase = 'starting' | 'opening' | 'serving' | 'condemned' | 'leaving';

/** What the fleet hears of the threads of a member. */
export interface MemberListener {
  /** All threads have answered: so many sessions are open; `refused` is why others are not, '' when all are. */
  readonly onOpened: (opened: number, refused: string) => void;
  /** A wire gave bytes that are no frames. */
  readonly onGarbled: () => void;
}

/** One HSM process with its threads. */
export class Member implements Home {
  readonly directory = new KeyDirectory<Task<Home>>();
  readonly process: HsmProcess;
  standing: Home['standing'] = 'serving';
  phase: Phase = 'starting';
  /** it said that it calls C_Login now, and nothing since */
  isLoggingIn = false;
  /** it was told to log out and end */
  isTold = false;
  /** ends it when it does not come up, or does not leave, in time */
  timer: NodeJS.Timeout | null = null;

  constructor(process: HsmProcess) {
    this.process = process;
  }

  /** Lets each thread open its session; a thread takes orders as soon as it has one. */
  openThreads(slot: Buffer, serial: string, epoch: number, dispatcher: Dispatcher, listener: MemberListener): void {
    const order = encodeFrame({ kind: ORDER.open, flags: 0, id: 0, word: epoch }, [slot, Buffer.from(serial, 'utf8')]);
    let [answered, opened, refused] = [0, 0, ''];
    for (const wire of this.process.wires) {
      this.#openThread(wire, order, dispatcher, listener.onGarbled, (problem) => {
        answered += 1;
        if (problem === '') opened += 1;
        else refused = problem;
        if (answered === this.process.wires.length) listener.onOpened(opened, refused);
      });
    }
  }

  #openThread(
    wire: Wire,
    order: Buffer,
    dispatcher: Dispatcher,
    onGarbled: () => void,
    onAnswer: (problem: string) => void,
  ): void {
    let thread: Thread | null = null;
    wire.onFrame((frame) => {
      if (frame === null) return onGarbled();
      if (thread !== null) return dispatcher.receive(thread, frame);
      const problem = problemOf(frame);
      if (problem === '' && this.standing !== 'closed') {
        thread = { home: this, send: wire.send };
        dispatcher.add(thread);
      }
      onAnswer(problem);
    });
    wire.send(order);
  }
}

/** '' when the session is open. */
function problemOf(frame: Frame): string {
  if (frame.kind === ANSWER.done) return '';
  return frame.kind === ANSWER.failed ? readFault(frame).failure.reason : 'stopped';
}
