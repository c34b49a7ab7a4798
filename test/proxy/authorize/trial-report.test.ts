import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { policyTrialAnswer, TRIAL_ROWS } from '../../../core/contract/policy-trial';
import type { PolicyTrial } from '../../../core/contract/proxy-policy';
import { tryPolicyText } from '../../../proxy/authorize/trial-report';
import { auditFolder, denied, lines, logged } from './logged';
import { fileWith, removeTemporaryFolders, shippedPolicy } from './policy-folder';

afterAll(removeTemporaryFolders);

const SNAPE = 'arn:aws:iam::111122223333:user/snape';
const EVERYBODY = '@id("everybody")\npermit (principal, action, resource);\n';
const NO_HEALTH = { health: 0, refusedBefore: 0, otherEvents: 0, unreadable: 0 };

const attempt = async (text: string, audit: string, newest = 1000, limits?: { ms: number; bytes: number }) => {
  const answer = await tryPolicyText({ text, audit, newest }, limits);
  // whoever asked judges it strictly
  expect(policyTrialAnswer.parse(answer)).toEqual(answer);
  return answer;
};

function replayOf(trial: PolicyTrial) {
  if (trial.kind !== 'replayed') throw new Error(JSON.stringify(trial));
  return trial.replay;
}

describe('a policy text tried on the newest requests', () => {
  it('says what would be refused and what allowed, by caller, key, operation and policy, the most requests first', async () => {
    const minutes = (n: number) => `2026-11-23T10:0${String(n)}:00.000Z`;
    const audit = await auditFolder(
      lines(logged({ caller: SNAPE }, minutes(0)), logged({}, minutes(1))),
      lines(
        logged({ ...denied('old-rule'), kmsOperation: 'GenerateDataKey' }, minutes(2)),
        logged({ caller: SNAPE, keyId: 'bar', api: 'Decrypt', kmsOperation: 'Decrypt' }, minutes(3)),
        logged({ caller: SNAPE, keyId: 'bar', api: 'Decrypt', kmsOperation: 'Decrypt' }, minutes(4)),
      ),
    );
    const policy = await readFile(shippedPolicy('one-revoked-user.cedar'), 'utf8');
    const foo = { store: 'blue', keyId: 'foo', wasPolicy: '' };
    expect(await attempt(policy, audit)).toEqual({
      kind: 'replayed',
      policies: 2,
      replay: {
        judged: 5,
        since: minutes(0),
        until: minutes(4),
        reach: 'whole',
        refused: {
          requests: 3,
          unlisted: 0,
          rows: [
            { requests: 2, caller: SNAPE, kmsOperation: 'Decrypt', policy: 'revoked-snape', ...foo, keyId: 'bar' },
            { requests: 1, caller: SNAPE, kmsOperation: 'Encrypt', policy: 'revoked-snape', ...foo },
          ],
        },
        allowed: {
          requests: 1,
          unlisted: 0,
          rows: [
            {
              requests: 1,
              caller: 'arn:aws:iam::111122223333:user/minerva',
              kmsOperation: 'GenerateDataKey',
              policy: 'everybody-else',
              ...foo,
              wasPolicy: 'old-rule',
            },
          ],
        },
        notJudged: NO_HEALTH,
      },
    });
  });

  it('puts only as many to it as were asked for, the newest, and does not count what nobody is asked about', async () => {
    const health = logged({ api: 'GetHealthStatus', kmsOperation: '', caller: '' });
    const audit = await auditFolder(lines(logged({ caller: SNAPE })), lines(health, logged(), logged(), health));
    const forbidden = `${EVERYBODY}@id("no-snape")\nforbid (principal, action, resource) when { principal.arn == "${SNAPE}" };`;
    const two = replayOf(await attempt(forbidden, audit, 2));
    expect(two).toMatchObject({ judged: 2, reach: 'enough', refused: { requests: 0 }, notJudged: { health: 1 } });
    expect(replayOf(await attempt(forbidden, audit, 3))).toMatchObject({ judged: 3, reach: 'whole', refused: { requests: 1 } });
  });

  it('lists fifty rows at most, counts the rest, and makes texts of others printable', async () => {
    const callers = Array.from({ length: TRIAL_ROWS + 7 }, (_, i) =>
      logged({ caller: `\u001b[2J${'c'.repeat(2000)}${String(i)}` }),
    );
    const audit = await auditFolder(lines(...callers));
    const nobodyOfThem = `${EVERYBODY}@id("none")\nforbid (principal, action, resource) when { principal.arn like "*cc*" };`;
    const { refused } = replayOf(await attempt(nobodyOfThem, audit));
    expect(refused).toMatchObject({ requests: TRIAL_ROWS + 7, unlisted: 7 });
    expect(refused.rows).toHaveLength(TRIAL_ROWS);
    expect(refused.rows[0]?.caller).toMatch(/^\?\[2Jccc/);
  });

  it('names each problem of the text with line, column and remedy, and judges nothing then', async () => {
    const audit = await auditFolder(lines(logged()));
    const trial = await attempt(`${EVERYBODY}forbid (principal, action, resource) when { principal.nme == "x" };`, audit);
    expect(trial).toMatchObject({ kind: 'problems', problems: [{ at: { line: 3 } }] });
    for (const text of ['permit (principal', 'forbid (principal, action, resource);', `${EVERYBODY}${EVERYBODY}`, ' ']) {
      const { kind, problems } = (await attempt(text, audit)) as Extract<PolicyTrial, { kind: 'problems' }>;
      expect(kind).toBe('problems');
      expect(problems[0]?.problem).not.toBe('');
      expect(problems[0]?.remedy).not.toBe('');
    }
  });

  it('has nothing to judge where no proxy has written yet, and says why where the log cannot be read', async () => {
    const none = replayOf(await attempt(EVERYBODY, join(await auditFolder(), 'none')));
    expect(none).toMatchObject({ judged: 0, since: '', until: '', reach: 'whole' });
    const trial = await attempt(EVERYBODY, await fileWith('x', 'audit'));
    expect(trial).toMatchObject({ kind: 'noLog', problem: expect.stringContaining('ENOTDIR') as string });
  });

  it('ends by itself when time or size is up, and says that older ones were left out', async () => {
    const audit = await auditFolder(lines(logged()), lines(logged()));
    const one = Buffer.byteLength(lines(logged()));
    expect(replayOf(await attempt(EVERYBODY, audit, 1000, { ms: 60_000, bytes: one - 1 }))).toMatchObject({
      judged: 1,
      reach: 'cut',
    });
    expect(replayOf(await attempt(EVERYBODY, audit, 1000, { ms: -1, bytes: 1e9 }))).toMatchObject({ judged: 0, reach: 'cut' });
  });
});
