import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProxyLive } from '../../../../core/contract/proxy-live';
import { filtered, KEPT, NO_FILTER, NOTHING_YET, valuesOf, withAnswer } from '../../../../renderer/screens/proxy/flow';
import { live } from '../../fixtures/proxy';

const [sample] = live.requests;
if (sample === undefined) throw new Error('The fixture has no request.');

/** What a proxy answers that has counted to `upTo`, when it is asked for those after `since`. */
function answer(since: number, upTo: number, run = 'a'): ProxyLive {
  const from = Math.max(since > upTo ? 0 : since, upTo - 500);
  const requests = Array.from({ length: upTo - from }, (_, i) => ({ ...sample!, seq: from + 1 + i }));
  return { ...live, run, upTo, requests };
}

describe('the flow', () => {
  test('lists each request once, the newest first, and counts those that came too fast', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1500), { minLength: 1, maxLength: 12 }), (steps) => {
        let upTo = 0;
        let flow = NOTHING_YET;
        for (const step of steps) {
          upTo += step;
          flow = withAnswer(flow, answer(flow.upTo, upTo));
        }
        const seqs = flow.requests.map(({ seq }) => seq);
        expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => b - a));
        expect(seqs.length).toBeLessThanOrEqual(KEPT);
        if (upTo > 0) expect(seqs[0]).toBe(upTo);
        const missedLater = steps.slice(1).reduce((sum, step) => sum + Math.max(0, step - 500), 0);
        expect(flow.missed).toBe(missedLater);
      }),
    );
  });

  test('begins anew with another run, also where that one has counted further', () => {
    const before = withAnswer(NOTHING_YET, answer(0, 40));
    for (const upTo of [3, 400]) {
      const after = withAnswer(before, answer(before.upTo, upTo, 'b'));
      expect(after.requests.every(({ seq }) => seq <= upTo)).toBe(true);
      expect(after.requests).not.toContain(before.requests[0]);
      expect(after.missed).toBe(0);
    }
  });

  test('keeps the very list where nothing came, so that nothing is drawn anew', () => {
    const before = withAnswer(NOTHING_YET, answer(0, 40));
    expect(withAnswer(before, answer(40, 40)).requests).toBe(before.requests);
  });
});

describe('the filter', () => {
  const requests = live.requests;

  test('finds a text in any field, whatever its case, together with caller, key and outcome', () => {
    expect(filtered(requests, NO_FILTER)).toBe(requests);
    const snape = filtered(requests, { ...NO_FILTER, search: ' SNAPE ' });
    expect(snape.length).toBeGreaterThan(0);
    expect(snape.every(({ caller }) => caller.endsWith('user/Snape'))).toBe(true);
    expect(filtered(requests, { ...NO_FILTER, search: 'snape', outcome: 'ok' })).toEqual([]);
    const one = filtered(requests, { ...NO_FILTER, search: requests[7]?.kmsRequestId ?? '' });
    expect(one).toEqual([requests[7]]);
    expect(filtered(requests, { ...NO_FILTER, key: 'ledger-root' }).every(({ key }) => key === 'ledger-root')).toBe(true);
  });

  test('offers each value once, sorted, and none that is empty', () => {
    expect(valuesOf([...requests, { ...sample, key: '' }], 'key')).toEqual(['ledger-root', 'payments-root']);
  });
});
