import { describe, expect, it } from 'vitest';
import { isTooLarge, overwriteBytes } from '../../../electron/bridge/input';

describe('the size of an input', () => {
  it('may be that of an honest one', () => {
    for (const input of [
      undefined,
      null,
      'x',
      1,
      new Uint8Array(256),
      { command: { reason: 'x'.repeat(2000) }, pin: new Uint8Array(8) },
    ]) {
      expect(isTooLarge(input)).toBe(false);
    }
  });

  it.each([
    ['a long text', 'x'.repeat(70_000)],
    ['a long text deep inside', { a: { b: ['x'.repeat(70_000)] } }],
    ['many members', Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`k${String(index)}`, 1]))],
    ['many bytes', { pin: new Uint8Array(70_000) }],
    ['a nesting without end', Array.from({ length: 50 }).reduce<unknown>((inner) => ({ inner }), 1)],
  ])('may not be that of %s', (_, input) => {
    expect(isTooLarge(input)).toBe(true);
  });

  it('ends for a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(isTooLarge(loop)).toBe(true);
    overwriteBytes(loop);
  });
});

describe('secrets of an input', () => {
  it('are overwritten wherever they are', () => {
    const pin = new Uint8Array([1, 2, 3]);
    const others = [new Uint8Array([4]), new Uint8Array([5])];
    overwriteBytes({ pin, nested: { others }, text: 'stays' });
    expect([[...pin], [...others[0]!], [...others[1]!]]).toEqual([[0, 0, 0], [0], [0]]);
  });
});
