import { describe, expect, it } from 'vitest';
import { lintPolicy, RULES, type LintOptions } from '../../../core/policy/lint';
import { ADMIN, EXAMPLES, good, OTHER, ROOT, SEEN } from './lint-examples';
import { ACCOUNT, read, role, statement, textOf, type Part } from './samples';

function found(text: string, options: LintOptions = {}): readonly string[] {
  return [...new Set(lintPolicy(read(text), options).findings.map(({ rule }) => rule))];
}

describe('lintPolicy', () => {
  it('has nothing against a policy that is in order', () => {
    expect(found(good())).toEqual([]);
  });

  it('has an example for each rule, and no rule twice', () => {
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(RULES.map(({ id }) => id).toSorted());
  });

  describe.each(Object.entries(EXAMPLES))('%s', (rule, { bad, good: neighbours, options }) => {
    it.each(bad.map((text, i) => [i, text] as const))('finds bad example %i, and nothing else in it', (_i, text) => {
      expect(found(text, options)).toEqual([rule]);
    });

    it.each(neighbours.map((text, i) => [i, text] as const))('is silent on neighbour %i', (_i, text) => {
      expect(found(text, options)).toEqual([]);
    });
  });

  it('gives each finding place, reason and remedy', () => {
    const { findings } = lintPolicy(read(good(statement({ Sid: 'x', Action: ['kms:Sign', 'kms:ListKeys'] }))));
    expect(findings).toEqual([
      {
        rule: 'KP-IAM-ONLY-ACTION',
        severity: 'warning',
        statement: 3,
        where: 'statement 4 "x"',
        path: 'Statement[3].Action[1]',
        line: 44,
        column: 9,
        says: 'kms:ListKeys has no effect in a key policy.',
        why: expect.stringContaining('no effect'),
        remedy: expect.stringContaining('IAM policy'),
      },
    ]);
  });

  it('names the place of a character, which is in no path', () => {
    const [one] = lintPolicy(read('{"Statement":[]} '.replace(']} ', '],\n"Id":"→"}'))).findings.filter(
      ({ rule }) => rule === 'KP-CHARACTERS',
    );
    expect(one).toMatchObject({ line: 2, column: 7, says: 'The character U+2192 stands here.' });
  });

  it('does not take ForAllValues for a restriction of everybody, unless the key has to be there', () => {
    const paths = { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/*' } };
    const open = (Condition: Part) => found(good(statement({ Action: SEEN, Principal: '*', Condition })));
    expect(open(paths)).toEqual(['KP-EVERYONE', 'KP-FOR-ALL-VALUES']);
    expect(open({ ...paths, Null: { 'aws:PrincipalOrgPaths': 'false' } })).toEqual([]);
    expect(open({ ...paths, Null: { 'aws:PrincipalOrgPaths': 'true' } })).toContain('KP-EVERYONE');
    expect(open({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/*' } })).toEqual([]);
  });

  it('says what a wildcard brings', () => {
    const { findings } = lintPolicy(read(good(statement({ Principal: { AWS: role('B') }, Action: 'kms:Get*' }))));
    expect(findings[0]?.says).toBe('kms:Get* is 5 actions, among them GetParametersForImport and 4 more.');
  });

  it('counts what kms:* brings, and says that it delegates the use of the key', () => {
    const { findings } = lintPolicy(read(textOf(statement({ Principal: ROOT, Action: 'kms:*' }), ADMIN)));
    expect(findings.map(({ rule, says }) => [rule, says])).toEqual([
      ['KP-WILDCARD', expect.stringMatching(/^kms:\* is 45 actions, among them (?:\w+, ){4}\w+ and 40 more\.$/)],
      ['KP-DELEGATED-USE', expect.stringMatching(/^Leaves kms:\*, with (?:\w+, ){4}\w+ and 14 more, to IAM policies/)],
    ]);
  });

  it.each(['kms:*', '*', 'kms:De*', 'KMS:generate*', 'kms:?ign'])('says that %s to the account delegates', (Action) => {
    expect(found(good(statement({ Principal: ROOT, Action })))).toContain('KP-DELEGATED-USE');
  });

  it.each(['kms:List*', 'kms:Describe*', 'kms:Tag*'])('does not say so of %s', (Action) => {
    expect(found(good(statement({ Principal: ROOT, Action })))).not.toContain('KP-DELEGATED-USE');
  });

  it('knows the account from the caller before it guesses', () => {
    const text = textOf(statement({ Principal: { AWS: role('A', OTHER) } }));
    const about = (options: LintOptions) => found(text, options).includes('KP-OTHER-ACCOUNT');
    expect([about({}), about({ callerArn: role('Me') }), about({ account: ACCOUNT }), about({ account: OTHER })]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
