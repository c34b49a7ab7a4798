import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { connectionFailure } from './connection-failure';
import { peerOf, type Endpoint } from './endpoint';
import type { Exchange, NoAnswer } from './exchange';

/** PEM texts; without `ca` the roots Node trusts. */
export interface TlsFiles {
  readonly ca?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
}

/** A request as it goes out, nothing added but its length. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Transport {
  send(request: WireRequest): Promise<Exchange>;
  close(): void;
}

/** An XKS answer is under 20 kB; more than this is not read. */
const ANSWER_BYTES_LIMIT = 1 << 20;

class Failed extends Error {
  readonly outcome: Pick<NoAnswer, 'kind' | 'what'>;
  constructor(outcome: Failed['outcome']) {
    super(outcome.what);
    this.outcome = outcome;
  }
}

interface Progress {
  isConnected: boolean;
  isSetUp: boolean;
}

/** Where in setting up a connection a request is; a reused connection is set up from the start. */
function watch(request: ClientRequest, isTls: boolean): Progress {
  const progress: Progress = { isConnected: false, isSetUp: false };
  request.once('socket', (socket) => {
    const setUp = (): void => void (progress.isSetUp = progress.isConnected = true);
    if (!socket.connecting && request.reusedSocket) return setUp();
    socket.once('connect', () => {
      progress.isConnected = true;
      if (!isTls) setUp();
    });
    if (isTls) socket.once('secureConnect', setUp);
  });
  return progress;
}

function tooSlow(timeoutMs: number, { isConnected }: Progress): Failed {
  return isConnected
    ? new Failed({ kind: 'timeout', what: `no answer within ${timeoutMs} ms` })
    : new Failed({ kind: 'unreachable', what: `no connection within ${timeoutMs} ms` });
}

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > ANSWER_BYTES_LIMIT) throw new Failed({ kind: 'broken', what: 'the answer is longer than 1 MiB' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

interface Attempt {
  readonly request: ClientRequest;
  readonly answer: Promise<Pick<Exchange & { kind: 'answer' }, 'status' | 'contentType' | 'date' | 'body'>>;
}

function start(options: RequestOptions, body: string, isTls: boolean, timeoutMs: number): Attempt {
  const request = isTls ? httpsRequest(options) : httpRequest(options);
  const progress = watch(request, isTls);
  let late: Failed | null = null;
  const timer = setTimeout(() => {
    late = tooSlow(timeoutMs, progress);
    request.destroy(late);
  }, timeoutMs);
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  const answer = response
    .then(async (message) => ({
      status: message.statusCode ?? 0,
      contentType: message.headers['content-type'] ?? '',
      date: message.headers.date ?? '',
      body: await bodyOf(message),
    }))
    .catch((error: unknown) => {
      // An answer cut off half-way reports a reset; that it was our own clock has to be said.
      if (late) throw late;
      if (error instanceof Failed) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? '';
      throw new Failed(connectionFailure(code, isTls, progress.isConnected, progress.isSetUp));
    })
    .finally(() => clearTimeout(timer));
  request.end(body);
  return { request, answer };
}

/** KMS tries once more after a time-out; a kept connection that the proxy was just closing is nobody's fault. */
function isWorthRetry(outcome: Failed['outcome'], request: ClientRequest): boolean {
  return outcome.kind === 'timeout' || (outcome.kind === 'broken' && request.reusedSocket);
}

/**
 * HTTP/1.1 over kept connections, as KMS speaks it: `timeoutMs` per attempt with name look-up, TCP and TLS set-up included, IPv4 only,
 * and one more attempt after a time-out (specification, "Time-out"; Developer Guide on external key stores).
 */
export function openTransport(endpoint: Endpoint, tls: TlsFiles, timeoutMs: number): Transport {
  const { isTls } = endpoint;
  const kept = { keepAlive: true, maxFreeSockets: 64 };
  const agent = isTls
    ? new HttpsAgent({ ...kept, minVersion: 'TLSv1.2', ca: tls.ca, cert: tls.clientCert, key: tls.clientKey })
    : new HttpAgent(kept);
  // The name to prove is that of the endpoint, whatever a test puts into the Host header.
  const place = { agent, ...peerOf(endpoint), setHost: false, family: 4 };

  let isClosed = false;

  async function send({ method, path, headers, body }: WireRequest): Promise<Exchange> {
    const from = performance.now();
    const ms = (): number => Math.round((performance.now() - from) * 1000) / 1000;
    for (let attempts = 1; ; attempts++) {
      const { request, answer } = start({ ...place, method, path, headers }, body, isTls, timeoutMs);
      try {
        return { kind: 'answer', ...(await answer), ms: ms(), attempts, isReused: request.reusedSocket };
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        if (attempts === 1 && !isClosed && isWorthRetry(error.outcome, request)) continue;
        const what = attempts > 1 && error.outcome.kind === 'timeout' ? `${error.outcome.what}, twice` : error.outcome.what;
        return { kind: error.outcome.kind, what, ms: ms(), attempts };
      }
    }
  }

  return {
    send,
    close: () => {
      isClosed = true;
      agent.destroy();
    },
  };
}
