import { describe, expect, it } from 'vitest';
import { judgePolicy } from '../../../core/policy/judge';
import { readPolicy, type ReadPolicy } from '../../../core/policy/read';
import { policyFromForm } from '../../../core/policy/template';
import type { PolicyForm } from '../../../core/policy/form';

const ACCOUNT = '111122223333';
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const FORM: PolicyForm = {
  account: ACCOUNT,
  partition: 'aws',
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  administrators: [role('Admin1'), role('Admin2')],
  operatorA: [role('OperatorA')],
  operatorB: [role('OperatorB')],
  deletionOfMaterial: [],
  users: [role('App')],
  usersVia: null,
  serviceGrants: [],
  auditors: [],
  breakGlass: null,
  wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
  expiration: { model: 'never' },
  replicaRegions: [],
};

function policy(some: Partial<PolicyForm> = {}): ReadPolicy {
  const made = policyFromForm({ ...FORM, ...some });
  const read = made.ok ? readPolicy(made.text) : null;
  if (read?.ok !== true) throw new Error('The template makes a policy.');
  return read;
}

const judge = (read: ReadPolicy, callerArn: string | null = role('Admin1'), before: ReadPolicy | null = null) =>
  judgePolicy(read, { callerArn, account: ACCOUNT, before: before && { name: 'old.json', read: before } });

describe('what is said of a policy at once', () => {
  it('has a cell for every group of actions and a ground for every yes', () => {
    const { rows } = judge(policy());
    const admin = rows.find(({ name }) => name === 'role/Admin1');
    expect(admin?.cells.find(({ group }) => group === 'policy')?.verdict).toBe('allow');
    expect(admin?.cells.find(({ group }) => group === 'use')?.verdict).toBe('deny');
    expect(admin?.grounds.find(({ actions }) => actions.includes('PutKeyPolicy'))?.because).toMatch(
      /^yes, by .*"Administrators"/,
    );
    expect(new Set(rows.map(({ cells }) => cells.length))).toEqual(new Set([11]));
  });

  it('names who could put another policy, and whether the caller could', () => {
    expect(judge(policy()).lockout).toMatchObject({ caller: 'allow', denied: [] });
    expect(judge(policy(), role('Nobody')).lockout.caller).not.toBe('allow');
    expect(judge(policy(), null).lockout.caller).toBeNull();
    const keepers = judge(policy()).lockout.keepers.map(({ name }) => name);
    expect(keepers).toEqual(expect.arrayContaining(['role/Admin1', 'role/Admin2']));
  });

  it('tells a way in that can stop holding from one that is sure', () => {
    const { keepers } = judge(policy({ breakGlass: role('BreakGlass') })).lockout;
    expect(keepers.find(({ name }) => name === 'role/BreakGlass')).toMatchObject({ sure: false });
    expect(keepers.find(({ name }) => name === 'role/BreakGlass')?.fragile.join()).toContain('MFA');
  });

  it('is compared with another: statements, rights by person, and lines', () => {
    const { changes } = judge(policy({ users: [role('Other')] }), role('Admin1'), policy());
    expect(changes).toMatchObject({
      against: 'old.json',
      statements: [{ kind: 'changed', name: expect.stringContaining('Users') as string }],
    });
    expect(changes?.rights).toContainEqual({
      who: 'role/App',
      actions: expect.arrayContaining(['Encrypt', 'Decrypt']) as string[],
      before: 'yes',
      after: 'no',
    });
    expect(
      changes?.lines
        .filter(({ kind }) => kind === 'added')
        .map(({ text }) => text)
        .join(),
    ).toContain('role/Other');
    expect(judge(policy()).changes).toBeNull();
  });
});
