import { describe, expect, it } from 'vitest';
import { columns, ink } from '../../../core/cli/output';

describe('output', () => {
  it('colours on a terminal only', () => {
    expect(ink('red', 'missing', true)).toBe('\u001B[31mmissing\u001B[39m');
    expect(ink('red', 'missing', false)).toBe('missing');
  });

  it('aligns columns and leaves no blanks at the end of a line', () => {
    expect(columns([['a', 'bb', 'c'], ['aaa', 'b', ''], ['a']])).toEqual(['a    bb  c', 'aaa  b', 'a']);
  });
});
