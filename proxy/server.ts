import type { Server as NetServer, Socket } from 'node:net';
import { noFacts } from './api/facts';
import { invalid } from './api/call';
import { recordOf } from './attend';
import { readTls, type CertificateFacts, type TlsRead } from './auth/tls';
import { answerClientError, clientErrorOf } from './http/client-error';
import { Connections } from './http/connections';
import { answerSpecialRequests } from './http/special-requests';
import { front, type FrontParts } from './http/front';
import { guardSessions } from './http/http2-guard';
import { plainListener, tlsListener, type Listener, type RequestHandler } from './http/listener';
import { pingListener } from './http/ping';
import { listening, portOf } from './http/port';
import type { Settings, SettingsRemark } from './settings/settings';

/** The rest of a closing proxy's patience with slow clients, in ms. */
const DRAIN_MS = 5000;

export type ServerSettings = Pick<Settings, 'server' | 'tls' | 'tcpKeepAlive'>;

export interface ProxyServer {
  /** the port it listens on: the one of the settings, or the one the system chose where they say 0 */
  readonly port: number;
  /** of the second listener; null: none */
  readonly pingPort: number | null;
  /** null over plain HTTP */
  readonly certificate: () => CertificateFacts | null;
  /** connections that are open now */
  readonly connections: () => number;
  /** requests that are being worked on now */
  readonly inFlight: () => number;
  /**
   * Reads the TLS files again, from where these settings say, and uses them from the next handshake on; connections that are open
   * stay. What cannot be used changes nothing and is named.
   */
  readonly reloadTls: (tls: Settings['tls']) => Promise<TlsReload>;
  /** Takes no new connection, answers what is under way (for 5 s at most), then closes everything. */
  readonly close: () => Promise<void>;
}

export type TlsReload =
  | { readonly ok: true; readonly certificate: CertificateFacts | null; readonly warnings: readonly SettingsRemark[] }
  | { readonly ok: false; readonly problem: SettingsRemark };

export type Started =
  | { readonly ok: true; readonly value: ProxyServer; readonly warnings: readonly SettingsRemark[] }
  | { readonly ok: false; readonly problem: SettingsRemark };

/** Listens as the settings say. Refuses, with the key of the settings, when the TLS files cannot be used or the port cannot be had. */
export async function startServer(settings: ServerSettings, parts: FrontParts): Promise<Started> {
  const read = settings.tls === null ? null : await readTls(settings.tls, parts.now());
  if (read !== null && !read.ok) return read;
  return new Listening(settings, parts, read).start();
}

/** A listener with everything around it, from its start to its end. */
class Listening {
  readonly #settings: ServerSettings;
  readonly #parts: FrontParts;
  readonly #connections: Connections;
  readonly #server: Listener;
  #ping: NetServer | null = null;
  #tls: (TlsRead & { readonly ok: true })['value'] | null;
  readonly #closeSessions: () => void;
  #isClosing = false;
  #closed: Promise<void> | null = null;

  constructor(settings: ServerSettings, parts: FrontParts, tls: (TlsRead & { readonly ok: true }) | null) {
    this.#settings = settings;
    this.#parts = parts;
    this.#tls = tls?.value ?? null;
    this.#connections = new Connections(settings.server.requestTimeoutMs, settings.server.connections);
    this.#server = this.#build(front(parts, { bodyBytes: settings.server.bodyBytes, isClosing: () => this.#isClosing }));
    this.#closeSessions = guardSessions(this.#server, settings.server.keepAliveTimeoutMs);
  }

  async start(): Promise<Started> {
    const { host, port, pingPort } = this.#settings.server;
    if (pingPort !== null) this.#ping = pingListener(this.#parts.ping);
    const problem =
      (await listening(this.#server, 'server.port', host, port)) ??
      (this.#ping === null ? null : await listening(this.#ping, 'server.port_http_ping', host, pingPort ?? 0));
    if (problem === null) return { ok: true, value: this.#handle(), warnings: this.#tls?.warnings ?? [] };
    await this.close();
    return { ok: false, problem };
  }

  #handle(): ProxyServer {
    return {
      port: portOf(this.#server),
      pingPort: this.#ping === null ? null : portOf(this.#ping),
      certificate: () => this.#tls?.certificate ?? null,
      connections: () => this.#connections.open,
      inFlight: () => this.#connections.underWay,
      reloadTls: (tls) => this.#reloadTls(tls),
      close: () => this.close(),
    };
  }

  #build(handler: RequestHandler): Listener {
    const connections = this.#connections;
    const counted: RequestHandler = (request, response) => {
      connections.began(request, response);
      handler(request, response);
    };
    const server =
      this.#tls === null
        ? plainListener(this.#settings, counted)
        : tlsListener(this.#settings, this.#tls, () => this.#tls?.clientSubject ?? null, counted);
    server.on('connection', (socket: Socket) => connections.opened(socket));
    server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Socket) => void this.#clientError(code, socket));
    answerSpecialRequests(server, counted, this.#settings.server.bodyBytes);
    return server;
  }

  async #clientError(code: string | undefined, socket: Socket): Promise<void> {
    if (code === 'ECONNRESET' || socket.destroyed) return void socket.destroy();
    const error = clientErrorOf(code);
    const began = performance.now();
    await answerClientError(socket, error, this.#connections);
    this.#parts.onRecord(recordOf(noFacts(), 400, invalid(error.reason, error.message).error, began));
  }

  async #reloadTls(wanted: Settings['tls']): Promise<TlsReload> {
    const { tls } = this.#settings;
    if (tls === null && wanted === null) return { ok: true, certificate: null, warnings: [] };
    if (tls === null || wanted === null) return { ok: false, problem: needsRestart('security.is_tls_enabled') };
    if ((tls.client === null) !== (wanted.client === null))
      return { ok: false, problem: needsRestart('security.is_mtls_enabled') };
    const read = await readTls(wanted, this.#parts.now());
    if (!read.ok) return read;
    if ('setSecureContext' in this.#server) this.#server.setSecureContext(read.value.context);
    this.#tls = read.value;
    return { ok: true, certificate: read.value.certificate, warnings: read.value.warnings };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#ping?.close();
    this.#closeSessions();
    await this.#connections.quiet(DRAIN_MS);
    this.#connections.destroy();
    await closed;
  }
}

function needsRestart(key: string): SettingsRemark {
  return { severity: 'error', key, problem: 'This cannot change while the proxy runs.', remedy: 'Restart the proxy.' };
}
