import { refusal, type XksFailure } from '../../core/xks/errors';
import type { Answer } from '../answer';
import { invalid } from '../api/call';
import { attend, refuse, type AttendParts, type Visit } from '../attend';
import { routeOf, type CallRoute, type Route } from '../routes';
import type { Serving } from '../serving';
import { readBody, type Body } from './body';
import type { AnyRequest, AnyResponse } from './connections';
import { closeKindly } from './farewell';
import { stopReading } from './http2-guard';
import type { RequestHandler } from './listener';
import { pingOf } from './ping';

export interface FrontParts extends AttendParts {
  /** asked once per request, when it begins */
  readonly serving: () => Serving;
  /** what GET /ping says */
  readonly ping: () => boolean;
}

export interface FrontOptions {
  readonly bodyBytes: number;
  /** every answer says `connection: close` from now on */
  readonly isClosing: () => boolean;
}

/** One request and the answer to it. */
interface Exchange {
  readonly request: AnyRequest;
  readonly response: AnyResponse;
}

/**
 * What stands between Node's server and the endpoints: it matches paths on the bytes that were sent, reads bodies within a limit and
 * writes answers. No web framework: there are four paths and one method, and each layer would cost every request.
 */
export function front(parts: FrontParts, { bodyBytes, isClosing }: FrontOptions): RequestHandler {
  const say = (exchange: Exchange, answer: Answer, mustClose: boolean): void => send(exchange, answer, mustClose, isClosing());

  async function serve(exchange: Exchange, visit: Visit, call: CallRoute): Promise<void> {
    const { request } = exchange;
    const body = await readBody(request, bodyBytes);
    if (!body.ok) {
      say(exchange, await refuse(parts, visit, failureOf(body.problem, bodyBytes)), true);
      return;
    }
    const { method = '', url: path = '', rawHeaders } = request;
    say(exchange, await attend(parts, visit, call, { method, path, rawHeaders, body: body.bytes }), false);
  }

  async function turnAway(exchange: Exchange, visit: Visit, { failure, answer }: Unwanted): Promise<void> {
    say(exchange, await refuse(parts, visit, failure, answer), isBodyLong(exchange.request, bodyBytes));
  }

  /** A bug of ours: `attend` turns those of the endpoints into answers, so this is one in telling or writing. */
  const failed =
    (exchange: Exchange) =>
    (error: unknown): void => {
      parts.onFault(error);
      exchange.response.destroy();
    };

  return (request, response) => {
    const began = performance.now();
    const exchange = { request, response };
    const serving = parts.serving();
    const route = routeOf(request.method ?? '', request.url ?? '', serving.stores);
    if (route.leads === 'ping') return ping(exchange, parts.ping(), isClosing());
    const visit = { serving, call: callOf(route), began };
    const unwanted = unwantedIn(route, request, bodyBytes);
    const served =
      unwanted !== null || visit.call === null
        ? turnAway(exchange, visit, unwanted ?? NOWHERE)
        : serve(exchange, visit, visit.call);
    served.catch(failed(exchange));
  };
}

function callOf(route: Exclude<Route, { readonly leads: 'ping' }>): Visit['call'] {
  if (route.leads === 'call') return route;
  return route.leads === 'otherMethod' ? route.call : null;
}

/** Why a request is answered before its body is read. */
interface Unwanted {
  readonly failure: XksFailure;
  readonly answer?: Partial<Answer>;
}

const NOWHERE: Unwanted = {
  failure: refusal('InvalidUriPathException', 'path', 'No key store of this proxy has this URI path.').error,
};

function unwantedIn(route: Route, request: AnyRequest, bodyBytes: number): Unwanted | null {
  if (route.leads === 'nowhere') return NOWHERE;
  if (route.leads === 'otherMethod') {
    const failure = invalid('method', `This path takes ${route.allow}, not ${request.method ?? ''}.`).error;
    return { failure, answer: { status: 405, allow: route.allow } };
  }
  return declaredBytes(request) > bodyBytes ? { failure: failureOf('tooLong', bodyBytes) } : null;
}

function failureOf(problem: (Body & { readonly ok: false })['problem'], bodyBytes: number): XksFailure {
  if (problem === 'tooLong')
    return invalid('bodySize', `The body is longer than the ${bodyBytes} bytes that this proxy reads.`).error;
  return invalid('body', 'The body did not arrive as the headers had announced it.').error;
}

/** 0 where no length is declared. */
function declaredBytes({ headers }: AnyRequest): number {
  return Number(headers['content-length'] ?? 0);
}

/** Whether what is still to come after an early answer is more than may be read to keep the connection in use. */
function isBodyLong(request: AnyRequest, bodyBytes: number): boolean {
  const { headers } = request;
  return headers['transfer-encoding'] !== undefined || headers.expect !== undefined || declaredBytes(request) > bodyBytes;
}

function send(exchange: Exchange, { status, body, allow }: Answer, mustClose: boolean, isClosing: boolean): void {
  const headers = { 'content-type': 'application/json', ...(allow === '' ? {} : { allow }) };
  write(exchange, status, headers, body, { mustClose, isClosing });
}

function ping(exchange: Exchange, isGood: boolean, isClosing: boolean): void {
  const { status, text } = pingOf(isGood);
  write(exchange, status, { 'content-type': 'text/plain' }, text, { mustClose: isBodyLong(exchange.request, 0), isClosing });
}

/** HTTP/2 knows no `connection` header; there the rest of one stream is refused. */
function write(
  { request, response }: Exchange,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  { mustClose, isClosing }: { readonly mustClose: boolean; readonly isClosing: boolean },
): void {
  const isHttp2 = 'stream' in request;
  if (mustClose && isHttp2) stopReading(request.stream);
  if (mustClose && !isHttp2) closeKindly(request.socket);
  const close = (mustClose || isClosing) && !isHttp2 ? { connection: 'close' } : {};
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), ...close });
  response.end(body);
}
