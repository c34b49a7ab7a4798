import { createServer, type Server, type ServerOptions } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { isAllowedClient } from '../auth/mtls';
import type { TlsMaterial } from '../auth/tls';
import type { Settings } from '../settings/settings';
import type { AnyRequest, AnyResponse } from './connections';
import { http2Options } from './http2-guard';

export type Listener = Server | Http2SecureServer;
export type RequestHandler = (request: AnyRequest, response: AnyResponse) => void;

type Wanted = Pick<Settings, 'server' | 'tcpKeepAlive'>;

/** Node looks for late clients this often at most, in ms; its own 30 s would let one stay half a minute over its time. */
const CHECK_MS = 1000;

/** Plain HTTP/1.1. */
export function plainListener(settings: Wanted, handler: RequestHandler): Server {
  return limited(createServer({ ...connectionOptions(settings), ...http1Options(settings) }, handler), settings);
}

/**
 * TLS, with HTTP/2 where the client asks for it by ALPN and HTTP/1.1 otherwise.
 * @param clientSubject asked at each handshake, for a reload can change it; null where clients need no certificate
 */
export function tlsListener(
  settings: Wanted,
  material: TlsMaterial,
  clientSubject: () => string | null,
  handler: RequestHandler,
): Http2SecureServer {
  const isClientAsked = material.clientSubject !== null;
  const server = createSecureServer(
    {
      ...material.context,
      ...connectionOptions(settings),
      ...http1Options(settings),
      ...http2Options(settings.server.headerBytes),
      allowHTTP1: true,
      handshakeTimeout: settings.server.headersTimeoutMs,
      requestCert: isClientAsked,
      rejectUnauthorized: isClientAsked,
    },
    handler,
  );
  if (isClientAsked) onlyFor(server, clientSubject);
  // For HTTP/1.1 over TLS Node reads these from the server itself, not from its options.
  return limited(Object.assign(server, http1Options(settings)), settings);
}

/** A client that is not the named one is cut off before a byte of a request is read: a stranger shall not reach the parser. */
function onlyFor(server: Http2SecureServer, clientSubject: () => string | null): void {
  const accepting = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    const subject = clientSubject();
    if (subject === null || !isAllowedClient(socket, subject)) socket.destroy();
    else for (const accept of accepting) accept.call(server, socket);
  });
}

function connectionOptions({ tcpKeepAlive }: Wanted): ServerOptions {
  return {
    noDelay: true,
    keepAlive: tcpKeepAlive !== null,
    ...(tcpKeepAlive === null ? {} : { keepAliveInitialDelay: tcpKeepAlive.idleMs }),
  };
}

function http1Options({ server }: Wanted): ServerOptions {
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, headerBytes } = server;
  return {
    maxHeaderSize: headerBytes,
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
    insecureHTTPParser: false,
    // A missing Host is a signature that cannot be right: answered as that, in JSON, and not by Node with an empty 400.
    requireHostHeader: false,
  };
}

function limited<T extends Listener>(server: T, { server: { connections, requestTimeoutMs, keepAliveTimeoutMs } }: Wanted): T {
  server.maxConnections = connections;
  // A connection on which nothing moves in either direction; answers take milliseconds.
  server.setTimeout(Math.max(requestTimeoutMs, keepAliveTimeoutMs) + CHECK_MS);
  return server;
}
