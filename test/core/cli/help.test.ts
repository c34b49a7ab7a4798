import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generalHelp, verbHelp } from '../../../core/cli/help';
import { EXIT, type Verb } from '../../../core/cli/verb';

const FOLDER = join(import.meta.dirname, '../../../core/cli');

async function shippedVerbs(): Promise<Verb[]> {
  const verbs: Verb[] = [];
  for (const name of await readdir(FOLDER)) {
    if (!name.endsWith('.ts') || !/^export const verb\b/m.test(await readFile(join(FOLDER, name), 'utf8'))) continue;
    verbs.push(((await import(join(FOLDER, name))) as { verb: Verb }).verb);
  }
  return verbs;
}

const verbs = await shippedVerbs();

const verb = (change: Partial<Verb>): Verb => ({
  name: 'count',
  summary: 'count things',
  usage: 'count',
  options: {},
  positionals: { min: 0, max: 0 },
  run: () => Promise.resolve(EXIT.done),
  ...change,
});

describe('the help of every verb', () => {
  it.each(verbs.map((one) => [one.name, one] as const))('%s fits a terminal of 80 columns', (_, one) => {
    expect(
      verbHelp(one)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it('fits as a list, too', () => {
    expect(verbs.length).toBeGreaterThan(15);
    expect(generalHelp(verbs)).not.toMatch(/^.{81}/m);
  });

  it('goes on under its own column, and keeps an option of the usage with its value', () => {
    const hint = 'a hint of many words '.repeat(6).trim();
    const usage = `count ${'[--colour NAME] '.repeat(6).trim()}`;
    const lines = verbHelp(verb({ usage, options: { colour: { type: 'string', value: 'NAME', hint } } })).split('\n');
    expect(lines).toContain('    [--colour NAME] [--colour NAME] [--colour NAME]');
    expect(lines.filter((line) => /^ {17}(a|hint|of|many|words) /.test(line))).toHaveLength(1);
  });

  it('gives a name that is too long for its column a line of its own', () => {
    const help = verbHelp(verb({ options: { ['x'.repeat(40)]: { type: 'boolean', hint: 'a hint' } } }));
    expect(help).toContain(`  --${'x'.repeat(40)}\n${' '.repeat(30)}a hint\n`);
  });
});
