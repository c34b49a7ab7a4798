import { describe, expect, it } from 'vitest';
import { judge, OLDEST_MS, SLOW_PROBE_MS, type Probe } from '../../../proxy/health/verdict';
import { servingHsm as hsm } from '../hsm-state';

const NOW = 1_000_000;

const good: Probe = { at: NOW - 1000, tookMs: 3, found: 'ACTIVE', problem: '' };

describe('the health of the HSM', () => {
  it('is ACTIVE with a fresh, fast proof and every session open', () => {
    expect(judge(hsm(), good, NOW)).toEqual({ state: 'ACTIVE', problem: '' });
  });

  it('is UNAVAILABLE before the first proof', () => {
    expect(judge(hsm(), null, NOW).state).toBe('UNAVAILABLE');
  });

  it('never rests on a proof older than a minute', () => {
    expect(judge(hsm(), { ...good, at: NOW - OLDEST_MS }, NOW).state).toBe('ACTIVE');
    expect(judge(hsm(), { ...good, at: NOW - OLDEST_MS - 1 }, NOW).state).toBe('UNAVAILABLE');
  });

  it.each([
    ['killed', /kill switch/],
    ['loginRefused', /PIN/],
    ['starting', /session/],
    ['stopped', /session/],
  ] as const)('is UNAVAILABLE while %s, however good the last proof was', (condition, why) => {
    const verdict = judge(hsm({ condition }), good, NOW);
    expect(verdict.state).toBe('UNAVAILABLE');
    expect(verdict.problem).toMatch(why);
  });

  it('is UNAVAILABLE without any session', () => {
    expect(judge(hsm({ condition: 'recovering', sessions: { wanted: 4, ready: 0, busy: 0, hung: 4 } }), good, NOW).state).toBe(
      'UNAVAILABLE',
    );
  });

  it('is UNAVAILABLE when the proof failed, with the reason', () => {
    const failed: Probe = { ...good, found: 'UNAVAILABLE', problem: 'CKR_DEVICE_ERROR' };
    expect(judge(hsm(), failed, NOW)).toEqual({ state: 'UNAVAILABLE', problem: 'CKR_DEVICE_ERROR' });
  });

  it.each([
    ['a session hangs', hsm({ sessions: { wanted: 4, ready: 3, busy: 1, hung: 1 } }), good],
    ['a session is missing', hsm({ sessions: { wanted: 4, ready: 3, busy: 0, hung: 0 } }), good],
    ['sessions are being opened again', hsm({ condition: 'recovering' }), good],
    ['the proof was slow', hsm(), { ...good, tookMs: SLOW_PROBE_MS + 1 }],
    ['there is no health key', hsm(), { ...good, found: 'DEGRADED', problem: 'no health key' } as const],
  ] as const)('is DEGRADED when %s', (_, state, probe) => {
    const verdict = judge(state, probe, NOW);
    expect(verdict.state).toBe('DEGRADED');
    expect(verdict.problem).not.toBe('');
  });
});
