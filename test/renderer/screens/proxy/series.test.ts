import { describe, expect, test } from 'vitest';
import { linearScale, pathOf } from '../../../../renderer/parts/time-chart';
import { mixOf, rateNow, SHOWN_SECONDS, valuesPerSecond } from '../../../../renderer/screens/proxy/series';
import { live } from '../../fixtures/proxy';

const [sample] = live.seconds;
if (sample === undefined) throw new Error('The fixture has no second.');
const at = (second: number, requests: number) => ({ ...sample, second, requests });

describe('the seconds of a chart', () => {
  test('stand where they belong; idle seconds and those outside are not invented', () => {
    const until = 1000;
    const values = valuesPerSecond([at(700, 9), at(701, 1), at(1000, 2), at(1001, 9)], until, ({ requests }) => requests, null);
    expect(values).toHaveLength(SHOWN_SECONDS);
    expect([values[0], values.at(-1)]).toEqual([1, 2]);
    expect(values.filter((value) => value !== null)).toHaveLength(2);
  });

  test('are told as a rate over ten seconds, idle ones with them', () => {
    expect(rateNow([at(90, 500), at(95, 30), at(100, 20)], 100)).toBe(5);
    expect(rateNow([], 100)).toBe(0);
  });
});

test('outcomes are told with ok first, then the most frequent, in shares of all', () => {
  expect(mixOf({ ThrottlingException: 1, ok: 2, InternalException: 5 })).toEqual([
    { outcome: 'ok', count: 2, share: 0.25 },
    { outcome: 'InternalException', count: 5, share: 0.625 },
    { outcome: 'ThrottlingException', count: 1, share: 0.125 },
  ]);
});

describe('a line', () => {
  test('is broken where there is no value, and a value alone is still seen', () => {
    const scale = { place: (value: number) => value, ticks: [] };
    expect(pathOf([0, 1, null, 1, null, null], scale)).toBe('M0.0 150.0L120.0 0.0M360.0 0.0h1.5');
    expect(pathOf([null, null], scale)).toBe('');
  });

  test('ends below a round number, and a quiet proxy is no mountain range', () => {
    expect(linearScale([3, null, 640], 10).ticks.map(({ value }) => value)).toEqual([0, 500, 1000]);
    expect(linearScale([1], 10).ticks.map(({ value }) => value)).toEqual([0, 5, 10]);
  });
});
