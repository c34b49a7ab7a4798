import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en';

/** Every string below a value; functions are asked with plain arguments. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return strings((value as (...inputs: unknown[]) => unknown)(1, 2, 3, 4, 5, 6));
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(strings);
  return [];
}

test('every text of the page is there and says something', () => {
  const all = strings(en);
  expect(all.length).toBeGreaterThan(300);
  for (const one of all) expect(one.trim()).not.toBe('');
});

test('no text has a leftover of code in it', () => {
  for (const one of strings(en)) expect(one).not.toMatch(/undefined|\[object|NaN|\$\{/u);
});
