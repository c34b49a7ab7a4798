import type { EventEmitter } from 'node:events';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { errorBody } from '../answer';
import { rawAnswer } from './client-error';
import type { AnyRequest, AnyResponse } from './connections';
import { farewell } from './farewell';
import type { RequestHandler } from './listener';

const NO_TUNNELS = 'This proxy takes POST, and opens no tunnels.';

/**
 * Requests that Node gives to nobody by itself. Expect: 100-continue: a body that is too long is refused before it is sent. Any other
 * expectation is passed over, as HTTP allows (RFC 9110 section 10.1.1), where Node would answer an empty 417. CONNECT: refused in JSON,
 * where Node would drop the connection.
 */
export function answerSpecialRequests(server: EventEmitter, handler: RequestHandler, bodyBytes: number): void {
  server.on('checkExpectation', handler);
  server.on('checkContinue', (request: AnyRequest, response: AnyResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= bodyBytes) response.writeContinue();
    handler(request, response);
  });
  server.on('connect', (_request: AnyRequest, other: Socket | Http2ServerResponse) => refuseTunnel(other));
}

function refuseTunnel(other: Socket | Http2ServerResponse): void {
  if ('stream' in other) {
    other.writeHead(405, { 'content-type': 'application/json', allow: 'POST' });
    other.end(errorBody('ValidationException', NO_TUNNELS));
    return;
  }
  other.write(rawAnswer('405 Method Not Allowed', NO_TUNNELS, 'POST'));
  farewell(other);
}
