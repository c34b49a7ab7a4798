import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEPT, RequestRing, TEXT_LIMIT, TOLD } from '../../../proxy/live/request-ring';
import { record } from '../audit/ground';

describe('the requests of late', () => {
  it('are those after the one that is known, the newest 500 at most, in their order', () => {
    fc.assert(
      fc.property(fc.nat(2 * KEPT + 50), fc.nat(2 * KEPT + 100), (many, since) => {
        const ring = new RequestRing();
        for (let i = 1; i <= many; i += 1) ring.add(record(`request-${String(i)}`), 1000 * i);
        expect(ring.upTo).toBe(many);
        const from = Math.max(since > many ? 0 : since, many - TOLD);
        const wanted = Array.from({ length: many - from }, (_, i) => from + 1 + i);
        const told = ring.after(since);
        expect(told.map(({ seq }) => seq)).toEqual(wanted);
        expect(told.map(({ kmsRequestId }) => kmsRequestId)).toEqual(wanted.map((seq) => `request-${String(seq)}`));
        expect(told.map(({ at }) => Date.parse(at))).toEqual(wanted.map((seq) => 1000 * seq));
      }),
      { numRuns: 40 },
    );
  });

  it('have texts of bounded length, and no more than the record holds', () => {
    const ring = new RequestRing();
    ring.add(record('1', { caller: 'a'.repeat(2048), api: null }), 0);
    const [told] = ring.after(0);
    expect(told?.caller).toHaveLength(TEXT_LIMIT);
    expect(told).toMatchObject({ seq: 1, api: '', key: 'pay-key', at: '1970-01-01T00:00:00.000Z' });
  });
});
