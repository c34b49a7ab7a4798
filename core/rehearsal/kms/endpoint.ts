import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import type { Reply } from './answers';
import { REHEARSAL_HEADER } from './identity';
import type { RawRequest } from './request';

const LOOPBACK = '127.0.0.1';
/** KMS requests have at most two blobs of 6 KiB and a policy of 128 Ki characters. */
const MOST_BYTES = 1 << 20;

/** KMS of one Region, on a port of its own. */
export interface Endpoint {
  readonly region: string;
  readonly url: string;
  close(): Promise<void>;
}

type Serve = (request: RawRequest) => Promise<Reply | 'cut'>;

/** Listens on the loopback address, on whatever port is free. Rejects where none can be had. */
export async function openEndpoint(region: string, serve: Serve): Promise<Endpoint> {
  const underWay = new Set<Promise<void>>();
  const server = createServer((incoming, outgoing) => {
    void attend(region, incoming, outgoing, serve, underWay);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { region, url: `http://${LOOPBACK}:${port}`, close: () => close(server, underWay) };
}

/** Answers what is under way, and cuts whoever has not finished asking: it might never. */
async function close(server: Server, underWay: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await Promise.all(underWay);
  server.closeAllConnections();
  await closed;
}

async function attend(
  region: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  serve: Serve,
  underWay: Set<Promise<void>>,
): Promise<void> {
  const body = await readBody(incoming).catch(() => 'gone' as const);
  if (body === 'gone') return;
  const answering = answer(outgoing, () => (body === null ? TOO_LARGE : serve(rawRequest(region, incoming, body))));
  underWay.add(answering);
  await answering;
  underWay.delete(answering);
}

async function answer(outgoing: ServerResponse, serve: () => Reply | Promise<Reply | 'cut'>): Promise<void> {
  const reply = await Promise.resolve()
    .then(serve)
    .catch((error: unknown): Reply => ({ ...FAULT, body: faultBody(error) }));
  if (reply === 'cut') {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(reply.status, reply.headers).end(reply.body);
  await finished(outgoing).catch(() => undefined); // the client went away: nobody is left to tell
}

const MARKED = { 'content-type': 'application/x-amz-json-1.1', [REHEARSAL_HEADER]: '1' };
const TOO_LARGE: Reply = { status: 413, headers: MARKED, body: JSON.stringify({ __type: 'RequestEntityTooLargeException' }) };
const FAULT = { status: 500, headers: { ...MARKED, 'x-amzn-errortype': 'KMSInternalException' } };

/** The disk refused, or this KMS has a bug: its client hears what AWS says when something of its own breaks, and why. */
function faultBody(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return JSON.stringify({ __type: 'KMSInternalException', message: `The rehearsal KMS could not do this: ${why}` });
}

function rawRequest(region: string, incoming: IncomingMessage, body: Uint8Array): RawRequest {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')] as const);
  return {
    region,
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body,
    sourceAddress: incoming.socket.remoteAddress ?? '',
  };
}

/** Null for more than a request can have. */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of incoming) {
    length += (piece as Buffer).length;
    if (length > MOST_BYTES) return null;
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}
