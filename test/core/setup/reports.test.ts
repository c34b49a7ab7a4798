import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, lastLine, sum } from '../../../core/setup/reports.mjs';

const cases = (...statuses: string[]) => statuses.map((status) => ({ status }));

describe('counting test cases', () => {
  it('counts every case of a vitest report once', () => {
    const report = {
      testResults: [
        { status: 'failed', assertionResults: cases('passed', 'failed', 'pending', 'todo') },
        { status: 'passed', assertionResults: cases('passed') },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it('counts a file that broke before its first case as a failure', () => {
    expect(countVitest({ testResults: [{ status: 'failed', assertionResults: [] }] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a hook that failed beside passing cases as a failure', () => {
    expect(countVitest({ testResults: [{ status: 'failed', assertionResults: cases('passed') }] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts flaky app tests and errors outside of tests as failures', () => {
    expect(countPlaywright({ stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 3 }, errors: [{}] })).toEqual({
      passed: 5,
      failed: 4,
      skipped: 3,
    });
  });

  it('adds up to the exact last line', () => {
    const counts = sum([
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 3, failed: 1, skipped: 0 },
    ]);
    expect(lastLine(counts)).toBe('4 passed, 1 failed, 2 skipped');
  });
});
