import { z } from 'zod';
import type { UtilityPort } from '../run/parent';
import { FrameError, FrameReader, type Frame } from './frame';
import { harmless, type HsmProcess, type StartHsmProcess, type Wire } from './hsm-process';
import { fromProcess, type FromProcess } from './process-messages';
import type { ToProcess } from './process/messages';
import type { Joined, JoinPort } from './process/upstairs';

/** What the desktop app says of the HSM processes that it started for the proxy; see electron/children/hsm-processes. */
const fromApp = z.discriminatedUnion('keyriteHsm', [
  z.strictObject({ keyriteHsm: z.literal('started'), id: z.int(), pid: z.int() }),
  /** `printed`: the end of what it printed */
  z.strictObject({ keyriteHsm: z.literal('ended'), id: z.int(), why: z.string(), printed: z.string() }),
]);

type FromApp = z.infer<typeof fromApp>;

const fromThread = z.object({ thread: z.int().min(0), frame: z.instanceof(Uint8Array) });
const fromMain = z.object({ word: fromProcess });

type FrameListener = (frame: Frame | null) => void;

/** One process that the app starts and ends, and that speaks to the proxy over a port of their own. */
class JoinedProcess implements HsmProcess {
  readonly wires: readonly Wire[];
  readonly #askEnd: () => void;
  readonly #readers: FrameReader[];
  readonly #frames: (FrameListener | null)[];
  readonly #waiting: unknown[] = [];
  #port: JoinPort | null = null;
  #pid = 0;
  #isOver = false;
  #onMessage: (message: FromProcess) => void = () => undefined;
  readonly #ends: ((why: string) => void)[] = [];

  constructor(threads: number, askEnd: () => void) {
    this.#askEnd = askEnd;
    this.#readers = Array.from({ length: threads }, () => new FrameReader());
    this.#frames = Array.from({ length: threads }, () => null);
    this.wires = Array.from({ length: threads }, (_, thread) => ({
      // A copy of its own: a small buffer is a view into memory that it shares with others, and all of that would be sent.
      send: (frame) => this.#post({ thread, frame: new Uint8Array(frame) }),
      onFrame: (listener) => void (this.#frames[thread] = listener),
    }));
  }

  get pid(): number {
    return this.#pid;
  }

  tell(word: ToProcess): void {
    // The caller overwrites the PIN in it when this returns, and the port may not be there yet.
    this.#post({ word: structuredClone(word) });
  }

  onMessage(listener: (message: FromProcess) => void): void {
    this.#onMessage = listener;
  }

  onEnd(listener: (why: string) => void): void {
    this.#ends.push(listener);
  }

  end(): void {
    // The app does it for certain, and this at once.
    if (this.#pid !== 0 && !this.#isOver) killNow(this.#pid);
    this.#askEnd();
  }

  join(pid: number, port: JoinPort): void {
    this.#pid = pid;
    this.#port = port;
    port.on('message', ({ data }) => this.#hear(data));
    port.start();
    for (const message of this.#waiting.splice(0)) this.#post(message as Joined<ToProcess>);
  }

  ended(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const listener of this.#ends) listener(why);
  }

  #post(message: Joined<ToProcess>): void {
    if (this.#isOver) return;
    if (this.#port === null) {
      this.#waiting.push(message);
      return;
    }
    this.#port.postMessage(message);
    if ('frame' in message) message.frame.fill(0);
    else if ('pin' in message.word) message.word.pin?.fill(0);
  }

  #hear(data: unknown): void {
    const answer = fromThread.safeParse(data);
    if (answer.success) return this.#hearThread(answer.data.thread, answer.data.frame);
    const word = fromMain.safeParse(data);
    if (word.success) this.#onMessage(word.data.word);
  }

  #hearThread(thread: number, bytes: Uint8Array): void {
    const [reader, listener] = [this.#readers[thread], this.#frames[thread]];
    if (reader === undefined || !listener) return;
    let frames: readonly Frame[];
    try {
      frames = reader.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      return listener(null);
    }
    for (const frame of frames) listener(frame);
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

/**
 * HSM processes that the desktop app starts on the proxy's request, because a packaged app cannot fork itself: the app is asked over
 * the parent port and answers with one end of a channel.
 */
export function joinedHsmProcess(app: UtilityPort): StartHsmProcess {
  const processes = new Map<number, JoinedProcess>();
  let last = 0;
  const act = (message: FromApp, port: JoinPort | undefined): void => {
    const process = processes.get(message.id);
    if (process === undefined) return;
    if (message.keyriteHsm === 'started') {
      if (port !== undefined) process.join(message.pid, port);
      return;
    }
    processes.delete(message.id);
    const words = harmless(message.printed);
    process.ended(words === '' ? message.why : `${message.why}: ${words}`);
  };
  app.on('message', ({ data, ports }) => {
    const read = fromApp.safeParse(data);
    if (read.success) act(read.data, ports?.[0]);
  });
  return (threads, environment) => {
    const id = (last += 1);
    const process = new JoinedProcess(threads, () => app.postMessage({ keyriteHsm: 'end', id }));
    processes.set(id, process);
    app.postMessage({ keyriteHsm: 'start', id, environment: { ...environment } });
    return process;
  };
}
