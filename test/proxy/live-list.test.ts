import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveList, type Place } from '../../proxy/live-list';

const valuesOf = <T>(list: LiveList<T>): T[] => Array.from(list, ({ value }) => value);

describe('a list of what is under way', () => {
  it('keeps what a Set would keep, in its order, whatever is added and removed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('add' as const), fc.nat(20)), { maxLength: 200 }), (acts) => {
        const list = new LiveList<number>();
        const model = new Set<number>();
        const places: Place<number>[] = [];
        for (const act of acts) {
          if (act === 'add') {
            model.add(places.length);
            places.push(list.add(places.length));
          } else {
            const place = places[act % Math.max(1, places.length)];
            if (place === undefined) continue;
            list.remove(place);
            model.delete(place.value);
          }
          expect(valuesOf(list)).toEqual([...model]);
          expect([list.size, list.oldest]).toEqual([model.size, [...model][0]]);
        }
      }),
    );
  });

  it('lets go of what was removed: no place points to another one any more', () => {
    const list = new LiveList<string>();
    const places = ['a', 'b', 'c'].map((value) => list.add(value));
    for (const place of [1, 0, 2]) list.remove(places[place]!);
    expect(places.map(({ before, after }) => [before, after])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it('goes on after a place that was removed when its turn was over', () => {
    const list = new LiveList<string>();
    for (const value of ['a', 'b', 'c']) list.add(value);
    const seen: string[] = [];
    for (const place of list) {
      seen.push(place.value);
      list.remove(place);
    }
    expect([seen, list.size, valuesOf(list)]).toEqual([['a', 'b', 'c'], 0, []]);
  });
});
