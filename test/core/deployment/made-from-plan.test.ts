import { describe, expect, it } from 'vitest';
import { asShown, notMadeFrom, textsOf } from '../../../core/deployment/made-from-plan';
import { planOf } from './plans';

const PLAN = planOf({
  authorization: { policyFile: '/policy.cedar', principals: ['arn:aws:iam::111122223333:role/app'], kmsKeyArns: null },
});
const MADE = textsOf(PLAN);

describe('settings and policy beside a plan', () => {
  it('are its own as they were made, and under the comments of another release', () => {
    expect(notMadeFrom(PLAN, MADE)).toEqual([]);
    const settings = MADE.settings.replaceAll(/^#.*\n/gm, '');
    const policy = MADE.policy.replaceAll(/^\/\/.*\n/gm, '// other words\n');
    expect(notMadeFrom(PLAN, { settings, policy })).toEqual([]);
  });

  it.each<[string, typeof MADE, readonly string[]]>([
    ['another value', { ...MADE, settings: MADE.settings.replace('port = 443', 'port = 444') }, ['settings.toml']],
    ['a table more', { ...MADE, settings: `${MADE.settings}\n[limits]\nrequests = 1\n` }, ['settings.toml']],
    ['settings that nobody can read', { ...MADE, settings: '[' }, ['settings.toml']],
    ['another principal', { ...MADE, policy: MADE.policy.replaceAll('role/app', 'role/ape') }, ['policy.cedar']],
    ['a permit more', { ...MADE, policy: `${MADE.policy}permit (principal, action, resource);\n` }, ['policy.cedar']],
    ['no policy', { ...MADE, policy: '' }, ['policy.cedar']],
    ['those of another plan', textsOf(planOf()), ['settings.toml', 'policy.cedar']],
  ])('are not with %s', (_, texts, files) => {
    expect(notMadeFrom(PLAN, texts)).toEqual(files);
  });

  it('are not where a comment of the policy ends inside a line that means something', () => {
    const policy = MADE.policy.replace('permit (', '// permit nothing:\n  permit (principal, action, resource); permit (');
    expect(notMadeFrom(PLAN, { ...MADE, policy })).toEqual(['policy.cedar']);
  });

  it.each([
    ['a carriage return', '\r'],
    ['a next line', '\u0085'],
    ['a line separator', '\u2028'],
    ['a turned line', '\u202E'],
    ['an invisible letter', '\u200B'],
  ])('are not with %s in a comment, which would end there or be read otherwise', (_, letter) => {
    const comment = `// fine${letter}permit (principal, action, resource);\n`;
    expect(notMadeFrom(PLAN, { ...MADE, policy: MADE.policy + comment })).toEqual(['policy.cedar']);
    expect(notMadeFrom(PLAN, { ...MADE, settings: `${MADE.settings}# fine${letter}\n` })).toEqual(['settings.toml']);
    expect(asShown(comment)).toBe('// fine\u{FFFD}permit (principal, action, resource);\n');
  });

  it('are shown as they are where nothing in them deceives', () => {
    expect([asShown(MADE.settings), asShown(MADE.policy)]).toEqual([MADE.settings, MADE.policy]);
  });
});
