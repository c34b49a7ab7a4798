import { isDeepStrictEqual } from 'node:util';
import type { Settings } from './settings';

interface Fixed {
  readonly what: string;
  readonly of: (settings: Settings) => unknown;
}

/**
 * What a running proxy cannot change: sockets it listens on, the module its processes loaded, folders it holds a lock or an open file
 * in. All else - key stores, credentials, keys, certificates, policy, limits, health but for its key - is taken over by a reload.
 */
const FIXED: readonly Fixed[] = [
  {
    what: 'the address it listens on ([server] ip, port, port_http_ping)',
    of: ({ server: { host, port, pingPort } }) => [host, port, pingPort],
  },
  {
    what: 'how it treats connections ([server] timeouts, sizes and max_connections, tcp_keepalive)',
    of: ({ server, tcpKeepAlive }) => [
      server.bodyBytes,
      server.headerBytes,
      server.headersTimeoutMs,
      server.requestTimeoutMs,
      server.keepAliveTimeoutMs,
      server.connections,
      tcpKeepAlive,
    ],
  },
  { what: 'whether it serves TLS ([tls])', of: ({ tls }) => tls !== null },
  { what: 'whether clients need a certificate ([security] is_mtls_enabled)', of: ({ tls }) => (tls?.client ?? null) === null },
  {
    what: 'the module, its profile and token ([hsm])',
    of: ({ hsm: { profile, module, token, iv } }) => [profile, module, token, iv],
  },
  { what: 'where the PIN comes from ([hsm] pin_*)', of: ({ hsm }) => hsm.pin },
  { what: 'the sizes and times of the pool ([pool])', of: ({ pool }) => pool },
  { what: 'the health key ([health] key)', of: ({ health }) => health.key },
  {
    what: 'the metadata of older ciphertexts ([server] ciphertext_metadata_b64)',
    of: ({ ciphertexts }) => ciphertexts.legacyMetadata,
  },
  { what: 'the state folder ([state] folder)', of: ({ stateFolder }) => stateFolder },
  {
    what: 'the audit log ([audit] folder, max_file_bytes, sync)',
    of: ({ audit: { folder, fileBytes, sync } }) => [folder, fileBytes, sync],
  },
  { what: 'the listener for metrics ([metrics])', of: ({ metrics }) => metrics },
  { what: 'the log ([log], [tracing])', of: ({ log }) => log },
];

/** What differs between two settings and takes a restart, one sentence each; empty: a reload takes all of it over. */
export function restartNeeded(old: Settings, next: Settings): readonly string[] {
  return FIXED.filter(({ of }) => !isDeepStrictEqual(of(old), of(next))).map(
    ({ what }) => `A restart is needed to change ${what}; until then the proxy goes on with the old.`,
  );
}
