import { isLoopback } from './patterns';
import { isSample, needed, type Reading } from './reading';
import type { Settings } from './settings';

/** Longer than the 350 s after which an AWS Network Load Balancer forgets an idle connection, so that we are not the first to close. */
const KEEP_ALIVE_MS = 360_000;
const BODY_BYTES = 65_536;
/** requestMetadata with ARNs of 2,048 characters, IV, tag, member names. */
const REST_OF_BODY_BYTES = 16_384;

const base64Bytes = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/** Bytes a request body can have that is within the limits. */
function largestBody({ plaintextBytes, aadBytes }: Settings['limits']): number {
  return base64Bytes(plaintextBytes) + base64Bytes(aadBytes) + REST_OF_BODY_BYTES;
}

function bodyBytes({ form, remarks }: Reading, limits: Settings['limits']): number {
  const least = largestBody(limits);
  const given = form.server?.max_body_bytes;
  if (given !== undefined && given < least) {
    remarks.error(
      'server.max_body_bytes',
      `is ${given}, but a request within [limits] can have ${least}`,
      `Write at least ${least}.`,
    );
  }
  return given ?? Math.max(BODY_BYTES, least);
}

/** The sample listens for pings on port 80 where its settings say nothing; a load balancer may rely on it. */
function pingPort(reading: Reading, port: number): number | null {
  const { form, remarks } = reading;
  const given = form.server?.port_http_ping ?? (isSample(reading) && !remarks.isWrong('server.port_http_ping') ? 80 : port);
  if (given === port) return null;
  const said = form.server?.port_http_ping === undefined ? " (the sample's default)" : '';
  remarks.warning(
    'server.port_http_ping',
    `opens port ${given}${said} for GET /ping, without TLS`,
    `The main port answers /ping too: point the load balancer there and write port_http_ping = ${port}.`,
  );
  return given;
}

function judgePlainHttp({ form, remarks }: Reading, host: string, hasTls: boolean): boolean {
  const isAllowed = form.server?.allow_plain_http ?? false;
  if (hasTls || isLoopback(host)) return isAllowed;
  const key = form.security?.is_tls_enabled === undefined ? 'tls' : 'security.is_tls_enabled';
  if (isAllowed) {
    remarks.warning(
      'server.allow_plain_http',
      `serves ${host} without TLS: whoever can listen there reads every request and can repeat it for five minutes`,
      'Only behind a load balancer that ends TLS, in a network of its own.',
    );
  } else {
    remarks.error(
      key,
      `The proxy would serve ${host} without TLS`,
      'Set [tls] tls_cert_pem and tls_key_pem. Where a load balancer ends TLS before us, say so: [server] allow_plain_http = true.',
    );
  }
  return isAllowed;
}

function judgeTimes({ remarks }: Reading, { headersTimeoutMs, requestTimeoutMs }: Settings['server']): void {
  if (headersTimeoutMs <= requestTimeoutMs) return;
  remarks.error(
    'server.headers_timeout_ms',
    `is ${headersTimeoutMs}, longer than the ${requestTimeoutMs} a whole request may take`,
    `Write at most ${requestTimeoutMs}, or raise request_timeout_ms.`,
  );
}

export function readServer(reading: Reading, hasTls: boolean, limits: Settings['limits']): Settings['server'] {
  const { server = {} } = reading.form;
  const host = needed(reading, 'server.ip', server.ip, '127.0.0.1', 'Write the address to listen on, such as ip = "0.0.0.0".');
  const port = needed(reading, 'server.port', server.port, 0, 'Write the port to listen on; AWS KMS calls port 443.');
  const result: Settings['server'] = {
    host,
    port,
    allowsPlainHttp: judgePlainHttp(reading, host, hasTls),
    pingPort: pingPort(reading, port),
    bodyBytes: bodyBytes(reading, limits),
    headerBytes: server.max_header_bytes ?? 16_384,
    headersTimeoutMs: server.headers_timeout_ms ?? 5000,
    requestTimeoutMs: server.request_timeout_ms ?? 10_000,
    keepAliveTimeoutMs: server.keep_alive_timeout_ms ?? KEEP_ALIVE_MS,
    connections: server.max_connections ?? 4096,
  };
  judgeTimes(reading, result);
  return result;
}

/** Node sets how long a connection idles before the first probe; number and distance of the probes are the system's. */
export function readTcpKeepAlive({ form, remarks }: Reading): Settings['tcpKeepAlive'] {
  const table = form.server?.tcp_keepalive;
  if (table === undefined) return { idleMs: 60_000 };
  if (table.tcp_keepalive_retries !== undefined || table.tcp_keepalive_interval_secs !== undefined) {
    remarks.warning(
      'server.tcp_keepalive',
      'tcp_keepalive_retries and tcp_keepalive_interval_secs have no effect here',
      'Where they matter, set net.ipv4.tcp_keepalive_probes and net.ipv4.tcp_keepalive_intvl of the system.',
    );
  }
  return table.tcp_keepalive_secs === undefined ? null : { idleMs: table.tcp_keepalive_secs * 1000 };
}
