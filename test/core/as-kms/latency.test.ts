import { afterEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { judgeLatency, percentile, summarise, type Sample } from '../../../core/as-kms/latency';
import { startReferenceProxy, type ReferenceProxy } from './reference-proxy';
import { run, testOf } from './run-against';

const took = (ms: number, error = '', attempts = 1): Sample => ({ ms, error, attempts });
const many = (count: number, ms: number): Sample[] => Array.from({ length: count }, () => took(ms));
const judged = (samples: readonly Sample[]) => judgeLatency(summarise(samples, 5, 50)).outcome;

describe('percentiles', () => {
  it('are members of what was measured, and no more than their share lies above', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (values, share) => {
          const sorted = [...values].sort((a, b) => a - b);
          const value = percentile(sorted, share);
          expect(sorted).toContain(value);
          expect(sorted.filter((it) => it > value).length).toBeLessThanOrEqual(sorted.length * (1 - share) + 1e-9);
          expect(sorted.filter((it) => it <= value).length).toBeGreaterThanOrEqual(sorted.length * share - 1e-9);
        },
      ),
    );
    expect(percentile([], 0.99)).toBe(0);
  });

  it('rise from p50 to the largest', () => {
    const { p50Ms, p95Ms, p99Ms, maxMs } = summarise(
      Array.from({ length: 200 }, (_, i) => took(200 - i)),
      5,
      50,
    );
    expect([p50Ms, p95Ms, p99Ms, maxMs]).toEqual([100, 190, 198, 200]);
  });
});

describe('the latency that KMS would be content with', () => {
  it('has p99 under 250 ms, and is remarked above 200 ms or with a single time-out', () => {
    expect(judged(many(100, 20))).toBe('holds');
    expect(judged([...many(99, 20), took(210)])).toBe('holds');
    expect(judged([...many(98, 20), took(210), took(215)])).toBe('warns');
    expect(judged([...many(199, 20), took(260, '', 2)])).toBe('warns');
    expect(judged([...many(98, 20), took(260, '', 2), took(500, 'timeout', 2)])).toBe('fails');
  });

  it('has hardly any errors, and never a wrong plaintext', () => {
    expect(judged([...many(199, 20), took(20, 'ThrottlingException')])).toBe('warns');
    expect(judged([...many(98, 20), took(20, 'InternalException'), took(20, 'InternalException')])).toBe('fails');
    expect(judged([...many(999, 20), took(20, 'wrong plaintext')])).toBe('fails');
    expect(judged([])).toBe('fails');
  });
});

describe('the latency run', () => {
  let proxy: ReferenceProxy | null = null;
  afterEach(async () => {
    await proxy?.close();
    proxy = null;
  });

  it('calls Encrypt and Decrypt at the rate and for the time that were asked for', async () => {
    proxy = await startReferenceProxy();
    const report = await run(testOf(`http://127.0.0.1:${proxy.port}`, { cases: [], latencySeconds: 1, rate: 40 }));
    expect(report.latency?.summary).toMatchObject({ calls: 40, seconds: 1, rate: 40, errors: {} });
    // one of each for the ciphertext that is decrypted
    expect(proxy.calls()).toBe(42);
  });

  it('compares every plaintext', async () => {
    proxy = await startReferenceProxy(['wrong plaintext later']);
    const report = await run(testOf(`http://127.0.0.1:${proxy.port}`, { cases: [], latencySeconds: 1, rate: 10 }));
    expect(report.latency?.summary?.errors).toEqual({ 'wrong plaintext': 5 });
    expect(report.verdict.isContent).toBe(false);
  });

  it('does not start without a ciphertext that decrypts, and that is no reason for content', async () => {
    proxy = await startReferenceProxy(['wrong plaintext']);
    const report = await run(testOf(`http://127.0.0.1:${proxy.port}`, { cases: [], latencySeconds: 1, rate: 10 }));
    expect(report.latency).toMatchObject({ summary: null, judgement: { outcome: 'untested' } });
    expect(report.verdict.isContent).toBe(false);
  });
});
