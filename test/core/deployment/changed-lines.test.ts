import { describe, expect, it } from 'vitest';
import { changedLines } from '../../../core/deployment/changed-lines';
import { textsOf } from '../../../core/deployment/made-from-plan';
import { planOf } from './plans';

const told = (before: string, after: string): readonly string[] =>
  changedLines(before, after).map(({ section, change, line }) => `${section} ${change} ${line}`);

describe('the lines that change between two texts', () => {
  it('are none where nothing changes, and all where there was nothing', () => {
    expect(told('a\nb\n', 'a\nb\n')).toEqual([]);
    expect(told('', 'a\nb')).toEqual([' comes a', ' comes b']);
    expect(told('a\nb', '')).toEqual([' goes a', ' goes b']);
  });

  it('are the fewest, in their order, each under the heading it stands under', () => {
    const before = '[one]\na = 1\nb = 2\n\n[two]\nc = 3\n';
    const after = '[one]\na = 1\n\n[two]\nc = 4\nd = 5\n';
    expect(told(before, after)).toEqual(['[one] goes b = 2', '[two] goes c = 3', '[two] comes c = 4', '[two] comes d = 5']);
  });

  it('name a section that goes as a whole, such as who may use the keys', () => {
    const authorization = { policyFile: '/policy.cedar', principals: ['arn:aws:iam::111122223333:role/app'], kmsKeyArns: null };
    const [before, after] = [textsOf(planOf({ authorization })), textsOf(planOf())];
    expect(told(before.settings, after.settings)).toEqual([
      expect.stringMatching(/ goes # Who may use which keys\.$/),
      '[authorization] goes [authorization]',
      '[authorization] goes policy_file = "/policy.cedar"',
    ]);
    expect(told(before.policy, after.policy).length).toBeGreaterThan(10);
  });
});
