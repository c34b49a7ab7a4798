import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../core/cli/arguments';
import { EXIT, type Verb } from '../../../core/cli/verb';

const wrap: Verb = {
  name: 'wrap',
  summary: 'Wraps.',
  usage: 'wrap DIR [--purpose PURPOSE] [--json]',
  options: {
    purpose: { type: 'string', short: 'p', value: 'PURPOSE', default: 'xks', hint: 'what for' },
    json: { type: 'boolean', hint: 'as JSON' },
  },
  positionals: { min: 1, max: 1 },
  run: () => Promise.resolve(EXIT.done),
};

describe('arguments of a verb', () => {
  it('gives values, defaults and positionals', () => {
    expect(readArguments(wrap, ['pack', '--json'])).toEqual({
      kind: 'run',
      values: { __proto__: null, json: true, purpose: 'xks' },
      positionals: ['pack'],
    });
  });

  it('takes short names and --name=value', () => {
    expect(readArguments(wrap, ['pack', '-p', 'byok'])).toMatchObject({ values: { purpose: 'byok' } });
    expect(readArguments(wrap, ['pack', '--purpose=byok'])).toMatchObject({ values: { purpose: 'byok' } });
  });

  it('answers help whatever else is wrong', () => {
    expect(readArguments(wrap, ['--bogus', '--help'])).toEqual({ kind: 'help' });
    expect(readArguments(wrap, ['-h'])).toEqual({ kind: 'help' });
  });

  it('takes --help behind -- as a name', () => {
    expect(readArguments(wrap, ['--', '--help'])).toMatchObject({ kind: 'run', positionals: ['--help'] });
  });

  it('names the option that was meant', () => {
    expect(readArguments(wrap, ['pack', '--purpos', 'x'])).toEqual({
      kind: 'unusable',
      problem: "Unknown option '--purpos'. Did you mean --purpose?",
    });
  });

  it('does not guess where nothing is near', () => {
    expect(readArguments(wrap, ['pack', '--zzzzzzz'])).toEqual({ kind: 'unusable', problem: "Unknown option '--zzzzzzz'." });
  });

  it('refuses an option without its value', () => {
    expect(readArguments(wrap, ['pack', '--purpose'])).toMatchObject({
      kind: 'unusable',
      problem: expect.stringContaining('--purpose'),
    });
  });

  it('refuses too few and too many positionals', () => {
    expect(readArguments(wrap, [])).toEqual({ kind: 'unusable', problem: 'Something is missing.' });
    expect(readArguments(wrap, ['one', 'two'])).toEqual({ kind: 'unusable', problem: '"two" is one too many.' });
  });
});
