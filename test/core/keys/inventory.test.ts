import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { diffInventory, type InventoryEntry } from '../../../core/keys/inventory';

const entry: fc.Arbitrary<InventoryEntry> = fc.record({
  class: fc.constantFrom('secret', 'public'),
  keyType: fc.constant('AES'),
  label: fc.constantFrom('a', 'b'),
  ckaId: fc.constantFrom('01', '02'),
  uniqueId: fc.constant(''),
  digest: fc.constantFrom('d1', 'd2', 'd3'),
});
const list = fc.array(entry, { maxLength: 8 });
const texts = (entries: readonly InventoryEntry[]) => entries.map((one) => JSON.stringify(one)).toSorted();

describe('the difference of two inventories', () => {
  it('is nothing for the same objects in any order', () => {
    fc.assert(
      fc.property(list, (before) => {
        expect(diffInventory(before, before.toReversed())).toEqual({ added: [], removed: [], changed: [] });
      }),
    );
  });

  it('turns the first inventory into the second', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const { added, removed, changed } = diffInventory(before, after);
        const left = [...before];
        for (const gone of [...removed, ...changed.map((change) => change.before)]) {
          left.splice(
            left.findIndex((one) => JSON.stringify(one) === JSON.stringify(gone)),
            1,
          );
        }
        expect(texts([...left, ...added, ...changed.map((change) => change.after)])).toEqual(texts(after));
      }),
    );
  });

  it('counts twins: a second object under the same label and id is an addition', () => {
    const one: InventoryEntry = { class: 'secret', keyType: 'AES', label: 'a', ckaId: '01', uniqueId: '', digest: 'd1' };
    expect(diffInventory([one], [one, one]).added).toEqual([one]);
    expect(diffInventory([one, one], [one]).removed).toEqual([one]);
    expect(diffInventory([one], [{ ...one, digest: 'd2' }]).changed).toHaveLength(1);
  });
});
