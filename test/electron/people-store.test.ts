import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_PEOPLE, policyPeople, type PolicyPeople } from '../../core/contract/key-policy';
import { readPolicy } from '../../core/policy/read';
import { openPeople } from '../../electron/people-store';

const ACCOUNT = '111122223333';
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const NOW = new Date('2026-11-22T10:00:00.500Z');

const PEOPLE: PolicyPeople = {
  ...NO_PEOPLE,
  account: ACCOUNT,
  administrators: [role('KeyAdmin1'), role('KeyAdmin2')],
  operatorA: [role('OperatorA')],
  operatorB: [role('OperatorB')],
  users: [role('App')],
};

const PLAN = {
  runMode: 'production',
  account: ACCOUNT,
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
  replicaRegions: [],
} as const;

let folder = '';
const path = (): string => join(folder, 'key-policy-people.json');
const open = () => openPeople(path(), () => NOW);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-people-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('who is who', () => {
  it('is nobody at first, and makes no policy then', () => {
    expect(open().get()).toEqual({ people: NO_PEOPLE, saved: false, damaged: null });
    expect(open().keyPolicy(PLAN)).toMatchObject({ ok: false, error: { code: 'policy.keyPolicy' } });
  });

  it('is kept in a file that only this user reads, and makes the policy of a plan', () => {
    expect(open().set(PEOPLE)).toEqual({ people: PEOPLE, saved: true, damaged: null });
    if (process.platform !== 'win32') expect(statSync(path()).mode & 0o777).toBe(0o600);
    const again = open();
    expect(again.get()).toEqual({ people: PEOPLE, saved: true, damaged: null });
    const made = again.keyPolicy(PLAN);
    expect(made.ok && readPolicy(made.value).ok).toBe(true);
    for (const arn of [role('KeyAdmin2'), role('OperatorA'), role('App')])
      expect(made).toMatchObject({ value: expect.stringContaining(arn) as string });
  });

  it('counts the last day of validity from the day the policy is made, in whole seconds', () => {
    const store = open();
    store.set({ ...PEOPLE, expiration: { model: 'expires', withinDays: 365 } });
    const validTo = String(Date.parse('2027-11-22T10:00:00Z') / 1000);
    expect(store.keyPolicy(PLAN)).toMatchObject({ ok: true, value: expect.stringContaining(`"${validTo}"`) as string });
  });

  it('is refused for a key of another account, with the person and the reason', () => {
    const store = open();
    store.set(PEOPLE);
    expect(store.keyPolicy({ ...PLAN, account: '444455556666' })).toMatchObject({
      ok: false,
      error: {
        code: 'policy.keyPolicy',
        detail: { problem: expect.stringContaining('of another account than the key') as string },
      },
    });
  });

  it('may be saved half filled in, and is then refused where a policy is due', () => {
    const store = open();
    store.set({ ...PEOPLE, operatorB: [] });
    expect(store.keyPolicy(PLAN)).toMatchObject({
      error: { detail: { problem: expect.stringContaining('no operator B') as string } },
    });
  });

  it.each([
    ['a member nobody knows', { ...PEOPLE, owner: 'me' }],
    ['a partition nobody knows', { ...PEOPLE, partition: 'aws-moon' }],
    ['more days than KMS takes', { ...PEOPLE, expiration: { model: 'expires', withinDays: 366 } }],
    ['no list of users', { ...PEOPLE, users: undefined }],
  ])('with %s is a damaged file: kept aside, and nobody is who is who', (_, wrong) => {
    expect(policyPeople.safeParse(wrong).success).toBe(false);
    writeFileSync(path(), JSON.stringify(wrong));
    const store = open();
    expect(store.get()).toEqual({ people: NO_PEOPLE, saved: false, damaged: 'key-policy-people.json.damaged' });
    expect(store.keyPolicy(PLAN).ok).toBe(false);
    expect(readFileSync(`${path()}.damaged`, 'utf8')).toBe(JSON.stringify(wrong));
  });
});
