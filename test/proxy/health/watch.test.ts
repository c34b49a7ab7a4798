import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HealthState } from '../../../core/xks/wire';
import type { HsmAnswer } from '../../../proxy/hsm/port';
import type { HealthVerdict } from '../../../proxy/health/verdict';
import { watchHealth, type HealthWatch } from '../../../proxy/health/watch';
import { servingHsm } from '../hsm-state';

const serving = servingHsm({
  loggedOut: 'no',
  sessions: { wanted: 1, ready: 1, busy: 0, hung: 0 },
  token: { label: 'T', serial: '0123', model: 'SoftHSM v2', manufacturer: 'SoftHSM project' },
});

const active: HsmAnswer<HealthState> = { ok: true, value: 'ACTIVE', queueMs: 0, hsmMs: 1 };
const dead: HsmAnswer<HealthState> = {
  ok: false,
  error: { name: 'InternalException', reason: 'CKR_DEVICE_ERROR', message: 'The HSM reports a device error.' },
  queueMs: 0,
  hsmMs: 1,
};

describe('the health watch', () => {
  let answer: HsmAnswer<HealthState>;
  let probes: number;
  let changes: HealthVerdict[];
  let watch: HealthWatch;
  let open: number;

  beforeEach(() => {
    vi.useFakeTimers();
    answer = active;
    probes = 0;
    open = 1;
    changes = [];
  });

  const start = (): void => {
    watch = watchHealth({
      hsm: {
        state: () => ({ ...serving, sessions: { ...serving.sessions, ready: open } }),
        probe: () => {
          probes += 1;
          return Promise.resolve(answer);
        },
      },
      options: { intervalMs: 15_000, fleetSize: 2, version: '1.2.3' },
      now: () => Date.now(),
      onChange: (verdict) => changes.push(verdict),
    });
  };

  afterEach(() => {
    watch.close();
    vi.useRealTimers();
  });

  it('answers UNAVAILABLE at once and ACTIVE after the first proof', async () => {
    start();
    expect(watch.answer().ekmFleetDetails[0]?.healthStatus).toBe('UNAVAILABLE');
    await watch.proveNow();
    expect(watch.answer()).toEqual({
      xksProxyFleetSize: 2,
      xksProxyVendor: 'Keyrite',
      xksProxyModel: 'Keyrite XKS proxy 1.2.3',
      ekmVendor: 'SoftHSM project',
      ekmFleetDetails: [{ id: '0123', model: 'SoftHSM v2', healthStatus: 'ACTIVE' }],
    });
  });

  it('proves the HSM once per interval, however often it is asked', async () => {
    start();
    await watch.proveNow();
    for (let n = 0; n < 100; n++) watch.answer();
    expect(probes).toBe(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(probes).toBe(2);
  });

  it('looks again after a second while the HSM fails, and tells each change once', async () => {
    start();
    await watch.proveNow();
    answer = dead;
    await watch.proveNow();
    expect(changes.map(({ state }) => state)).toEqual(['ACTIVE', 'UNAVAILABLE']);
    expect(changes[1]?.problem).toMatch(/device error.*CKR_DEVICE_ERROR/);
    answer = active;
    await vi.advanceTimersByTimeAsync(1000);
    expect(changes.map(({ state }) => state)).toEqual(['ACTIVE', 'UNAVAILABLE', 'ACTIVE']);
  });

  it('looks at once when a request failed as if the HSM did, and not more often than once a second', async () => {
    start();
    await watch.proveNow();
    await vi.advanceTimersByTimeAsync(5000);
    for (let n = 0; n < 50; n++) watch.doubt();
    await watch.proveNow();
    for (let n = 0; n < 50; n++) watch.doubt();
    expect(probes).toBe(2);
  });

  it('asks nothing of an HSM without a session', async () => {
    open = 0;
    start();
    await watch.proveNow();
    expect(probes).toBe(0);
    expect(watch.verdict().state).toBe('UNAVAILABLE');
  });

  it('says UNAVAILABLE when the proofs stop coming', async () => {
    start();
    await watch.proveNow();
    watch.close();
    await vi.advanceTimersByTimeAsync(60_001);
    expect(watch.verdict().state).toBe('UNAVAILABLE');
  });
});
