import { describe, expect, test } from 'vitest';
import { deadlineState, durationText, milestoneOf } from '../../../renderer/parts/deadline-state';

const UNTIL = '2026-11-29T10:00:00.000Z';
const LAST_SAFE = '2026-11-29T06:00:00.000Z';

/** The state when this time is left to the end of the set. */
function left(hours: number, minutes: number, due: 'wrap' | 'import' = 'wrap') {
  return deadlineState({ until: UNTIL, lastSafe: LAST_SAFE, due }, new Date(Date.parse(UNTIL) - (hours * 60 + minutes) * 60_000));
}

describe('the countdown of a set', () => {
  test('counts to the last safe wrap while wrapping is due, then says that it is too late', () => {
    expect(left(24, 0)).toMatchObject({ urgency: 'open', leftMs: 20 * 3_600_000, gone: 0 });
    expect(left(5, 1).urgency).toBe('open');
    expect(left(5, 0).urgency).toBe('near');
    expect(left(4, 1).urgency).toBe('near');
    expect(left(4, 0).urgency).toBe('tooLate');
    expect(left(0, 1).urgency).toBe('tooLate');
    expect(left(0, 0).urgency).toBe('over');
    expect(left(-5, 0)).toMatchObject({ urgency: 'over', leftMs: 0, gone: 1 });
  });

  test('counts to the last safe import once the key is wrapped: hours in which wrapping may not begin are not too late for it', () => {
    expect(left(4, 0, 'import').urgency).toBe('open');
    expect(left(1, 15, 'import').urgency).toBe('near');
    expect(left(0, 15, 'import')).toMatchObject({ urgency: 'late', leftMs: 15 * 60_000 });
    expect(left(0, 0, 'import').urgency).toBe('over');
  });

  test('puts the notch where the last safe wrap lies', () => {
    expect(left(24, 0).limitAt).toBeCloseTo(20 / 24, 10);
    expect(left(24, 0, 'import').limitAt).toBeCloseTo(1 - 15 / (24 * 60), 10);
  });

  test('speaks at a few milestones, not every minute', () => {
    const said = Array.from({ length: 24 * 60 + 2 }, (_, i) => milestoneOf(left(0, 24 * 60 - i)));
    const changes = said.filter((one, i) => i > 0 && one !== said[i - 1]);
    expect(changes.length).toBeGreaterThan(8);
    expect(changes.length).toBeLessThan(24);
  });

  test('never shows more time than there is', () => {
    expect(durationText(20 * 3_600_000 - 1)).toBe('19 h 59 min');
    expect(durationText(59 * 60_000 + 59_999)).toBe('59 min');
    expect(durationText(9 * 60_000 + 5_900)).toBe('9 min 05 s');
    expect(durationText(0)).toBe('0 min 00 s');
  });
});
