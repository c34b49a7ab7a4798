import { afterEach, describe, expect, it, vi } from 'vitest';
import * as condition from '../../../core/policy/condition';
import { judgePolicy } from '../../../core/policy/judge';
import * as principal from '../../../core/policy/principal';
import { ACCOUNT, read, role, statement, textOf, type Part } from './samples';

const roles = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => role(`R${i}`));
const each = (count: number, part: (i: number) => Part): readonly Part[] =>
  Array.from({ length: count }, (_, i) => statement(part(i)));

/** Shapes of a policy that reach 32 KiB in different ways. */
const SHAPES: Readonly<Record<string, (size: number) => readonly Part[]>> = {
  'a statement for each role': (size) => each(size, (i) => ({ Principal: { AWS: role(`R${i}`) }, Action: 'kms:*' })),
  'one statement of many roles': (size) => each(1, () => ({ Principal: { AWS: roles(size) }, Action: 'kms:*' })),
  'many roles, each met by many conditions': (size) => [
    ...each(1, () => ({ Principal: { AWS: roles(size) } })),
    ...each(size, (i) => ({ Principal: '*', Action: 'kms:*', Condition: { ArnEquals: { 'aws:PrincipalArn': role(`S${i}`) } } })),
  ],
};

function effort(parts: readonly Part[]): { readonly readings: number; readonly weighings: number } {
  const policy = read(textOf(...parts));
  const readings = vi.spyOn(principal, 'readAwsPrincipal').mockClear();
  const entries = vi.spyOn(principal, 'readPrincipal').mockClear();
  const weighings = vi.spyOn(condition, 'holds').mockClear();
  judgePolicy(policy, { callerArn: null, account: ACCOUNT, before: null });
  return { readings: readings.mock.calls.length + entries.mock.calls.length, weighings: weighings.mock.calls.length };
}

afterEach(() => vi.restoreAllMocks());

describe.each(Object.entries(SHAPES))('judging %s', (_name, shape) => {
  it('reads principals in proportion to the policy, and weighs conditions once a subject at most a few times', () => {
    const [small, large] = [effort(shape(20)), effort(shape(40))];
    expect(small.readings).toBeGreaterThan(0);
    expect(large.readings).toBeLessThan(small.readings * 2.5);
    expect(large.weighings).toBeLessThanOrEqual(small.weighings * 5);
    // Per subject and statement, not per action: the table has 45 of these.
    expect(large.weighings).toBeLessThan(40 * 80 * 8);
  });
});
