import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limitStrangers } from '../../../proxy/audit/strangers';
import type { RequestRecord } from '../../../proxy/request-record';
import { record } from './ground';

const unsigned: RequestRecord = { ...record(''), outcome: 'AuthenticationFailedException', status: 401 };
const denied: RequestRecord = { ...record('r'), outcome: 'AccessDeniedException', status: 403 };

describe('lines for strangers', () => {
  const lines: RequestRecord[] = [];
  const acts: [string, unknown][] = [];
  const audit = {
    request: (line: RequestRecord) => Promise.resolve(lines.push(line) > 0),
    act: (type: string, data: unknown) => Promise.resolve(acts.push([type, data]) > 0),
  };

  beforeEach(() => {
    vi.useFakeTimers();
    lines.length = 0;
    acts.length = 0;
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('are bounded, while everybody who signs gets a line each', async () => {
    const strangers = limitStrangers(audit, () => Date.now());
    for (let n = 0; n < 5000; n++) expect(await strangers.request(unsigned)).toBe(true);
    expect(lines).toHaveLength(100);
    for (let n = 0; n < 50; n++) await strangers.request(denied);
    expect(lines).toHaveLength(150);
    await strangers.close();
  });

  it('come again with time, one a second', async () => {
    const strangers = limitStrangers(audit, () => Date.now());
    for (let n = 0; n < 200; n++) await strangers.request(unsigned);
    await vi.advanceTimersByTimeAsync(5000);
    for (let n = 0; n < 200; n++) await strangers.request(unsigned);
    expect(lines).toHaveLength(105);
    await strangers.close();
  });

  it('are replaced by a count of what was refused, each minute and at the end', async () => {
    const strangers = limitStrangers(audit, () => Date.now());
    for (let n = 0; n < 130; n++) await strangers.request(unsigned);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(acts).toEqual([['strangers', { refusedWithoutLine: { AuthenticationFailedException: 30 } }]]);
    for (let n = 0; n < 61; n++) await strangers.request({ ...unsigned, outcome: 'InvalidUriPathException' });
    await strangers.close();
    expect(acts[1]).toEqual(['strangers', { refusedWithoutLine: { InvalidUriPathException: 1 } }]);
  });

  it('do not come faster when the clock is set back', async () => {
    let at = 1_000_000;
    const strangers = limitStrangers(audit, () => at);
    for (let n = 0; n < 200; n++) await strangers.request(unsigned);
    at = 0;
    for (let n = 0; n < 200; n++) await strangers.request(unsigned);
    expect(lines).toHaveLength(100);
    await strangers.close();
  });
});
