import { expect, test } from 'vitest';
import type { SecretHandle } from '../../../renderer/parts/secret-field';
import { takeTwice } from '../../../renderer/parts/take-twice';

function field(text: string): { readonly handle: SecretHandle; readonly bytes: Uint8Array<ArrayBuffer> } {
  const bytes = new TextEncoder().encode(text);
  return { bytes, handle: { take: () => (text === '' ? null : bytes), clear: () => undefined } };
}

test('two equal entries give the bytes of the first, and the second is overwritten', () => {
  const [first, second] = [field('1234'), field('1234')];
  expect(takeTwice(first.handle, second.handle)).toBe(first.bytes);
  expect([...first.bytes]).toEqual([49, 50, 51, 52]);
  expect([...second.bytes]).toEqual([0, 0, 0, 0]);
});

test('two different entries give nothing, and both are overwritten', () => {
  const [first, second] = [field('1234'), field('1235')];
  expect(takeTwice(first.handle, second.handle)).toBe('differ');
  expect([...first.bytes, ...second.bytes]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

test('an entry that is missing is told apart from one that differs', () => {
  expect(takeTwice(field('').handle, field('1').handle)).toBe('empty');
  expect(takeTwice(field('1').handle, field('').handle)).toBe('differ');
  expect(takeTwice(null, null)).toBe('empty');
});
