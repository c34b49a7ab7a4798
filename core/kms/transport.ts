import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What this file needs of the SDK's request. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>> | undefined;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly reason?: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** The largest answer of KMS is a page of a thousand keys, some 200 kB. More than this is not read. */
const ANSWER_BYTES_LIMIT = 4 << 20;

/**
 * No answer came. `wasSent` false: not a byte of the request left this station, for the connection (TLS with its certificate
 * checks included) never came about. True: nobody knows what the other side did with it.
 */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly wasSent: boolean;
  /** errno, OpenSSL's or Node's code, or one of ours: TIMEOUT, TOO_LONG, CUT_OFF, CANCELLED */
  readonly reason: string;
  constructor(wasSent: boolean, reason: string, message: string) {
    super(message);
    this.wasSent = wasSent;
    this.reason = reason;
  }
}

interface Progress {
  isSetUp: boolean;
}

function watch(request: ClientRequest, isTls: boolean): Progress {
  const progress = { isSetUp: false };
  request.once('socket', (socket) => {
    socket.once(isTls ? 'secureConnect' : 'connect', () => void (progress.isSetUp = true));
  });
  return progress;
}

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > ANSWER_BYTES_LIMIT) throw new NoAnswer(true, 'TOO_LONG', 'the answer is longer than 4 MiB');
    parts.push(part);
  }
  if (!response.complete) throw new NoAnswer(true, 'CUT_OFF', 'the answer was cut off');
  return Buffer.concat(parts);
}

function pathOf({ path, query }: SdkRequest): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) search.set(name, String(value ?? ''));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function headersOf(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
}

function failureOf(error: unknown, { isSetUp }: Progress): NoAnswer {
  if (error instanceof NoAnswer) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const what = isSetUp ? 'the connection ended without an answer' : 'no connection came about';
  return new NoAnswer(isSetUp, code || 'CLOSED', `${what} (${code || 'closed'})`);
}

/** Not left to NODE_TLS_REJECT_UNAUTHORIZED: whoever answers in KMS's place hands out the wrapping key. */
const TLS = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;

function begin(asked: SdkRequest): ClientRequest {
  const { method, headers } = asked;
  const host = asked.hostname.replace(/^\[(.*)\]$/, '$1');
  const place = { host, port: asked.port, method, path: pathOf(asked), headers, agent: false as const };
  return asked.protocol === 'https:' ? httpsRequest({ ...place, ...TLS }) : httpRequest(place);
}

async function answerTo(request: ClientRequest, body: SdkRequest['body']): Promise<SdkResponse> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.end((body as string | Uint8Array | undefined) ?? '');
  });
  const { statusCode = 0, statusMessage } = response;
  return { statusCode, reason: statusMessage, headers: headersOf(response), body: await bodyOf(response) };
}

/** Ends a request after `timeoutMs` or when `signal` says so, and remembers why: an answer cut off half-way only reports a reset. */
function guard(request: ClientRequest, progress: Progress, timeoutMs: number, signal: AbortSignal | undefined) {
  let why: NoAnswer | null = null;
  const end = (reason: string, words: string) => () => {
    why ??= new NoAnswer(progress.isSetUp, reason, words);
    request.destroy(why);
  };
  const timer = setTimeout(end('TIMEOUT', `no answer within ${timeoutMs} ms`), timeoutMs);
  const cancel = end('CANCELLED', 'cancelled while it was under way');
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    why: () => why,
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      request.destroy();
    },
  };
}

/**
 * One request, one connection, for the SDK. Connections are not kept: one that the other side was just closing would turn a
 * CreateKey into an answer nobody knows, and a ceremony makes a few calls a minute. The SDK's own handler does not tell whether a
 * request had left when it failed; everything that follows from a lost answer hangs on that.
 * @param timeoutMs for the whole of a request: name look-up, TCP, TLS, answer
 */
export function openTransport(timeoutMs: number) {
  const open = new Set<ClientRequest>();

  async function handle(asked: SdkRequest, options: { abortSignal?: unknown } = {}): Promise<{ response: SdkResponse }> {
    const signal = options.abortSignal as AbortSignal | undefined;
    if (signal?.aborted) throw new NoAnswer(false, 'CANCELLED', 'cancelled before it was sent');
    const request = begin(asked);
    const progress = watch(request, asked.protocol === 'https:');
    const { why, release } = guard(request, progress, timeoutMs, signal);
    open.add(request);
    try {
      return { response: await answerTo(request, asked.body) };
    } catch (error) {
      throw failureOf(why() ?? error, progress);
    } finally {
      release();
      open.delete(request);
    }
  }

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle,
    destroy: () => {
      for (const request of open) request.destroy();
    },
  };
}
