import type { Server } from 'node:net';
import type { SettingsRemark } from '../settings/settings';

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another process listens there: stop it, or choose another port.',
  EACCES:
    'Ports below 1024 need CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=), or another port with a load balancer before it.',
  EADDRNOTAVAIL: 'This host has no such address: take one that it has, or 0.0.0.0.',
};

/** The port a listener got. */
export function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}

/** Resolves when the server listens (null), or with why it cannot. */
export function listening(server: Server, key: string, host: string, port: number): Promise<SettingsRemark | null> {
  return new Promise((resolve) => {
    // Heard for good: a connection that cannot be accepted later must not end the proxy.
    server.on('error', (error) => resolve(notListening(key, host, port, error)));
    server.listen({ host, port }, () => resolve(null));
  });
}

function notListening(key: string, host: string, port: number, error: unknown): SettingsRemark {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const remedy = REMEDIES[code] ?? 'Check the address and the port.';
  return { severity: 'error', key, problem: `Cannot listen on ${host} port ${port} (${code}).`, remedy };
}
