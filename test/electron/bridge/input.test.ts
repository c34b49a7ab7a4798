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

describe('an input whose parts are shared', () => {
  it('is looked at once for each part: eight levels of eleven references would otherwise be two hundred million looks', () => {
    let looks = 0;
    let level: object = new Proxy([new Uint8Array([1])], {
      ownKeys: (target) => {
        looks += 1;
        return Reflect.ownKeys(target);
      },
    });
    for (let depth = 0; depth < 7; depth += 1) level = Array.from({ length: 11 }, () => level);
    overwriteBytes(level);
    expect(looks).toBe(1);
  });

  it('has its bytes overwritten wherever they hang', () => {
    const secret = new Uint8Array([1, 2, 3]);
    overwriteBytes({ a: { secret }, b: [{ secret }] });
    expect([...secret]).toEqual([0, 0, 0]);
  });
});
