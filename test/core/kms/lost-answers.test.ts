import diagnostics from 'node:diagnostics_channel';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KmsAct } from '../../../core/kms/calls';
import { callOf } from '../../../core/kms/calls';
import { REPEATS } from '../../../core/kms/retry';
import { ACTS, EVERY_CALL, type Ended } from './every-call';
import { issue } from '../as-kms/certificates';
import {
  callerIdentity,
  endAll,
  head,
  json,
  KEY_ID,
  keyMetadata,
  quickRim,
  refuse,
  rehearsal,
  standIn,
  tcpStandIn,
  TIMEOUT_MS,
} from './stand-in';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.useRealTimers();
  endAll();
});

const call = (kms: ReturnType<typeof rehearsal>, act: KmsAct['act']): Promise<Ended> => EVERY_CALL[act](kms);

const NEVER = ACTS.filter((act) => REPEATS[callOf(act).operation] === 'never').map(({ act }) => act);
const AGAIN = ACTS.filter((act) => REPEATS[callOf(act).operation] === 'again').map(({ act }) => act);

/** Time passes when the test says so: no machine is too slow for it. */
function clockInHand() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return { timeOut: () => void vi.advanceTimersByTime(TIMEOUT_MS) };
}

describe('what changes something', () => {
  it('is the known list of calls', () => {
    expect([...NEVER].sort()).toEqual(
      [
        'cancelKeyDeletion connectKeyStore createAlias createGrant createKey createKeyStore createXksKey deleteAlias',
        'deleteImportedKeyMaterial deleteKeyStore disableKey disconnectKeyStore enableKey importKeyMaterial',
        'putKeyPolicy replicateKey revokeGrant rotateKeyOnDemand scheduleKeyDeletion tagKey',
        'updateAlias updateDescription updateKeyStore',
      ]
        .join(' ')
        .split(' '),
    );
  });

  it.each(NEVER)('is asked once, whatever happens to the answer: %s', async (act) => {
    const endings = [
      (_: unknown, response: { destroy: () => void }) => response.destroy(),
      (_: unknown, response: Parameters<typeof refuse>[0]) => refuse(response, 'ThrottlingException', 'slow down'),
      (_: unknown, response: Parameters<typeof refuse>[0]) => refuse(response, 'KMSInternalException', 'oh', 500),
    ];
    const codes: string[] = [];
    for (const ending of endings) {
      const server = await standIn(ending);
      const ended = await call(rehearsal(server.url), act);
      codes.push(ended.ok ? 'ok' : ended.error.code);
      expect(server.asked.filter(({ operation }) => operation !== 'GetCallerIdentity')).toHaveLength(1);
    }
    expect(codes).toEqual(['aws.noAnswer', 'aws.throttled', 'aws.internal']);
  });
});

describe('what changes nothing', () => {
  it.each(AGAIN)('is asked again when an answer is lost, three times at most: %s', async (act) => {
    const server = await standIn((_, response) => response.destroy());
    const rim = quickRim();
    const answer = await call(rehearsal(server.url, rim), act);
    expect(answer).toMatchObject({ ok: false, error: { code: 'aws.noAnswer', detail: { attempts: 4 } } });
    expect(rim.waits).toEqual([500, 1_500, 4_000]);
  });

  it('is answered by the attempt that succeeds', async () => {
    const server = await standIn((_, response, nth) =>
      nth < 3 ? refuse(response, 'ThrottlingException', 'slow down') : json(response, { KeyMetadata: keyMetadata() }),
    );
    expect(await rehearsal(server.url).describeKey(KEY_ID)).toMatchObject({ ok: true, value: { value: { keyId: KEY_ID } } });
    expect(server.count('DescribeKey')).toBe(3);
  });

  it('is not asked again when AWS refuses it', async () => {
    const server = await standIn((_, response) => refuse(response, 'AccessDeniedException', 'no'));
    await rehearsal(server.url).describeKey(KEY_ID);
    expect(server.count('DescribeKey')).toBe(1);
  });
});

describe('GetParametersForImport', () => {
  const wrapping = { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' } as const;

  it('waits more than four seconds between attempts when it is throttled, and not for ever', async () => {
    const server = await standIn((_, response) => refuse(response, 'ThrottlingException', 'Rate exceeded'));
    const rim = quickRim();
    const answer = await rehearsal(server.url, rim).getParametersForImport(KEY_ID, wrapping);
    expect(answer).toMatchObject({ ok: false, error: { code: 'aws.throttled', detail: { attempts: 5 } } });
    expect(rim.waits).toEqual([4_500, 8_000, 12_000, 16_000]);
  });

  it('stops waiting when nobody wants to wait any longer', async () => {
    const server = await standIn((_, response) => refuse(response, 'ThrottlingException', 'Rate exceeded'));
    const patience = new AbortController();
    const rim = { ...quickRim(), delay: async () => patience.abort() };
    const answer = await rehearsal(server.url, rim).getParametersForImport(KEY_ID, wrapping, patience.signal);
    expect(answer).toEqual({ ok: false, error: { code: 'input.cancelled', detail: { operation: 'GetParametersForImport' } } });
    expect(server.count('GetParametersForImport')).toBe(1);
  });

  it('is cancelled while the answer is awaited', async () => {
    const patience = new AbortController();
    const server = await standIn(() => patience.abort());
    const answer = await rehearsal(server.url).getParametersForImport(KEY_ID, wrapping, patience.signal);
    expect(answer).toMatchObject({ ok: false, error: { code: 'input.cancelled' } });
  });
});

describe('a request that did not get there', () => {
  it('is known not to have: the connection is refused', async () => {
    const server = await standIn(() => undefined);
    endAll();
    expect(await rehearsal(server.url).createKey(createKey)).toMatchObject({
      ok: false,
      error: { code: 'aws.unreachable', detail: { operation: 'GetCallerIdentity', name: 'ECONNREFUSED' } },
    });
  });

  it('is known not to have: the certificate is not one to trust, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { keyPem: key, certPem: cert } = issue({ commonName: '127.0.0.1' });
    let heard = 0;
    const server = createTls({ key, cert }, (_, response) => {
      heard++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const answer = await rehearsal(`https://127.0.0.1:${(server.address() as AddressInfo).port}`).identify();
    server.close();
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'aws.unreachable', detail: { name: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
    });
    expect(heard).toBe(0);
  });

  it('is known not to have: the other side ends the connection before TLS is set up', async () => {
    const url = await tcpStandIn((socket) => socket.once('data', () => socket.destroy()));
    const answer = await rehearsal(url.replace('http:', 'https:')).identify();
    expect(answer).toMatchObject({ ok: false, error: { code: 'aws.unreachable' } });
  });

  it('is known not to have: TLS does not come about in time', async () => {
    const { timeOut } = clockInHand();
    const url = await tcpStandIn((socket) => socket.once('data', timeOut));
    const answer = await rehearsal(url.replace('http:', 'https:')).identify();
    expect(answer).toMatchObject({ ok: false, error: { code: 'aws.unreachable', detail: { name: 'TIMEOUT' } } });
  });
});

const createKey = {
  spec: 'HMAC_256',
  usage: 'GENERATE_VERIFY_MAC',
  multiRegion: false,
  description: '',
  policy: null,
  bypassPolicyLockoutSafetyCheck: false,
  tags: [],
} as const;

describe('an answer to CreateKey that is lost after the request had gone', () => {
  async function lost(answer: Parameters<typeof standIn>[0]) {
    const server = await standIn(answer);
    const ended = await rehearsal(server.url).createKey(createKey);
    expect(server.count('CreateKey')).toBe(1);
    return ended;
  }
  const noAnswer = (name: string) => ({ ok: false, error: { code: 'aws.noAnswer', detail: { operation: 'CreateKey', name } } });

  it('is said to be: the connection is reset', async () => {
    expect(await lost((_, response) => (response.socket as Socket).resetAndDestroy())).toMatchObject(noAnswer('ECONNRESET'));
  });

  it('is said to be: half of it comes', async () => {
    const ended = await lost((_, response) => {
      response.writeHead(200, head({ 'content-length': '4000' }));
      response.write('{"KeyMetadata":', () => response.destroy());
    });
    expect(ended).toMatchObject(noAnswer('ECONNRESET'));
  });

  it('is said to be: it does not come in time', async () => {
    const { timeOut } = clockInHand();
    expect(await lost(timeOut)).toMatchObject(noAnswer('TIMEOUT'));
  });

  it('is said to be: it begins and does not end in time', async () => {
    const { timeOut } = clockInHand();
    const server = await standIn((_, response) => void response.writeHead(200, head()).write('{'));
    const kms = rehearsal(server.url);
    await kms.identify();
    // Node tells when the head of an answer has arrived: from then on the body is awaited.
    const arrived = (): void => void setImmediate(timeOut);
    diagnostics.subscribe('http.client.response.finish', arrived);
    const ended = await kms.createKey(createKey).finally(() => diagnostics.unsubscribe('http.client.response.finish', arrived));
    expect(ended).toMatchObject(noAnswer('TIMEOUT'));
  });

  it('is said to be: it does not end at all', async () => {
    const ended = await lost((_, response) => void response.writeHead(200, head()).end(Buffer.alloc(5 << 20, 32)));
    expect(ended).toMatchObject(noAnswer('TOO_LONG'));
  });

  it('is said to be: the app closes the connections', async () => {
    const opened = { close: (): void => undefined };
    const server = await standIn(() => opened.close());
    const kms = rehearsal(server.url);
    opened.close = () => kms.close();
    expect(await kms.createKey(createKey)).toMatchObject({ ok: false, error: { code: 'aws.noAnswer' } });
  });
});

describe('an answer that is not of AWS', () => {
  it('is a page: a proxy or another server is named', async () => {
    const server = await standIn((_, response) =>
      response.writeHead(200, head({ 'content-type': 'text/html' })).end('<h1>Log in</h1>'),
    );
    const answer = await rehearsal(server.url).createKey(createKey);
    expect(answer).toMatchObject({ ok: false, error: { code: 'aws.unknown', detail: { status: 200 } } });
    expect(answer.ok ? '' : answer.error.detail['message']).toBe(
      'The answer is text/html and not of AWS: a proxy or another server sent it.',
    );
  });

  it.each(['{"KeyMetadata":', '[]', 'null', '"x"', '{"KeyMetadata":{"KeyId":"k"}}', '{"KeyMetadata":{"KeyState":"Odd"}}', '{}'])(
    'is JSON that says nothing: %s',
    async (text) => {
      const server = await standIn((_, response) => response.writeHead(200, head()).end(text));
      expect(await rehearsal(server.url).createKey(createKey)).toMatchObject({
        ok: false,
        error: { code: 'aws.unknown', detail: { operation: 'CreateKey', status: 200 } },
      });
    },
  );

  it('comes from an endpoint that is neither AWS nor a rehearsal: it is asked who it is, and nothing else', async () => {
    const server = await standIn(
      () => undefined,
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/xml' }).end('<x/>');
      },
    );
    expect(await rehearsal(server.url).createKey(createKey)).toMatchObject({
      ok: false,
      error: { code: 'aws.unknown', detail: { message: expect.stringContaining('neither AWS’s own nor') } },
    });
    expect(server.asked.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  });

  it('is asked for once only, when it had been right before', async () => {
    const server = await standIn(
      (_, response) => json(response, {}),
      (_, response) => callerIdentity(response),
    );
    const kms = rehearsal(server.url);
    await kms.enableKey(KEY_ID);
    await kms.enableKey(KEY_ID);
    expect(server.count('GetCallerIdentity')).toBe(1);
    const other = rehearsal(server.url);
    await other.identify();
    await other.enableKey(KEY_ID);
    expect(server.count('GetCallerIdentity')).toBe(2);
  });
});
