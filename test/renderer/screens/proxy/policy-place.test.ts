import { expect, test } from 'vitest';
import { placeOf } from '../../../../renderer/screens/proxy/policy-place';

const selected = (text: string, line: number, column: number): string => {
  const { start, end } = placeOf(text, line, column);
  return text.slice(start, end);
};

test('a place selects the rest of its line', () => {
  const text = 'permit (\n  principal\n);\n';
  expect(selected(text, 1, 1)).toBe('permit (');
  expect(selected(text, 2, 3)).toBe('principal');
  expect(selected(text, 3, 2)).toBe(';');
});

test('columns count characters, not the halves of one', () => {
  expect(selected('// 🔑ü x', 1, 5)).toBe('ü x');
});

test('a place outside of the text is the nearest inside', () => {
  expect(placeOf('ab\ncd', 9, 1)).toEqual({ start: 3, end: 5 });
  expect(placeOf('ab\ncd', 1, 9)).toEqual({ start: 2, end: 2 });
  expect(placeOf('', 0, 0)).toEqual({ start: 0, end: 0 });
});
