import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECONDS, SecondRing, type Timed } from '../../../proxy/live/second-ring';

const took = (totalMs: number, more: Partial<Timed> = {}): Timed => ({
  totalMs,
  queueMs: totalMs / 4,
  hsmMs: totalMs / 2,
  outcome: 'ok',
  ...more,
});

const failed = (totalMs: number): Timed => took(totalMs, { outcome: 'InternalException' });

/** Within the bucket that holds the exact value: a tenth above it at most, and both are rounded. */
function expectTold(told: number | null, times: readonly number[], share: number): void {
  const exact = [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0;
  expect(told).toBeGreaterThanOrEqual(exact - 0.006);
  expect(told).toBeLessThanOrEqual(exact * 1.101 + 0.006);
}

const manyTimes = fc.array(fc.double({ min: 0.3, max: 4000, noNaN: true }), { minLength: 1, maxLength: 300 });

describe('the last minute', () => {
  it('is empty at first', () => {
    expect(new SecondRing(() => 1000).lastMinute()).toEqual({ count: 0, errors: 0, p50Ms: null, p99Ms: null });
  });

  it('has percentiles that are right to a tenth', () => {
    fc.assert(
      fc.property(manyTimes, (times) => {
        const ring = new SecondRing(() => 1000);
        for (const time of times) ring.add(took(time));
        expectTold(ring.lastMinute().p50Ms, times, 0.5);
        expectTold(ring.lastMinute().p99Ms, times, 0.99);
      }),
    );
  });

  it('forgets what is a minute old, also after a long rest and when the clock is set', () => {
    let now = 1_000_000;
    const ring = new SecondRing(() => now);
    ring.add(failed(5));
    now += 59_000;
    ring.add(took(10));
    expect(ring.lastMinute()).toMatchObject({ count: 2, errors: 1 });
    now += 1000;
    expect(ring.lastMinute()).toMatchObject({ count: 1, errors: 0 });
    now += 3_600_000;
    expect(ring.lastMinute().count).toBe(0);
    ring.add(took(1));
    now -= 7_200_000;
    expect(ring.lastMinute().count).toBe(0);
  });

  it('takes times beyond all bounds', () => {
    const ring = new SecondRing(() => 1000);
    for (const time of [0, -1, Number.NaN, 1e9, Number.POSITIVE_INFINITY]) ring.add(took(time));
    expect(ring.lastMinute().count).toBe(5);
  });
});

describe('the last five minutes by the second', () => {
  it('have percentiles of the whole and of its parts that are right to a tenth', () => {
    fc.assert(
      fc.property(manyTimes, (times) => {
        let now = 5000;
        const ring = new SecondRing(() => now);
        for (const time of times) ring.add(took(time));
        now += 1000;
        const [second] = ring.read().seconds;
        expectTold(second?.p50Ms ?? null, times, 0.5);
        expectTold(second?.p95Ms ?? null, times, 0.95);
        expectTold(second?.p99Ms ?? null, times, 0.99);
        expectTold(
          second?.queueP50Ms ?? null,
          times.map((time) => time / 4),
          0.5,
        );
        expectTold(
          second?.hsmP50Ms ?? null,
          times.map((time) => time / 2),
          0.5,
        );
      }),
    );
  });

  it('count the same as somebody who keeps everything', () => {
    const steps = fc.array(
      fc.record({
        waitMs: fc.oneof(fc.nat(2500), fc.nat(400_000)),
        outcome: fc.constantFrom('ok', 'InternalException', 'ThrottlingException'),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let now = 1_000_000;
        const ring = new SecondRing(() => now);
        const kept: { second: number; outcome: string }[] = [];
        for (const { waitMs, outcome } of all) {
          now += waitMs;
          ring.add(took(1, { outcome }));
          kept.push({ second: Math.floor(now / 1000), outcome });
        }
        const { until, seconds, outcomes } = ring.read();
        expect(until).toBe(Math.floor(now / 1000) - 1);
        const recent = kept.filter(({ second }) => second <= until && second > until - SECONDS);
        const count = (of: (one: { second: number; outcome: string }) => boolean): number => recent.filter(of).length;
        const wanted = [...new Set(recent.map(({ second }) => second))].map((second) => ({
          second,
          requests: count((one) => one.second === second),
          refused: count((one) => one.second === second && one.outcome !== 'ok'),
        }));
        expect(seconds.map(({ second, requests, refused }) => ({ second, requests, refused }))).toEqual(wanted);
        for (const outcome of ['ok', 'InternalException', 'ThrottlingException'])
          expect(outcomes[outcome] ?? 0).toBe(count((one) => one.outcome === outcome));
      }),
    );
  });

  it('keep the oldest of them while the second under way is counted', () => {
    let now = 1_000_000;
    const ring = new SecondRing(() => now);
    ring.add(took(1));
    now += SECONDS * 1000;
    ring.add(took(1));
    expect(ring.read().seconds.map(({ second }) => second)).toEqual([1000]);
  });

  it('leave out the second under way, and the parts of what never came to the HSM', () => {
    let now = 5000;
    const ring = new SecondRing(() => now);
    ring.add(took(4, { queueMs: 0, hsmMs: 0, outcome: 'AccessDeniedException' }));
    expect(ring.read().seconds).toEqual([]);
    now += 1000;
    expect(ring.read().seconds).toMatchObject([{ requests: 1, refused: 1, queueP50Ms: 0, hsmP50Ms: 0 }]);
  });
});
