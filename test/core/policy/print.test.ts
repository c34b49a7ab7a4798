import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BASE_OPERATORS,
  operatorName,
  PRINCIPAL_KINDS,
  type Condition,
  type KeyPolicy,
  type Statement,
} from '../../../core/policy/document';
import { asRead, printPolicy } from '../../../core/policy/print';
import { policyOf, statement } from './samples';

// Names like "1" would be moved to the front by JavaScript's objects; policies have no such keys.
const word = fc.stringMatching(/^[a-z:"\\é -]{1,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 3 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const condition: fc.Arbitrary<Condition> = fc
  .record({
    set: fc.constantFrom('ForAllValues' as const, 'ForAnyValue' as const, null),
    operator: fc.constantFrom(...BASE_OPERATORS),
    ifExists: fc.boolean(),
    key: word,
    values: words,
  })
  .map((made) => ({ ...made, ifExists: made.ifExists && made.operator !== 'Null' }));

/** As a file would hold them: one row an operator and key, rows of an operator together. */
const conditions = fc
  .uniqueArray(condition, { selector: (one) => `${operatorName(one)} ${one.key}`, maxLength: 4 })
  .map((rows) => rows.toSorted((a, b) => (operatorName(a) < operatorName(b) ? -1 : operatorName(a) > operatorName(b) ? 1 : 0)));

const principals = fc.oneof(
  fc.constant([{ kind: '*', value: '*' } as const]),
  fc
    .array(fc.record({ kind: fc.constantFrom(...PRINCIPAL_KINDS), value: word }), { minLength: 1, maxLength: 4 })
    .map((entries) => entries.toSorted((a, b) => PRINCIPAL_KINDS.indexOf(a.kind) - PRINCIPAL_KINDS.indexOf(b.kind))),
);

const statements: fc.Arbitrary<Statement> = fc
  .record({
    sid: maybe(word),
    effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    principal: maybe(principals),
    action: maybe(words),
    resource: maybe(words),
    conditions,
    isNot: fc.boolean(),
  })
  .map(({ isNot, principal, action, resource, ...rest }) =>
    isNot
      ? {
          ...rest,
          principal: null,
          action: null,
          resource: null,
          notPrincipal: principal,
          notAction: action,
          notResource: resource,
        }
      : { ...rest, principal, action, resource, notPrincipal: null, notAction: null, notResource: null },
  );

const policies: fc.Arbitrary<KeyPolicy> = fc.record({
  version: fc.constantFrom('2012-10-17' as const, '2008-10-17' as const, null),
  id: maybe(word),
  statements: fc.array(statements, { maxLength: 4 }),
});

describe('printPolicy', () => {
  it('writes what reads back as the same policy, and the same text from it', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const { policy: again, text } = asRead(policy);
        expect(again).toEqual(policy);
        expect(printPolicy(again)).toBe(text);
      }),
    );
  });

  it('keeps an order of its own, one entry a line', () => {
    expect(
      printPolicy(
        policyOf({ Resource: '*', Action: ['kms:Sign', 'kms:Verify'], Principal: { AWS: ['1', '2'] }, Effect: 'Deny', Sid: 'S' }),
      ),
    ).toBe(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "S",
      "Effect": "Deny",
      "Principal": {
        "AWS": [
          "1",
          "2"
        ]
      },
      "Action": [
        "kms:Sign",
        "kms:Verify"
      ],
      "Resource": "*"
    }
  ]
}
`);
  });

  it('gives a policy one text, whatever its layout was', () => {
    expect(printPolicy(policyOf(statement({ Action: ['kms:Sign'] })))).toBe(
      printPolicy(policyOf(statement({ Action: 'kms:Sign' }))),
    );
  });
});
