import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PolicyTrialOptions, RoomContext } from '../../../core/contract/proxy-room';
import { tryPolicy } from '../../../proxy/authorize/trial';
import { denied, logged } from './logged';
import { fileWith, query, removeTemporaryFolders, shippedPolicy, temporaryFolder } from './policy-folder';

afterAll(removeTemporaryFolders);

const SNAPE = 'arn:aws:iam::111122223333:user/snape';
const REVOKED = shippedPolicy('one-revoked-user.cedar');

interface Tried {
  readonly end: string;
  readonly out: string;
  readonly err: string;
}

async function attempt(
  options: Partial<PolicyTrialOptions>,
  signal: RoomContext['signal'] = new AbortController().signal,
): Promise<Tried> {
  const said = { out: '', err: '' };
  const context: RoomContext = {
    out: (text) => void (said.out += `${text}\n`),
    err: (text) => void (said.err += `${text}\n`),
    isTerminal: false,
    signal,
  };
  const end = await tryPolicy({ policyFile: REVOKED, requestFile: '', audit: '', isJson: false, ...options }, context);
  return { end, ...said };
}

async function tryRequest(request: unknown, isJson = false): Promise<Tried> {
  return attempt({
    requestFile: await fileWith(typeof request === 'string' ? request : JSON.stringify(request), 'request.json'),
    isJson,
  });
}

async function tryLog(lines: readonly string[], isJson = false): Promise<Tried> {
  return attempt({ audit: await fileWith(`${lines.join('\n')}\n`, 'audit-000000000000.jsonl'), isJson });
}

describe('trying a policy on one request', () => {
  it('says ALLOWED or DENIED first, by which policy, and ends accordingly', async () => {
    const allowed = await tryRequest(query());
    expect(allowed).toMatchObject({ end: 'done', err: '' });
    expect(allowed.out.split('\n')[0]).toBe('ALLOWED by everybody-else.');
    const refused = await tryRequest(query({ caller: SNAPE }));
    expect(refused).toMatchObject({ end: 'no', err: '' });
    expect(refused.out.split('\n')[0]).toBe('DENIED by revoked-snape.');
    expect(refused.out).toMatch(/\n {2}caller +arn:aws:iam::111122223333:user\/snape\n/);
  });

  it('takes the body of an XKS request, and says what the policy could not be told', async () => {
    const requestMetadata = {
      awsPrincipalArn: SNAPE,
      kmsOperation: 'GenerateDataKey',
      kmsRequestId: 'r',
      kmsViaService: 'ebs',
      later: 1,
    };
    const { end, out } = await tryRequest({ requestMetadata, plaintext: 'c2VjcmV0', encryptionAlgorithm: 'AES_GCM' });
    expect(end).toBe('no');
    expect(out).toMatch(/api +Encrypt/);
    for (const name of ['"store"', '"keyId"', '"kmsKeyArn"']) expect(out).toContain(name);
    expect(out).not.toContain('c2VjcmV0');
    const kinds = [{ ciphertext: 'eA==' }, {}].map((body) =>
      tryRequest({ requestMetadata, store: 'blue', keyId: 'foo', ...body }),
    );
    const [decrypt, metadata] = await Promise.all(kinds);
    expect(decrypt?.out).toMatch(/api +Decrypt/);
    expect(metadata?.out).toMatch(/api +GetKeyMetadata/);
    expect(metadata?.out).not.toContain('No "');
  });

  it('gives one JSON object with --json', async () => {
    const { end, out } = await tryRequest(query({ caller: SNAPE }), true);
    expect(end).toBe('no');
    expect(JSON.parse(out)).toEqual({
      ok: false,
      policyFile: REVOKED,
      allowed: false,
      policy: 'revoked-snape',
      request: query({ caller: SNAPE }),
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a field nobody knows', { ...query(), callr: 'x' }],
    ['no caller', { api: 'Encrypt', kmsOperation: 'Encrypt' }],
    ['health, which no policy is asked about', { ...query(), api: 'GetHealthStatus' }],
    ['a body without a caller', { requestMetadata: { kmsOperation: 'Encrypt', kmsRequestId: 'r' } }],
  ])('finds a request unusable that is %s', async (_what, request) => {
    const { end, out, err } = await tryRequest(request);
    expect([end, out]).toEqual(['unusable', '']);
    expect(err).toContain('request.json');
  });

  it('never repeats what a body holds, also when it cannot be used', async () => {
    for (const isJson of [false, true]) {
      const { end, out, err } = await tryRequest({ requestMetadata: { awsPrincipalArn: 7 }, plaintext: 'c2VjcmV0' }, isJson);
      expect(end).toBe('unusable');
      expect(out + err).not.toContain('c2VjcmV0');
    }
  });

  it('finds a missing file unusable', async () => {
    expect((await attempt({ requestFile: join(await temporaryFolder(), 'none.json') })).end).toBe('unusable');
  });
});

describe('replaying an audit log', () => {
  it('says that nothing would change when it would not', async () => {
    const { end, out, err } = await tryLog([logged(), logged({ ...denied('old'), caller: SNAPE }, '2026-11-23T11:00:00.000Z')]);
    expect([end, err]).toEqual(['done', '']);
    expect(out.split('\n')[0]).toBe(
      'Nothing would change. 2 requests from 2026-11-23T10:00:00.000Z to 2026-11-23T11:00:00.000Z were put to the policy.',
    );
  });

  it('counts per caller, operation and key what would change, in both directions, with the policy', async () => {
    const { end, out } = await tryLog([
      logged(),
      ...Array.from({ length: 12 }, () => logged({ caller: SNAPE })),
      logged({ caller: SNAPE, kmsOperation: 'Decrypt', api: 'Decrypt', keyId: 'bar' }),
      logged({ ...denied('default-deny') }),
    ]);
    expect(end).toBe('no');
    expect(out.split('\n')[0]).toContain(
      '14 requests would be answered differently: 13 that were allowed would be denied, 1 that were denied',
    );
    const rows = out.split('\n').filter((line) => line.includes(' -> '));
    expect(rows.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['12', 'allowed -> denied', 'Encrypt', 'blue/foo', 'revoked-snape', SNAPE],
      ['1', 'allowed -> denied', 'Decrypt', 'blue/bar', 'revoked-snape', SNAPE],
      ['1', 'denied -> allowed', 'Encrypt', 'blue/foo', 'everybody-else', query().caller],
    ]);
  });

  it('gives one JSON object with --json', async () => {
    const { end, out } = await tryLog([logged({ caller: SNAPE }), logged(denied('old'))], true);
    expect(end).toBe('no');
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      judged: 2,
      allowedToDenied: 1,
      deniedToAllowed: 1,
      policies: ['everybody-else', 'revoked-snape'],
      unlisted: 0,
      changes: [
        { was: 'allowed', becomes: 'denied', caller: SNAPE, policy: 'revoked-snape', wasPolicy: '', requests: 1 },
        { was: 'denied', becomes: 'allowed', policy: 'everybody-else', wasPolicy: 'old', requests: 1 },
      ],
    });
  });

  it('leaves out what no policy was asked about, and counts it', async () => {
    const { end, out } = await tryLog(
      [
        logged(),
        logged({ api: 'GetHealthStatus', caller: '', kmsOperation: 'KmsHealthCheck' }),
        logged({ caller: SNAPE, status: 401, outcome: 'AuthenticationFailedException' }),
        logged({ caller: SNAPE, status: 400, outcome: 'InvalidStateException' }),
        logged({ api: null, caller: SNAPE, status: 404, outcome: 'InvalidUriPathException' }),
        '{"seq":1,"at":"2026-11-23T10:00:00.000Z","type":"killed","data":{}}',
        'no JSON',
        '{"type":"request","data":{}}',
        '',
      ],
      true,
    );
    expect(end).toBe('done');
    expect(JSON.parse(out)).toMatchObject({
      judged: 1,
      notJudged: { health: 1, refusedBefore: 3, otherEvents: 1, unreadable: 3 },
    });
  });

  it('asks about a failure behind the authorization: the caller had got that far', async () => {
    const after = { caller: SNAPE, status: 400, outcome: 'ValidationException', policy: 'everybody-else' } as const;
    const { out } = await tryLog(
      [logged(after), logged({ caller: SNAPE, status: 503, outcome: 'DependencyTimeoutException' })],
      true,
    );
    expect(JSON.parse(out)).toMatchObject({ judged: 2, allowedToDenied: 2 });
  });

  it('reads all files of a folder, a link to it too, and leaves the line alone that is being written', async () => {
    const folder = join(await temporaryFolder(), 'audit');
    await mkdir(folder);
    await writeFile(join(folder, 'audit-000000000000.jsonl'), `${logged({ caller: SNAPE })}\n`);
    await writeFile(join(folder, 'audit-000000000001.jsonl'), `${logged({ caller: SNAPE })}\n${logged().slice(0, 80)}`);
    await writeFile(join(folder, 'lock'), 'not a log');
    await symlink(folder, `${folder}-link`);
    for (const audit of [folder, `${folder}-link`]) {
      const { out } = await attempt({ audit, isJson: true });
      expect(JSON.parse(out)).toMatchObject({ judged: 2, allowedToDenied: 2, notJudged: { unreadable: 0 } });
    }
  });

  it('finds a log unusable that holds no request, or is not there', async () => {
    const folder = await temporaryFolder();
    for (const audit of [folder, join(folder, 'none'), await fileWith('{}\n', 'a.jsonl')]) {
      expect(await attempt({ audit }), audit).toMatchObject({ end: 'unusable', out: '' });
      const { end, out } = await attempt({ audit, isJson: true });
      expect(end).toBe('unusable');
      expect(JSON.parse(out)).toMatchObject({ ok: false, problems: [{ where: audit }] });
    }
  });

  it('shows texts of the log without control characters', async () => {
    const { out } = await tryLog([logged({ caller: SNAPE, keyId: 'a\u001b[2J\nNothing would change.' })]);
    expect(out).toContain('a?[2J?Nothing');
    expect(out.includes('\u001b')).toBe(false);
  });

  it('keeps counting when there are more different changes than it keeps apart', async () => {
    const session = (n: number) => logged({ caller: `arn:aws:sts::111122223333:assumed-role/r${n}/snape` });
    const { out } = await tryLog(
      Array.from({ length: 10_020 }, (_, n) => session(n)),
      true,
    );
    const told = JSON.parse(out) as { changes: unknown[] };
    expect(told).toMatchObject({ judged: 10_020, allowedToDenied: 10_020, unlisted: 20 });
    expect(told.changes).toHaveLength(10_000);
  });

  it('stops when it is told to', async () => {
    const audit = await fileWith(`${logged()}\n`, 'audit-000000000000.jsonl');
    expect(await attempt({ audit }, AbortSignal.abort())).toEqual({ end: 'stopped', out: '', err: '' });
  });
});

describe('trying a policy that cannot be used', () => {
  it('names every problem with place and remedy, as text or as JSON', async () => {
    const policyFile = await fileWith('permit (principal, action, resource) when { principal.arm == "x" };');
    const text = await attempt({ policyFile, requestFile: 'not even looked at' });
    expect(text).toMatchObject({ end: 'unusable', out: '' });
    expect(text.err).toContain(`${policyFile}:1:45: Attribute \`arm\``);
    const json = await attempt({ policyFile, isJson: true });
    expect(json).toMatchObject({ end: 'unusable', err: '' });
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, problems: [{ where: `${policyFile}:1:45` }] });
  });
});
