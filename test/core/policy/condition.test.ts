import { describe, expect, it } from 'vitest';
import { holds, type ContextValue } from '../../../core/policy/condition';
import { addressIn } from '../../../core/policy/ip-range';
import { policyOf, statement } from './samples';

function answer(operator: string, values: string | readonly string[], got: ContextValue) {
  const [one] = policyOf(statement({ Condition: { [operator]: { k: values } } })).statements;
  return holds(one!.conditions[0]!, () => got);
}

describe('holds', () => {
  it.each([
    ['StringEquals', 'a', ['a'], 'yes'],
    ['StringEquals', 'a', ['A'], 'no'],
    ['StringEquals', ['a', 'b'], ['b'], 'yes'],
    ['StringEqualsIgnoreCase', 'a', ['A'], 'yes'],
    ['StringNotEquals', ['a', 'b'], ['b'], 'no'],
    ['StringNotEquals', ['a', 'b'], ['c'], 'yes'],
    ['StringLike', 's3.*.amazonaws.com', ['s3.eu-west-1.amazonaws.com'], 'yes'],
    ['StringLike', 'a?c', ['abc'], 'yes'],
    ['StringLike', 'a?c', ['ac'], 'no'],
    ['StringNotLike', 'a*', ['abc'], 'no'],
    ['NumericLessThanEquals', '1546257599', ['1546257599.0'], 'yes'],
    ['NumericGreaterThanEquals', '30', ['7'], 'no'],
    ['NumericEquals', '30', ['x'], 'no'],
    ['NumericNotEquals', '30', ['7'], 'yes'],
    ['DateLessThan', '2027-01-01T00:00:00Z', ['2026-12-31T23:59:59Z'], 'yes'],
    ['DateGreaterThan', '1767225600', ['2026-01-01T00:00:01Z'], 'yes'],
    ['Bool', 'true', ['true'], 'yes'],
    ['Bool', 'true', ['false'], 'no'],
    ['IpAddress', '10.0.0.0/8', ['10.9.8.7'], 'yes'],
    ['NotIpAddress', '10.0.0.0/8', ['10.9.8.7'], 'no'],
    ['ArnLike', 'arn:aws:iam::111122223333:role/ceremony/*', ['arn:aws:iam::111122223333:role/ceremony/A'], 'yes'],
    ['ArnLike', 'arn:aws:iam::*:role/A', ['arn:aws:iam::1:x:role/A'], 'no'],
    ['ArnEquals', 'arn:aws:iam::111122223333:role/?', ['arn:aws:iam::111122223333:role/A'], 'yes'],
    ['ArnNotEquals', 'arn:aws:iam::111122223333:role/A', ['arn:aws:iam::111122223333:role/B'], 'yes'],
  ] as const)('%s %s of %s is %s', (operator, values, got, truth) => {
    expect(answer(operator, values, got)).toBe(truth);
  });

  it.each([
    ['StringEquals', 'no'],
    ['StringNotEquals', 'yes'],
    ['ArnNotLike', 'yes'],
    ['NotIpAddress', 'yes'],
    ['Bool', 'no'],
    ['BoolIfExists', 'yes'],
    ['StringEqualsIfExists', 'yes'],
    ['ForAllValues:StringEquals', 'yes'],
    ['ForAnyValue:StringEquals', 'no'],
    ['ForAnyValue:StringEqualsIfExists', 'yes'],
  ])('%s of a request without the key is %s', (operator, truth) => {
    expect(answer(operator, 'true', 'absent')).toBe(truth);
  });

  it('asks with Null whether the key is there', () => {
    expect([answer('Null', 'true', 'absent'), answer('Null', 'true', ['x'])]).toEqual(['yes', 'no']);
    expect([answer('Null', 'false', 'absent'), answer('Null', 'false', ['x'])]).toEqual(['no', 'yes']);
  });

  it('weighs several values by the set operator', () => {
    expect(answer('ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'])).toBe('no');
    expect(answer('ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a'])).toBe('yes');
    expect(answer('ForAnyValue:StringEquals', ['a', 'b'], ['c', 'a'])).toBe('yes');
    expect(answer('ForAnyValue:StringNotEquals', 'a', ['a', 'b'])).toBe('yes');
    expect(answer('ForAllValues:StringNotEquals', 'a', ['a', 'b'])).toBe('no');
  });

  it('depends on what nobody knows, policy variables included', () => {
    expect(answer('StringNotEquals', 'a', 'unknown')).toBe('depends');
    expect(answer('Null', 'true', 'unknown')).toBe('depends');
    expect(answer('StringEquals', '${aws:username}', ['jo'])).toBe('depends');
    expect(answer('StringNotEquals', '${aws:username}', ['jo'])).toBe('depends');
    expect(answer('StringEquals', ['${aws:username}', 'jo'], ['jo'])).toBe('yes');
  });
});

describe('addressIn', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.2', '10.0.0.1', false],
    ['192.0.2.255', '192.0.2.0/24', true],
    ['192.0.3.0', '192.0.2.0/24', false],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['2001:db8::1', '2001:DB8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['::1', '::/0', true],
    ['1.2.3.4', '::/0', false],
    ['1.2.3.256', '0.0.0.0/0', false],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8/128', true],
    ['1:2:3:4:5:6:7', '::/0', false],
    ['1.2.3.4', '1.2.3.4/33', false],
    ['1.2.3.4', '1.2.3.4/x', false],
  ])('%s in %s is %s', (address, range, isIn) => {
    expect(addressIn(address, range)).toBe(isIn);
  });
});
