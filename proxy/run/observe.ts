import { success, type Result } from '../../core/contract/result';
import type { ProxyStatus } from '../../core/contract/proxy-status';
import type { Audit } from '../audit/audit';
import type { HealthWatch } from '../health/watch';
import type { Hsm } from '../hsm/port';
import type { Latch } from '../latch';
import { createMetrics, type Metrics } from '../metrics';
import type { ProxyServer } from '../server';
import type { Settings } from '../settings/settings';
import type { InForce } from './in-force';
import { credentialsOf } from './status';

type Listeners = ProxyStatus['listeners'];

/** What the metrics read. */
export interface Observed {
  readonly latch: Pick<Latch, 'state'>;
  readonly audit: Pick<Audit, 'state'>;
  readonly hsm: Pick<Hsm, 'state'>;
  readonly health: Pick<HealthWatch, 'answer'>;
}

/** @param server asked only after it was started */
export function metricsOf({ latch, audit, hsm, health }: Observed, inForce: () => InForce, server: () => ProxyServer): Metrics {
  return createMetrics({
    hsm: () => hsm.state(),
    audit: () => audit.state,
    latch: () => latch.state(),
    health: () => health.answer(),
    configured: () => {
      const { keyStores } = inForce().settings;
      return { stores: new Set(keyStores.map(({ name }) => name)), keys: new Set(keyStores.flatMap(({ keys }) => [...keys])) };
    },
    certificateNotAfter: () => {
      const certificate = server().certificate();
      return certificate && new Date(certificate.expiresAt).toISOString();
    },
    credentials: () => credentialsOf(inForce()),
    inFlight: () => server().inFlight(),
    now: () => Date.now(),
  });
}

/** The metrics' own listener, and all addresses by name, for people. */
export async function listen(settings: Settings, server: ProxyServer, metrics: Metrics): Promise<Result<Listeners>> {
  const { host } = settings.server;
  const listeners = [{ name: 'KMS', address: `${settings.tls ? 'https' : 'http'}://${host}:${server.port}` }];
  if (server.pingPort !== null) listeners.push({ name: 'ping', address: `http://${host}:${server.pingPort}/ping` });
  if (settings.metrics === null) return success(listeners);
  const opened = await metrics.listen(settings.metrics.host, settings.metrics.port);
  if (!opened.ok) return opened;
  return success([...listeners, { name: 'metrics', address: `http://${settings.metrics.host}:${opened.value.port}/metrics` }]);
}
