import { expect, test } from 'vitest';
import { inGroups } from '../../../renderer/parts/in-groups';

test('a serial is shown four characters at a time', () => {
  expect(inGroups('4f1c22d09a7e0b31')).toBe('4f1c 22d0 9a7e 0b31');
  expect(inGroups('12345')).toBe('1234 5');
  expect(inGroups('1234')).toBe('1234');
  expect(inGroups('')).toBe('');
});
