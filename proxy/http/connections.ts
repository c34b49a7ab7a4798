import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { LiveList } from '../live-list';

export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

interface Exchange {
  readonly request: AnyRequest;
  /** performance.now() */
  readonly began: number;
}

/** How often exchanges are looked through, in ms. */
const SWEEP_MS = 1000;

/** The open connections of a listener, and the exchanges on them that are not over yet. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #exchanges = new LiveList<Exchange>();
  readonly #sweeper: NodeJS.Timeout;
  #idle: (() => void)[] = [];

  readonly #most: number;

  /**
   * @param limitMs an exchange that takes longer, reading of the answer included, costs its connection
   * @param most exchanges at a time; one more pushes out the oldest whose request is not here in whole
   */
  constructor(limitMs: number, most: number) {
    this.#most = most;
    this.#sweeper = setInterval(() => this.#sweep(limitMs), Math.min(SWEEP_MS, limitMs));
    this.#sweeper.unref();
  }

  opened(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  began(request: AnyRequest, response: AnyResponse): void {
    const exchange = this.#exchanges.add({ request, began: performance.now() });
    response.once('close', () => {
      this.#exchanges.remove(exchange);
      if (this.#idle.length > 0) this.#tell();
    });
    if (this.#exchanges.size > this.#most) this.#pushOut();
  }

  /** Resolves when every request that came over this HTTP/1.1 connection in whole has its answer. */
  async settled(socket: Socket): Promise<void> {
    while (this.#owes(socket)) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Resolves when no exchange is under way, after `limitMs` at the latest. */
  async quiet(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    await Promise.race([this.#allOver(), late]);
    clearTimeout(timer);
  }

  /** Drops every connection. */
  destroy(): void {
    clearInterval(this.#sweeper);
    for (const socket of this.#sockets) socket.destroy();
  }

  get open(): number {
    return this.#sockets.size;
  }

  /** requests whose answer is not over yet */
  get underWay(): number {
    return this.#exchanges.size;
  }

  async #allOver(): Promise<void> {
    while (this.#exchanges.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #owes(socket: Socket): boolean {
    for (const { value } of this.#exchanges) if (value.request.complete && value.request.socket === socket) return true;
    return false;
  }

  #tell(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }

  /**
   * HTTP/2 lets each connection begin a hundred requests whose bodies never end, and each holds memory before anybody is
   * authenticated. Those of KMS are here in milliseconds, so the oldest unfinished one is a stranger's.
   */
  #pushOut(): void {
    for (const exchange of this.#exchanges) {
      if (exchange.value.request.complete) continue;
      this.#exchanges.remove(exchange);
      return cut(exchange.value.request);
    }
  }

  #sweep(limitMs: number): void {
    const oldest = performance.now() - limitMs;
    for (const { value } of this.#exchanges) if (value.began < oldest) cut(value.request);
  }
}

function cut(request: AnyRequest): void {
  if ('stream' in request) request.stream.close(constants.NGHTTP2_CANCEL);
  else request.socket.destroy();
}
