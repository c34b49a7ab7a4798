import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { failure, success, type Result } from '../../core/contract/result';
import { errnoOf } from '../../core/pack/disk-failure';

export interface ScrapeListener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** The format's version 0.0.4, which every reader of it understands. */
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** GET /metrics and nothing else; who is slow or asks for more is cut off. */
export async function listenForScrapes(host: string, port: number, text: () => Promise<string>): Promise<Result<ScrapeListener>> {
  const limits = {
    headersTimeout: 2000,
    requestTimeout: 3000,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 8192,
  };
  const server = createServer(limits, (request, response) => void answer(request, response, text));
  server.maxConnections = 16;
  server.unref(); // numbers alone keep no process alive
  const problem = await new Promise<Error | null>((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => resolve(null));
  });
  if (problem) return failure('file.notWritable', { path: `${host}:${port}`, errno: errnoOf(problem) });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP listener has no port.');
  return success({
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, text: () => Promise<string>): Promise<void> {
  if (request.url !== '/metrics') end(response, 404, 'Only /metrics is here.\n');
  else if (request.method !== 'GET') end(response.setHeader('allow', 'GET'), 405, 'Only GET.\n');
  else {
    try {
      const body = await text();
      end(response.setHeader('content-type', TEXT), 200, body);
    } catch {
      end(response, 500, 'The metrics could not be read.\n');
    }
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(body);
}
