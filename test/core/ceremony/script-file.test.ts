import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScript, type ScriptProblem } from '../../../core/ceremony/script-file';

const shipped = readFileSync(new URL('../../../resources/ceremonies/hsm-key.yaml', import.meta.url), 'utf8');

function problems(text: string): readonly ScriptProblem[] {
  const reading = readScript(text);
  return reading.ok ? [] : reading.problems;
}

/** The shipped script with one piece of text replaced; fails when the piece is not there. */
function changed(from: string | RegExp, to: string): string {
  const text = shipped.replace(from, to);
  if (text === shipped) throw new Error('Nothing was changed.');
  return text;
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

describe('a ceremony script is refused', () => {
  it('for an unknown field, at its line and column, with a remedy', () => {
    const text = changed('        title: People and places\n', '        title: People and places\n        colour: blue\n');
    expect(problems(text)).toEqual([
      {
        line: lineOf(text, 'colour: blue'),
        column: 9,
        problem: 'Unknown field "colour".',
        remedy: expect.stringMatching(/spelling/) as string,
      },
    ]);
  });

  it('for YAML that does not parse, at its line', () => {
    expect(problems('format: [keyrite')[0]).toMatchObject({ line: 1 });
    expect(problems('a: 1\na: 2\n')[0]).toMatchObject({ line: 2 });
  });

  it('for aliases, so that a reviewer sees what runs', () => {
    expect(problems('format: &f keyrite-script-1\nid: *f\n')[0]?.problem).toMatch(/alias/);
  });

  it('when it is larger than any script', () => {
    expect(problems('#'.repeat(600_000))[0]?.problem).toMatch(/larger/);
  });

  it.each<[string, string | RegExp, string, RegExp]>([
    ['an unknown action', 'do: { action: attendance }', 'do: { action: dance }', /action/],
    ['an unknown verb', 'verb: token.generate', 'verb: token.create', /verb/],
    [
      'a missing duration',
      /id: '1\.1'\n( +)title: People and places\n +seat: CA\n +minutes: 5/,
      "id: '1.1'\n$1title: People and places\n$1seat: CA",
      /minutes/,
    ],
    ['a wrong estimate', 'estimate: 76', 'estimate: 75', /add up to 76/],
    ['a step id that stands twice', "id: '1.2'", "id: '1.1'", /stands twice|does not exist/],
    ['a seat that is none', 'reader: CA, checker: IW', 'reader: CA, checker: XX', /no seat/],
    ['a reader who checks the own reading', 'reader: CA, checker: IW', 'reader: CA, checker: CA', /own reading/],
    ['a quorum nobody can reach', 'quorum: 3', 'quorum: 9', /wants 9 of 4/],
    ['an approval that is not defined', 'gate: plan, subject', 'gate: planet, subject', /not defined/],
    ['a conflict with a role that is none', 'conflicts: [IW, SO, CO, EW]', 'conflicts: [ZZ]', /no role/],
    ['a requirement that nothing brings about', 'requires: [ends.tied]', 'requires: [moon.full]', /moon\.full/],
    ['a place in the words that nothing fills', 'I open ceremony {id}', 'I open ceremony {idd}', /\{idd\}/],
    ['a section that points nowhere', "deviations: ['1.2']", "deviations: ['9.9']", /does not exist/],
    ['a sign-off section without a sign-off', "signOff: ['4.6']", "signOff: ['4.5']", /signOff/],
    ['a missing section', /  deviations: .*\n/, '', /deviations/],
    ['a default that is no option', 'default: xks\n', 'default: tks\n', /none of its options/],
    ['a pattern that is not anchored', "pattern: '^[A-Za-z0-9][A-Za-z0-9-]{2,31}$'", "pattern: '[A-Za-z'", /regular expression/],
    ['a condition on a value that does not exist', 'is: [blank] }', 'is: [empty] }', /does not exist/],
  ])('for %s', (_, from, to, expected) => {
    const found = problems(changed(from, to));
    expect(found.map(({ problem }) => problem).join('\n')).toMatch(expected);
    for (const { line, column, remedy } of found) expect([line > 0, column > 0, remedy.length > 10]).toEqual([true, true, true]);
  });

  it('when steps cannot chain because the generation stands before the approval of its template', () => {
    const lines = shipped.split('\n');
    const start = lines.findIndex((line) => line.includes("id: '3.2'"));
    const end = lines.findIndex((line) => line.includes("id: '3.3'"));
    const moved = [...lines.slice(0, start), ...lines.slice(end)]
      .join('\n')
      .replace("approval: ['1.6', '3.2']", "approval: ['1.6']")
      .replace('estimate: 76', 'estimate: 72');
    expect(problems(moved).map(({ problem }) => problem)).toEqual([expect.stringMatching(/3\.3 requires template\.approved/)]);
  });

  it('when a logout stands before an act that needs the login', () => {
    const text = changed('do: { action: act, verb: token.preflight }', 'do: { action: act, verb: token.logout }');
    expect(
      problems(text)
        .map(({ problem }) => problem)
        .join(),
    ).toMatch(/2\.10 requires token\.loggedIn/);
  });
});
