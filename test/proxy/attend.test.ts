import { describe, expect, it } from 'vitest';
import { refusal } from '../../core/xks/errors';
import type { AuthorizationQuery } from '../../proxy/authorize/query';
import type { RequestRecord } from '../../proxy/request-record';
import { BASE, ground, STORE } from './server-ground';
import { CREDENTIAL, encryptBody, METADATA } from './xks-call';

const allow = { allowed: true, policy: '' };
const deny = { allowed: false, policy: 'no-alice' };
const killed = refusal('InvalidStateException', 'killed', 'This proxy was switched off.').error;

describe('the order of checks', () => {
  it('is: path, method, signature, body, key, latch, policy, size, HSM', async () => {
    const rules = { mayUse: () => (isKilled ? killed : null) };
    let isKilled = true;
    let verdict = deny;
    const { call, send, hsm } = await ground({ rules, parts: { authorizer: () => ({ decide: () => verdict }) } });
    const huge = encryptBody(Buffer.alloc(8193));
    const wrong = { secret: 'x'.repeat(43) };
    const names: unknown[] = [];
    const note = async (answer: ReturnType<typeof call>): Promise<void> => {
      const { status, json } = await answer;
      names.push([status, json['errorName'] ?? 'ok']);
    };
    await note(send({ method: 'GET', path: '/nowhere' }));
    await note(send({ method: 'GET', path: `${BASE}/keys/nope/encrypt` }));
    await note(call('keys/nope/encrypt', '{', wrong));
    await note(call('keys/nope/encrypt', '{'));
    await note(call('keys/nope/encrypt', huge));
    await note(call('keys/foo/encrypt', huge));
    isKilled = false;
    await note(call('keys/foo/encrypt', huge));
    verdict = allow;
    await note(call('keys/foo/encrypt', huge));
    expect(hsm.counts.encrypt).toBe(0);
    await note(call('keys/foo/encrypt', encryptBody('x')));
    expect(names).toEqual([
      [404, 'InvalidUriPathException'],
      [405, 'ValidationException'],
      [401, 'AuthenticationFailedException'],
      [400, 'ValidationException'],
      [404, 'KeyNotFoundException'],
      [400, 'InvalidStateException'],
      [403, 'AccessDeniedException'],
      [501, 'UnsupportedOperationException'],
      [200, 'ok'],
    ]);
  });

  it('lets a caller without a signature in where the settings switch it off', async () => {
    const { send, records } = await ground({ serving: { isSigV4On: false } });
    const body = JSON.stringify(encryptBody('x'));
    expect((await send({ path: `${BASE}/keys/foo/encrypt`, body })).status).toBe(200);
    expect(records[0]).toMatchObject({ accessKeyId: '', outcome: 'ok' });
  });
});

describe('secondary authorization', () => {
  it('is asked with what KMS said, and recorded with the policy', async () => {
    const asked: AuthorizationQuery[] = [];
    const decide = (query: AuthorizationQuery): typeof deny => (asked.push(query), deny);
    const { call, records } = await ground({ parts: { authorizer: () => ({ decide }) } });
    const requestMetadata = { ...METADATA, awsSourceVpc: 'vpc-1', awsSourceVpce: 'vpce-1' };
    const { json } = await call('keys/foo/encrypt', encryptBody('x', { requestMetadata }));
    expect(json['errorMessage']).not.toContain('no-alice');
    expect(asked).toEqual([
      {
        store: STORE.name,
        keyId: 'foo',
        api: 'Encrypt',
        kmsKeyArn: METADATA.kmsKeyArn,
        caller: METADATA.awsPrincipalArn,
        kmsOperation: 'Encrypt',
        via: 'ebs',
        vpc: 'vpc-1',
        vpce: 'vpce-1',
      },
    ]);
    expect(records[0]).toMatchObject({ status: 403, outcome: 'AccessDeniedException', reason: 'policy', policy: 'no-alice' });
  });
});

describe('the record of a request', () => {
  it('says who asked for what, how it ended and where the time went', async () => {
    const { call, records } = await ground();
    await call('keys/foo/encrypt', encryptBody('x'));
    expect(records).toEqual([
      {
        store: 'first',
        api: 'Encrypt',
        keyId: 'foo',
        kmsRequestId: METADATA.kmsRequestId,
        kmsOperation: 'Encrypt',
        caller: METADATA.awsPrincipalArn,
        via: 'ebs',
        kmsKeyArn: METADATA.kmsKeyArn,
        vpc: '',
        vpce: '',
        accessKeyId: CREDENTIAL.accessKeyId,
        status: 200,
        outcome: 'ok',
        reason: '',
        policy: '',
        generation: expect.stringMatching(/^[0-9a-f]{16}$/),
        queueMs: 0.1,
        hsmMs: 0.5,
        totalMs: expect.any(Number),
      } satisfies RequestRecord,
    ]);
  });

  it('exists for requests that were refused early too', async () => {
    const { call, send, records } = await ground();
    await send({ path: '/nowhere' });
    await send({ method: 'PUT', path: `${BASE}/keys/foo/encrypt` });
    await call('keys/foo/encrypt', encryptBody('x'), { region: 'eu-west-1' });
    expect(
      records.map(({ store, api, keyId, accessKeyId, status, reason }) => ({ store, api, keyId, accessKeyId, status, reason })),
    ).toEqual([
      { store: '', api: null, keyId: '', accessKeyId: '', status: 404, reason: 'path' },
      { store: 'first', api: 'Encrypt', keyId: 'foo', accessKeyId: '', status: 405, reason: 'method' },
      { store: 'first', api: 'Encrypt', keyId: 'foo', accessKeyId: CREDENTIAL.accessKeyId, status: 401, reason: 'region' },
    ]);
  });

  it('holds what a refused body said, cut and without what could break a line', async () => {
    const { call, records } = await ground();
    const requestMetadata = {
      ...METADATA,
      kmsRequestId: 'a\r\nb\u202e\u0007',
      kmsOperation: 'x'.repeat(5000),
      awsPrincipalArn: `${'y'.repeat(2047)}\u{1f511}`,
      kmsViaService: 7,
    };
    await call('keys/foo/encrypt', JSON.stringify({ requestMetadata }).replace('"ebs"', '"\\ud800"'));
    expect(records[0]).toMatchObject({ status: 400, kmsRequestId: 'a\ufffd\ufffdb\ufffd\ufffd', via: '' });
    expect(records[0]?.kmsOperation).toHaveLength(2048);
    expect(records[0]?.caller).toBe(`${'y'.repeat(2047)}\ufffd`);
  });

  it('is written before the answer goes out', async () => {
    let release = (): void => undefined;
    const written = new Promise<boolean>((resolve) => (release = () => resolve(true)));
    const order: string[] = [];
    const { call } = await ground({ parts: { audit: { request: () => written } } });
    const answer = call('keys/foo/encrypt', encryptBody('x')).then(() => order.push('answered'));
    await new Promise((resolve) => setImmediate(resolve));
    order.push('written');
    release();
    await answer;
    expect(order).toEqual(['written', 'answered']);
  });

  it.each([
    ['cannot be written', () => Promise.resolve(false)],
    ['throws', () => Promise.reject(new Error('disk'))],
  ])('that %s leaves the caller with nothing but an error', async (_what, request) => {
    const { call, records } = await ground({ parts: { audit: { request } } });
    const { status, json } = await call('keys/foo/encrypt', encryptBody('x'));
    expect(status).toBe(500);
    expect(Object.keys(json)).toEqual(['errorName', 'errorMessage']);
    expect(records).toMatchObject([{ status: 500, outcome: 'InternalException', reason: 'audit' }]);
  });

  it('may be lost where the settings say so', async () => {
    const { call } = await ground({ serving: { auditOnFailure: 'continue' }, parts: { audit: { request: async () => false } } });
    expect((await call('keys/foo/encrypt', encryptBody('x'))).status).toBe(200);
  });
});

describe('a bug of ours', () => {
  it('is an InternalException for the request it happened in, told to whoever keeps the log, and nothing more', async () => {
    const bug = new Error('a bug, with a secret');
    const broken = { ...(await ground()).hsm, encrypt: () => Promise.reject(bug) };
    const { call, faults, records } = await ground({ parts: { hsm: broken } });
    const { status, text } = await call('keys/foo/encrypt', encryptBody('x'));
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(faults).toEqual([bug]);
    expect(records[0]).toMatchObject({ outcome: 'InternalException', reason: 'fault' });
  });

  it('in what is told of a request does not keep its answer back', async () => {
    const { call, faults } = await ground({
      parts: {
        onRecord: () => {
          throw new Error('metrics');
        },
      },
    });
    expect((await call('keys/foo/encrypt', encryptBody('x'))).status).toBe(200);
    expect(faults).toHaveLength(1);
  });
});
