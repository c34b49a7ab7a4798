import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MinuteRing } from '../../../proxy/metrics/minute-ring';

describe('the last minute', () => {
  it('is empty at first', () => {
    expect(new MinuteRing(() => 1000).read()).toEqual({ count: 0, errors: 0, p50Ms: null, p99Ms: null });
  });

  it('has percentiles that are right to a tenth', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.06, max: 4000, noNaN: true }), { minLength: 1, maxLength: 300 }), (times) => {
        const ring = new MinuteRing(() => 1000);
        for (const time of times) ring.add(time, false);
        const sorted = [...times].sort((a, b) => a - b);
        for (const [share, told] of [
          [0.5, ring.read().p50Ms],
          [0.99, ring.read().p99Ms],
        ] as const) {
          const exact = sorted[Math.ceil(times.length * share) - 1] ?? 0;
          expect(told).toBeGreaterThanOrEqual(exact - 0.006);
          expect(told).toBeLessThanOrEqual(exact * 1.101 + 0.006);
        }
      }),
    );
  });

  it('forgets what is a minute old, also after a long rest and when the clock is set', () => {
    let now = 1_000_000;
    const ring = new MinuteRing(() => now);
    ring.add(5, true);
    now += 59_000;
    ring.add(10, false);
    expect(ring.read()).toMatchObject({ count: 2, errors: 1 });
    now += 1000;
    expect(ring.read()).toMatchObject({ count: 1, errors: 0 });
    now += 3_600_000;
    expect(ring.read().count).toBe(0);
    ring.add(1, false);
    now -= 7_200_000;
    expect(ring.read().count).toBe(0);
  });

  it('takes times beyond all bounds', () => {
    const ring = new MinuteRing(() => 1000);
    for (const time of [0, -1, Number.NaN, 1e9, Number.POSITIVE_INFINITY]) ring.add(time, false);
    expect(ring.read().count).toBe(5);
  });
});
