import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_PEOPLE, type PolicyAgainst, type PolicyPeople } from '../../../core/contract/key-policy';
import { failure, success, type Result } from '../../../core/contract/result';
import { openPeople } from '../../../electron/people-store';

// The system's dialogs are Electron's; what a person picks in them is said here.
const picked = vi.hoisted(() => ({ path: null as string | null }));
vi.mock('../../../electron/dialogs', () => ({
  dialogs: { file: () => Promise.resolve(picked.path), newFile: () => Promise.resolve(picked.path) },
}));
const { keyPolicyFunctions } = await import('../../../electron/bridge/key-policy');

const ACCOUNT = '111122223333';
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const PEOPLE: PolicyPeople = {
  ...NO_PEOPLE,
  account: ACCOUNT,
  administrators: [role('Admin1'), role('Admin2')],
  operatorA: [role('OperatorA')],
  operatorB: [role('OperatorB')],
  users: [role('App')],
};
const KEY = {
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
  replicaRegions: [],
} as const;
const key = { ...KEY, replicaRegions: [] };
const now = (): Date => new Date('2026-11-22T10:00:00Z');
const NOTHING: PolicyAgainst = { what: 'nothing' };

let folder = '';
let ofKey: Result<string> = success('');
const open = () =>
  keyPolicyFunctions({
    people: openPeople(join(folder, 'people.json'), now),
    look: { policyOf: () => Promise.resolve(ofKey) },
    now,
  });
const preview = (people: PolicyPeople, against: PolicyAgainst = NOTHING, area = open()) =>
  area.preview({ people, key, caller: role('Admin1'), against });

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-key-policy-'));
  picked.path = join(folder, 'policy.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the preview of a key policy', () => {
  it('is the policy with everything that is said of it', async () => {
    const { problems, judged } = must(await preview(PEOPLE));
    expect(problems).toEqual([]);
    expect(judged).toMatchObject({ account: ACCOUNT, findings: [], lockout: { caller: 'allow', denied: [] }, changes: null });
    expect(judged?.text).toContain(role('App'));
  });

  it('is the problems by field and line where none can be made, with a remedy each', async () => {
    const { problems, judged } = must(await preview({ ...PEOPLE, users: [role('App'), role('Admin1')], operatorB: [] }));
    expect(judged).toBeNull();
    expect(problems).toContainEqual(expect.objectContaining({ field: 'users', index: 1 }));
    expect(problems).toContainEqual(expect.objectContaining({ field: 'operatorB', index: null }));
    expect(problems.every(({ problem, remedy }) => problem !== '' && remedy !== '')).toBe(true);
  });

  it('is compared with what a KMS key has now, and says why where that cannot be read', async () => {
    const against: PolicyAgainst = { what: 'kmsKey', runMode: 'rehearsal', region: 'eu-central-1', keyId: 'k' };
    ofKey = success(must(await preview({ ...PEOPLE, users: [role('Old')] })).judged?.text ?? '');
    const { judged } = must(await preview(PEOPLE, against));
    expect(judged?.changes?.rights.map(({ who }) => who)).toEqual(expect.arrayContaining(['role/Old', 'role/App']));
    ofKey = failure('aws.accessDenied');
    expect(await preview(PEOPLE, against)).toEqual(failure('aws.accessDenied'));
    ofKey = success('{}');
    expect(await preview(PEOPLE, against)).toMatchObject({ ok: false, error: { code: 'policy.keyPolicy' } });
  });

  it('needs a file to be picked before it is compared with one', async () => {
    expect(await preview(PEOPLE, { what: 'file' })).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
  });
});

describe('a policy file', () => {
  it('is written with what the form says, read again, and then no different', async () => {
    const area = open();
    expect(must(await area.exportPolicy({ people: PEOPLE, key }))).toEqual({ name: 'policy.json' });
    expect(readFileSync(join(folder, 'policy.json'), 'utf8')).toBe(
      `${must(await preview(PEOPLE)).judged?.text.trimEnd() ?? ''}\n`,
    );
    expect(must(await area.pickPolicy())).toMatchObject({ name: 'policy.json', problems: [], judged: { findings: [] } });
    expect(must(await preview(PEOPLE, { what: 'file' }, area)).judged?.changes).toMatchObject({
      against: 'policy.json',
      statements: [],
      rights: [],
    });
  });

  it('is not written from a form with problems, nor where nobody picked a place', async () => {
    expect(await open().exportPolicy({ people: NO_PEOPLE, key })).toMatchObject({ error: { code: 'policy.keyPolicy' } });
    picked.path = null;
    expect(await open().exportPolicy({ people: PEOPLE, key })).toEqual(failure('input.cancelled'));
    expect(await open().pickPolicy()).toEqual(failure('input.cancelled'));
  });

  it.each([
    ['something else', '{"Version": "2012-10-17", "Statment": []}'],
    ['no JSON', 'hello'],
    ['empty', ''],
  ])('that is %s is told by line, with a remedy, and never judged', async (_, text) => {
    writeFileSync(join(folder, 'policy.json'), text);
    const { problems, judged } = must(await open().pickPolicy());
    expect(judged).toBeNull();
    expect(problems[0]).toMatchObject({
      line: 1,
      problem: expect.stringMatching(/./) as string,
      remedy: expect.stringMatching(/./) as string,
    });
  });

  it('that is far too large is not read at all, and one that is gone is told as such', async () => {
    writeFileSync(join(folder, 'policy.json'), ' '.repeat(2_000_000));
    expect(await open().pickPolicy()).toMatchObject({ error: { code: 'input.invalid' } });
    rmSync(join(folder, 'policy.json'));
    expect((await open().pickPolicy()).ok).toBe(false);
  });
});
