import type { IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { refusal, type XksFailure } from '../../core/xks/errors';
import type { Answer } from '../answer';
import { invalid } from '../api/call';
import { attend, refuse, type AttendParts, type Visit } from '../attend';
import { routeOf, type Route } from '../routes';
import type { Serving } from '../serving';
import { closeKindly } from './farewell';
import { stopReading } from './http2-guard';
import type { Listener, RequestHandler } from './listener';
import { pingOf } from './ping';

declare module 'fastify' {
  interface FastifyRequest {
    /** null for /ping */
    visit: Visit | null;
  }
}

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
  readonly onClientError: (code: string | undefined, socket: Socket) => void;
  readonly listener: (handler: RequestHandler) => Listener;
}

const EMPTY = Buffer.alloc(0);

/**
 * The web framework as far as this proxy wants it: it reads bodies within a limit and writes answers. Paths are matched by us, on the
 * bytes that were sent, so the framework sees one path only.
 */
export function front(parts: FrontParts, options: FrontOptions): FastifyInstance {
  const app = fastify({
    rewriteUrl: () => '/',
    bodyLimit: options.bodyBytes,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    serverFactory: (handler) => options.listener(handler as RequestHandler) as never,
    clientErrorHandler: ({ code }, socket) => options.onClientError(code, socket),
  });
  const say = (request: FastifyRequest, reply: FastifyReply, answer: Answer, mustClose = false): void =>
    send(request, reply, answer, mustClose, options.isClosing());
  app.decorateRequest('visit', null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', (request, reply, next) => {
    // JSON is what is read, whatever the sender calls it; a type the framework cannot parse would be its 415, not an answer of XKS.
    request.raw.headers['content-type'] = 'application/json';
    const route = arrive(request, parts.serving());
    if (route.leads === 'ping') return ping(request, reply, parts.ping(), options.isClosing());
    const error = unwanted(route, request, options.bodyBytes);
    if (error === null || request.visit === null) return next();
    void refuse(parts, request.visit, error.failure, error.answer).then((answer) =>
      say(request, reply, answer, isBodyLong(request.raw, options.bodyBytes)),
    );
  });
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { visit, method, originalUrl: path, raw } = request;
    if (!visit?.call) throw new Error('A request without a route reached the endpoints.');
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    say(request, reply, await attend(parts, visit, visit.call, { method, path, rawHeaders: raw.rawHeaders, body }));
    return reply;
  };
  app.all('/', handle);
  app.setNotFoundHandler(handle);
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const failure = failureOf(error, options.bodyBytes);
    if (failure.name === 'InternalException') parts.onFault(error);
    if (request.visit !== null) say(request, reply, await refuse(parts, request.visit, failure), true);
    return reply;
  });
  return app;
}

function arrive(request: FastifyRequest, serving: Serving): Route {
  const began = performance.now();
  const route = routeOf(request.method, request.originalUrl, serving.stores);
  if (route.leads !== 'ping') request.visit = { serving, call: callOf(route), began };
  return route;
}

function callOf(route: Exclude<Route, { readonly leads: 'ping' }>): Visit['call'] {
  if (route.leads === 'call') return route;
  return route.leads === 'otherMethod' ? route.call : null;
}

/** Why a request is answered before its body is read. */
function unwanted(
  route: Route,
  { method, raw }: FastifyRequest,
  bodyBytes: number,
): { readonly failure: XksFailure; readonly answer?: Partial<Answer> } | null {
  if (route.leads === 'nowhere')
    return { failure: refusal('InvalidUriPathException', 'path', 'No key store of this proxy has this URI path.').error };
  if (route.leads === 'otherMethod') {
    const failure = invalid('method', `This path takes ${route.allow}, not ${method}.`).error;
    return { failure, answer: { status: 405, allow: route.allow } };
  }
  return declaredBytes(raw) > bodyBytes ? { failure: bodyTooLong(bodyBytes) } : null;
}

function bodyTooLong(bodyBytes: number): XksFailure {
  return invalid('bodySize', `The body is longer than the ${bodyBytes} bytes that this proxy reads.`).error;
}

function failureOf(error: FastifyError, bodyBytes: number): XksFailure {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLong(bodyBytes);
  if (error.statusCode !== undefined && error.statusCode < 500)
    return invalid('body', 'The body did not arrive as the headers had announced it.').error;
  return refusal('InternalException', 'fault', 'The proxy failed; its log says where.').error;
}

/** 0 where no length is declared. */
function declaredBytes({ headers }: Pick<IncomingMessage, 'headers'>): number {
  return Number(headers['content-length'] ?? 0);
}

/** Whether what is still to come after an early answer is more than may be read to keep the connection in use. */
function isBodyLong({ headers }: Pick<IncomingMessage, 'headers'>, bodyBytes: number): boolean {
  return headers['transfer-encoding'] !== undefined || headers.expect !== undefined || declaredBytes({ headers }) > bodyBytes;
}

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer, mustClose: boolean, isClosing: boolean): void {
  const allow = answer.allow === '' ? {} : { allow: answer.allow };
  write(request, reply, answer.status, { 'content-type': 'application/json', ...allow }, answer.body, { mustClose, isClosing });
}

function ping(request: FastifyRequest, reply: FastifyReply, isGood: boolean, isClosing: boolean): void {
  const { status, text } = pingOf(isGood);
  write(request, reply, status, { 'content-type': 'text/plain' }, text, { mustClose: isBodyLong(request.raw, 0), isClosing });
}

/** Written past the framework, which would add a charset. HTTP/2 knows no `connection` header; there the rest of one stream is refused. */
function write(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  { mustClose, isClosing }: { readonly mustClose: boolean; readonly isClosing: boolean },
): void {
  reply.hijack();
  const isHttp2 = 'stream' in raw;
  if (mustClose && isHttp2) stopReading(raw.stream as ServerHttp2Stream);
  if (mustClose && !isHttp2) closeKindly(raw.socket);
  const close = (mustClose || isClosing) && !isHttp2 ? { connection: 'close' } : {};
  reply.raw.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), ...close });
  reply.raw.end(body);
}
