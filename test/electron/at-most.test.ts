import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atMost } from '../../electron/at-most';

describe('what is done at most so often', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is done at once, then once per interval, and never forgotten', () => {
    const done: number[] = [];
    const ask = atMost(250, () => done.push(Date.now()));
    const from = Date.now();
    for (let n = 0; n < 100; n++) {
      ask();
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1_000);
    expect(done.map((at) => at - from)).toEqual([0, 250, 500, 750, 1000]);
    ask();
    expect(done).toHaveLength(6);
  });
});
