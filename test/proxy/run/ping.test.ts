import { describe, expect, it } from 'vitest';
import { pingIsGood } from '../../../proxy/run/ping';
import type { Settings } from '../../../proxy/settings/settings';

type Word = Settings['health']['pingWhenKilled'];

function settings(pingWhenKilled: Word, pingWhenUnhealthy: Word): Settings['health'] {
  return { key: 'k', intervalMs: 1000, fleetSize: 1, pingWhenKilled, pingWhenUnhealthy };
}

describe('the ping for load balancers', () => {
  it('is bad when killed and when no request would succeed, unless the settings want it otherwise', () => {
    for (const [wanted, isGood] of [
      ['bad', false],
      ['good', true],
    ] as const) {
      expect(pingIsGood(settings(wanted, 'bad'), true, 'UNAVAILABLE')).toBe(isGood);
      expect(pingIsGood(settings('bad', wanted), false, 'UNAVAILABLE')).toBe(isGood);
    }
    // A killed proxy has no health: what is said of unhealthy ones says nothing about it.
    expect(pingIsGood(settings('bad', 'good'), true, 'UNAVAILABLE')).toBe(false);
  });

  it.each(['ACTIVE', 'DEGRADED'] as const)('is good while KMS is served: %s', (health) => {
    expect(pingIsGood(settings('bad', 'bad'), false, health)).toBe(true);
  });
});
