import type { Socket } from 'node:net';
import { REQUEST_SIZE_LIMIT } from '../../core/control/contract';
import { failure } from '../../core/contract/result';
import type { AnswerTo } from './serve';

/** Connections that have not said what they want. One more pushes out the oldest: a kill says it in its first packet. */
const WAITING_LIMIT = 32;
/** Requests being answered at a time; a kill is answered beyond it. */
const ANSWERING_LIMIT = 64;
/** From connecting to the end of the request. */
const REQUEST_MS = 1_000;
/** When the channel closes, for answers under way. */
const LAST_ANSWERS_MS = 500;
/** A client that does not read its answer. */
const READ_MS = 5_000;

/** The connections of the control socket. However many there are and whatever they do, a kill gets through. */
export class Callers {
  readonly #answerTo: AnswerTo;
  /** in order of arrival */
  readonly #waiting = new Set<Socket>();
  readonly #answering = new Set<Socket>();

  constructor(answerTo: AnswerTo) {
    this.#answerTo = answerTo;
  }

  welcome(socket: Socket): void {
    this.#waiting.add(socket);
    const [oldest] = this.#waiting;
    if (this.#waiting.size > WAITING_LIMIT) oldest?.destroy();
    socket.on('error', () => socket.destroy()); // it went away; there is nobody to tell
    const timer = setTimeout(() => socket.destroy(), REQUEST_MS); // not an idle time-out: a byte every now and then would hold the place
    socket.on('close', () => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    });
    this.#read(socket, (line) => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
      void this.#answer(socket, line);
    });
  }

  /** Cuts off who has not said what they want at once, and who waits for an answer after a while: a handler may never end. */
  dismiss(): void {
    for (const socket of this.#waiting) socket.destroy();
    setTimeout(() => {
      for (const socket of this.#answering) socket.destroy();
    }, LAST_ANSWERS_MS).unref();
  }

  /** One line. What follows it is not read. */
  #read(socket: Socket, then: (line: string) => void): void {
    const pieces: Buffer[] = [];
    let size = 0;
    socket.on('end', () => socket.destroy()); // the end came before the end of the line
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      const last = piece.indexOf(0x0a);
      if (last < 0 && size <= REQUEST_SIZE_LIMIT) return;
      socket.removeAllListeners('data').removeAllListeners('end').pause();
      if (last < 0 || size - piece.length + last > REQUEST_SIZE_LIMIT) socket.destroy();
      else then(Buffer.concat(pieces).toString('utf8', 0, size - piece.length + last));
    });
  }

  async #answer(socket: Socket, line: string): Promise<void> {
    const message = parsed(line);
    if (this.#answering.size >= ANSWERING_LIMIT && !isKill(message)) {
      socket.destroy();
      return;
    }
    this.#answering.add(socket);
    const answer = await this.#answerTo(message).catch(() => failure('proxy.fault'));
    this.#answering.delete(socket);
    socket.setTimeout(READ_MS, () => socket.destroy());
    socket.end(`${JSON.stringify(answer)}\n`);
    socket.resume(); // or the end of the other side is never seen, and the connection stays
  }
}

function isKill(message: unknown): boolean {
  return message instanceof Object && 'verb' in message && message.verb === 'kill';
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // no request
  }
}
