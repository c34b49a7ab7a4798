import type { HealthState } from '../../core/xks/wire';
import type { Settings } from '../settings/settings';

/** What GET /ping tells a load balancer: does this host want requests? A killed proxy is judged by that alone. */
export function pingIsGood(settings: Settings['health'], isKilled: boolean, health: HealthState): boolean {
  if (isKilled) return settings.pingWhenKilled === 'good';
  return health !== 'UNAVAILABLE' || settings.pingWhenUnhealthy === 'good';
}
