import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earliestEnd, importDeadline, IMPORT_MARGIN_MS } from '../../../core/keys/import-deadline';
import { SET_MARGIN_MS } from '../../../core/keys/import-set';

const VALID_TO = '2026-11-23T09:00:00.000Z';
const at = (now: string) => importDeadline([VALID_TO], Date.parse(now));

describe('the countdown of a set', () => {
  it.each([
    ['2026-11-22T09:00:00.000Z', 'wrap'],
    ['2026-11-23T04:59:59.999Z', 'wrap'],
    ['2026-11-23T05:00:00.000Z', 'import'],
    ['2026-11-23T08:44:59.999Z', 'import'],
    ['2026-11-23T08:45:00.000Z', 'late'],
    ['2026-11-23T08:59:59.999Z', 'late'],
    ['2026-11-23T09:00:00.000Z', 'over'],
    ['2027-11-23T09:00:00.000Z', 'over'],
  ])('at %s allows: %s', (now, phase) => {
    expect(at(now).phase).toBe(phase);
  });

  it('names the last safe times and what is left of each', () => {
    expect(at('2026-11-23T04:00:00.000Z')).toEqual({
      phase: 'wrap',
      validTo: VALID_TO,
      lastSafeWrap: '2026-11-23T05:00:00.000Z',
      lastSafeImport: '2026-11-23T08:45:00.000Z',
      toLastSafeWrapMs: 3_600_000,
      toLastSafeImportMs: 4.75 * 3_600_000,
      toValidToMs: 5 * 3_600_000,
    });
  });

  it('of several sets is that of the one that ends first', () => {
    const ends = ['2026-11-23T09:00:02.000Z', VALID_TO, '2026-11-23T09:00:01.000Z'];
    expect(earliestEnd(ends)).toBe(VALID_TO);
    expect(importDeadline(ends, 0).validTo).toBe(VALID_TO);
    expect(() => earliestEnd([])).toThrow(TypeError);
  });

  it('only ever moves on, and nothing left is below zero', () => {
    const order = ['wrap', 'import', 'late', 'over'];
    const end = Date.parse(VALID_TO);
    fc.assert(
      fc.property(fc.integer({ min: -2 * 86_400_000, max: 86_400_000 }), fc.nat(86_400_000), (from, later) => {
        const [a, b] = [importDeadline([VALID_TO], end + from), importDeadline([VALID_TO], end + from + later)];
        expect(order.indexOf(b.phase)).toBeGreaterThanOrEqual(order.indexOf(a.phase));
        expect(Math.min(b.toLastSafeWrapMs, b.toLastSafeImportMs, b.toValidToMs)).toBeGreaterThanOrEqual(0);
        expect(a.toValidToMs - a.toLastSafeWrapMs).toBeLessThanOrEqual(SET_MARGIN_MS);
        expect(a.toValidToMs - a.toLastSafeImportMs).toBeLessThanOrEqual(IMPORT_MARGIN_MS);
      }),
    );
  });
});
