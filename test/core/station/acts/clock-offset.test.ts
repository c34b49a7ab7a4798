import { describe, expect, it } from 'vitest';
import { clockOffset } from '../../../../core/station/acts/clock-offset';
import { timeAt } from '../../pack/sample-audit';

/** A call from second to second here, whose line was written at a second there. */
const seen = (from: number, to: number, lineAt: number) => ({ from: timeAt(from), to: timeAt(to), lineAt: timeAt(lineAt) });

describe('how far the clock of a server is ahead', () => {
  it('is bounded by a call from both sides', () => {
    expect(clockOffset([seen(10, 10.1, 10.05)])).toEqual({ atLeastMs: -51, atMostMs: 51 });
    expect(clockOffset([seen(10, 10.1, 13.05)])).toEqual({ atLeastMs: 2949, atMostMs: 3051 });
    expect(clockOffset([seen(10, 10.1, 8.05)])).toEqual({ atLeastMs: -2051, atMostMs: -1949 });
  });

  it('is bounded more narrowly by every further call', () => {
    expect(clockOffset([seen(10, 10.1, 10.09), seen(20, 20.1, 20.01)])).toEqual({ atLeastMs: -11, atMostMs: 11 });
  });

  it('is not known without a call, and where a clock was set in between', () => {
    expect(clockOffset([])).toBeNull();
    expect(clockOffset([seen(10, 10.1, 10.05), seen(20, 20.1, 25.05)])).toBeNull();
  });
});
