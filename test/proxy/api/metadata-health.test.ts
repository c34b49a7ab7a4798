import { describe, expect, it } from 'vitest';
import { refusal } from '../../../core/xks/errors';
import { fakeHsm, fakeKey } from '../fake-hsm';
import { ground, HEALTH } from '../server-ground';
import { encryptBody, METADATA } from '../xks-call';

const who = { requestMetadata: { ...METADATA, kmsOperation: 'CreateKey' } };
const check = { requestMetadata: { kmsOperation: 'KmsHealthCheck', kmsRequestId: '1' } };

describe('GetKeyMetadata', () => {
  it('says what a key is and what it may do', async () => {
    const { call, records } = await ground();
    const answer = await call('keys/foo/metadata', who);
    expect(answer).toMatchObject({
      status: 200,
      json: { keySpec: 'AES_256', keyUsage: ['ENCRYPT', 'DECRYPT'], keyStatus: 'ENABLED' },
    });
    expect((await call('keys/decrypt-only/metadata', who)).json['keyUsage']).toEqual(['DECRYPT']);
    expect(records[0]).toMatchObject({
      api: 'GetKeyMetadata',
      kmsOperation: 'CreateKey',
      outcome: 'ok',
      queueMs: 0.1,
      hsmMs: 0.5,
    });
  });

  it('does not call another key AES_256', async () => {
    const short = { ...fakeKey('foo'), secret: new Uint8Array(16) };
    const { call } = await ground({ hsm: fakeHsm({ keys: [short] }) });
    expect((await call('keys/foo/metadata', who)).json['keySpec']).toBe('AES_128');
  });

  it('asks for its caller, but not for a key ARN', async () => {
    const { call } = await ground();
    const { kmsKeyArn: _arn, kmsViaService: _via, ...caller } = who.requestMetadata;
    expect((await call('keys/foo/metadata', { requestMetadata: caller })).status).toBe(200);
    expect(await call('keys/foo/metadata', check)).toMatchObject({ status: 400, json: { errorName: 'ValidationException' } });
  });

  it('does not know a key that is not listed, or that the HSM lost', async () => {
    const { call } = await ground();
    for (const key of ['nope', 'gone'])
      expect(await call(`keys/${key}/metadata`, who)).toMatchObject({ status: 404, json: { errorName: 'KeyNotFoundException' } });
  });

  it('calls a blocked key DISABLED without asking the HSM, while crypto calls are refused', async () => {
    const blocked = refusal('InvalidStateException', 'blocked', 'This key is blocked.').error;
    const { call, hsm } = await ground({ rules: { mayUse: (label) => (label === 'foo' ? blocked : null) } });
    const answer = await call('keys/foo/metadata', who);
    expect(answer).toMatchObject({ status: 200, json: { keySpec: 'AES_256', keyStatus: 'DISABLED' } });
    expect(hsm.counts.describe).toBe(0);
    expect(await call('keys/foo/encrypt', encryptBody('x'))).toMatchObject({
      status: 400,
      json: { errorName: 'InvalidStateException' },
    });
    expect((await call('keys/bar/metadata', who)).json['keyStatus']).toBe('ENABLED');
  });
});

describe('GetHealthStatus', () => {
  it('says what is known, whatever the policies and the latch say', async () => {
    const { call } = await ground({
      rules: { mayUse: () => refusal('InvalidStateException', 'killed', 'off').error },
      parts: { authorizer: () => ({ decide: () => ({ allowed: false, policy: 'nobody' }) }) },
    });
    expect(await call('health', check)).toMatchObject({ status: 200, json: HEALTH });
  });

  it.each([{}, { requestMetadata: {} }, { requestMetadata: { kmsOperation: 'KmsHealthCheck' } }, []])(
    'refuses the body %j as invalid',
    async (body) => {
      const { call } = await ground();
      expect(await call('health', body)).toMatchObject({ status: 400, json: { errorName: 'ValidationException' } });
    },
  );
});
