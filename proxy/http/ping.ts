import { createServer, type Server } from 'node:http';
import { PING_PATH } from '../routes';

/** What a load balancer reads: it needs the status alone. */
export interface Ping {
  readonly status: 200 | 503;
  readonly text: string;
}

export function pingOf(isGood: boolean): Ping {
  return isGood ? { status: 200, text: 'pong from keyrite\n' } : { status: 503, text: 'not serving\n' };
}

/** The second, plain listener for load balancers that cannot speak TLS to their targets. Answers GET /ping and nothing else. */
export function pingListener(isGood: () => boolean): Server {
  const server = createServer({ maxHeaderSize: 4096, connectionsCheckingInterval: 1000 }, (request, response) => {
    const isPing = request.url === PING_PATH && (request.method === 'GET' || request.method === 'HEAD');
    const { status, text } = isPing ? pingOf(isGood()) : { status: 404, text: 'only /ping is here\n' };
    response.writeHead(status, { 'content-type': 'text/plain', 'content-length': text.length, connection: 'close' });
    response.end(text);
  });
  server.headersTimeout = 5000;
  server.requestTimeout = 5000;
  server.maxConnections = 100;
  return server;
}
