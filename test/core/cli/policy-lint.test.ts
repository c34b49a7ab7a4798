import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verb } from '../../../core/cli/policy';
import { lintText } from '../../../core/cli/policy-lint-text';
import { lintPolicy } from '../../../core/policy/lint';
import { read, role, statement, textOf } from '../policy/samples';
import { runWords } from './run-verb';

const EXAMPLE = path.resolve(import.meta.dirname, '../../../resources/key-policies/ceremony.json');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keyrite-policy-lint-'));
});

afterEach(() => rm(folder, { recursive: true }));

const policy = (...words: string[]) => runWords(verb, words);

async function file(text: string): Promise<string> {
  const place = path.join(folder, 'policy.json');
  await writeFile(place, text);
  return place;
}

describe('keyrite policy lint', () => {
  it('ends well on an example, with the table of who can do what', async () => {
    const { code, out, err } = await policy('lint', EXAMPLE, '--caller', role('KeyAdmin1'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Who can do what with the key of account 111122223333');
    expect(out).toMatch(/^role\/App +some +no /m);
    expect(out).toMatch(/0 errors, 0 warnings\.\n$/);
  });

  it('ends well on warnings, and names place, rule, reason and remedy', async () => {
    const place = await file(textOf(statement({ Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*' })));
    const { code, out } = await policy('lint', place);
    expect(code).toBe(0);
    expect(out).toContain(`${place}:9:7: warning KP-WILDCARD, statement 1: kms:* is `);
    expect(out).toContain('    Why: kms:Get* fetches import parameters');
    expect(out).toContain('    Do: List the actions.');
  });

  it('ends with 1 on an error', async () => {
    const place = await file(textOf(statement({ Principal: '*' })));
    const { code, out } = await policy('lint', place);
    expect(code).toBe(1);
    expect(out).toContain('error KP-EVERYONE');
  });

  it('explains a rule once, however often it is broken', async () => {
    const place = await file(textOf(statement({ Action: ['kms:Sing', 'kms:Verfy'] })));
    const { out } = await policy('lint', place);
    expect(out.match(/KP-UNKNOWN-ACTION/g)).toHaveLength(2);
    expect(out.match(/Why: KMS takes an action that does not exist/g)).toHaveLength(1);
  });

  it('checks whether the caller could put a policy again', async () => {
    const args = ['lint', EXAMPLE, '--caller', 'arn:aws:sts::111122223333:assumed-role/Stranger/jo'];
    const { code, out } = await policy(...args);
    expect(code).toBe(1);
    expect(out).toContain('KP-CALLER-LOCKED-OUT');
    expect(out).toContain('assumed-role/Stranger/jo (caller)');
  });

  it('writes everything as one JSON object', async () => {
    const place = await file(textOf(statement({ Principal: '*' })));
    const { code, out } = await policy('lint', place, '--json');
    const said = JSON.parse(out) as {
      ok: boolean;
      findings: { rule: string; line: number }[];
      whoCanDoWhat: { cells: { action: string; verdict: string }[] }[];
    };
    expect([code, said.ok]).toEqual([1, false]);
    expect(said.findings.map(({ rule, line }) => `${rule} ${line}`)).toContain('KP-EVERYONE 6');
    expect(said.whoCanDoWhat[0]?.cells.find(({ action }) => action === 'kms:Decrypt')?.verdict).toBe('allow');
  });

  it.each([
    ['a file that is no JSON', '{"Statement": [}', ':1:16: This is no JSON value.'],
    ['a file that is no policy', '{"rules": []}', ':1:2: There is no "rules" here'],
  ])('ends with 2 on %s', async (_what, text, said) => {
    const { code, out, err } = await policy('lint', await file(text));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
    const json = await policy('lint', await file(text), '--json');
    expect([json.code, (JSON.parse(json.out) as { ok: boolean }).ok, json.err]).toEqual([2, false, '']);
  });

  it('ends with 2 where there is no file', async () => {
    const { code, err } = await policy('lint', path.join(folder, 'none.json'));
    expect(code).toBe(2);
    expect(err).toContain('The file cannot be read (ENOENT). Name the file of a key policy.');
  });

  it.each([
    ['no file', ['lint'], 'Which key policy? Name its file.'],
    ['an empty name', ['lint', ''], 'Which key policy? Name its file.'],
    ['an option of try', ['lint', EXAMPLE, '--audit', 'x'], '--audit is for policy try.'],
    ['a caller that is no ARN', ['lint', EXAMPLE, '--caller', 'me'], '"me" is no ARN: it does not begin with "arn:".'],
    [
      'an account as caller',
      ['lint', EXAMPLE, '--caller', '111122223333'],
      'The caller is a user, a role or a session, by its ARN.',
    ],
  ])('asks for what it needs when there is %s', async (_what, args, said) => {
    const { code, out, err } = await policy(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe(`${said} Usage: keyrite policy lint FILE [--caller ARN] [--json]\n`);
  });

  it('does not let a name repaint the terminal', async () => {
    const place = await file(textOf(statement({ Sid: '\u001b[2Jx', Principal: '*' })));
    const { out } = await policy('lint', place);
    expect(out).not.toContain('\u001b');
  });

  it.each([60, 80, 100, 200])('fits %d columns', (width) => {
    const policyRead = read(textOf(statement({ Principal: { AWS: role(`a/very/long/path/${'Role'.repeat(12)}`) } })));
    const result = lintPolicy(policyRead);
    const text = lintText({ file: 'p.json', policy: policyRead.policy, result, width, isTerminal: false });
    const [, table = ''] = text.split('by this policy:\n\n');
    const [rows = ''] = table.split('\n\nyes: ');
    expect(rows.split('\n').filter((line) => line.length > width)).toEqual([]);
    for (const group of ['see', 'policy', 'withdraw', 'revoke']) expect(rows).toMatch(new RegExp(`\\b${group}\\b`));
  });
});
