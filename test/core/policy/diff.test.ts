import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPolicies } from '../../../core/policy/diff';
import { diffLines } from '../../../core/policy/line-diff';
import { ACCOUNT, policyOf, role, statement } from './samples';

const ROOT = statement({ Sid: 'root', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:DescribeKey' });
const USERS = statement({ Sid: 'users' });

describe('diffPolicies', () => {
  it('finds nothing between equal policies, however they are laid out', () => {
    const { statements, verdicts, lines } = diffPolicies(
      policyOf(ROOT, USERS),
      policyOf(ROOT, { ...USERS, Action: ['kms:Decrypt'] }),
    );
    expect([statements, verdicts, lines.filter(({ kind }) => kind !== 'same')]).toEqual([[], [], []]);
  });

  it('tells statements that came, went and became another', () => {
    const before = policyOf(ROOT, USERS, statement({ Sid: 'old' }));
    const after = policyOf(statement({ Sid: 'new', Action: 'kms:Sign' }), ROOT, { ...USERS, Action: 'kms:Encrypt' });
    expect(diffPolicies(before, after).statements).toEqual([
      { kind: 'added', after: 0 },
      { kind: 'changed', before: 1, after: 2 },
      { kind: 'removed', before: 2 },
    ]);
  });

  it('does not take a moved statement for a change', () => {
    const { statements, verdicts } = diffPolicies(policyOf(ROOT, USERS), policyOf(USERS, ROOT));
    expect([statements, verdicts]).toEqual([[], []]);
  });

  it('tells who may now what they might not, or not any more, also whom only one of the two names', () => {
    const before = policyOf(ROOT, USERS);
    const after = policyOf(ROOT, { ...USERS, Principal: { AWS: role('New') } });
    const changes = diffPolicies(before, after).verdicts.map(
      ({ subject, action, before: was, after: is }) => `${subject.name} ${action} ${was.verdict} > ${is.verdict}`,
    );
    expect(changes).toEqual(['role/App kms:Decrypt allow > no', 'role/New kms:Decrypt no > allow']);
  });

  it('tells a changed condition, which leaves the verdict what it was', () => {
    const via = (service: string) => policyOf(statement({ Condition: { StringEquals: { 'kms:ViaService': service } } }));
    const [change, ...others] = diffPolicies(via('s3.x'), via('ebs.x')).verdicts;
    expect([change?.before.when, change?.after.when, others]).toEqual([
      ['kms:ViaService StringEquals s3.x'],
      ['kms:ViaService StringEquals ebs.x'],
      [],
    ]);
  });
});

describe('diffLines', () => {
  it('holds both texts, and as many common lines as there are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const of = (...kinds: readonly string[]) =>
          lines
            .filter(({ kind }) => kinds.includes(kind))
            .map((line) => line.text)
            .join('\n');
        expect([of('same', 'removed'), of('same', 'added')]).toEqual([before, after]);
        if (before === after) expect(lines.every(({ kind }) => kind === 'same')).toBe(true);
      }),
    );
  });

  it('shows what replaces a line below it', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'x' },
      { kind: 'same', text: 'c' },
    ]);
  });

  it('shows texts of very many lines as replaced whole', () => {
    const many = 'x\n'.repeat(4000);
    expect(diffLines(many, many).filter(({ kind }) => kind === 'same')).toEqual([]);
  });
});
