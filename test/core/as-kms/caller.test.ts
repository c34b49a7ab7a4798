import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openCaller, type Caller } from '../../../core/as-kms/caller';
import { signed, type Signer } from '../../../core/as-kms/sign';
import { endpointOf, PATIENT_MS } from './run-against';

const SIGNER: Signer = {
  credential: { accessKeyId: 'BETWEEN2TENAND3TENCHARACTERS', secret: 'PleaseReplaceThisWithSomeSecretOfLength43To64' },
  region: 'us-east-1',
};

const open: { close: () => unknown }[] = [];

afterEach(() => {
  for (const { close } of open.splice(0)) close();
});

async function listening(server: Server | ReturnType<typeof createTcp>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function httpCaller(
  answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void,
  timeoutMs = PATIENT_MS,
) {
  let requests = 0;
  const server = createServer((request, response) => {
    const nth = ++requests;
    request.resume();
    request.once('end', () => answer(request, response, nth));
  });
  const caller = callerTo(await listening(server), timeoutMs);
  open.push({ close: () => server.close() }, { close: () => server.closeAllConnections() });
  return { caller, requests: () => requests };
}

function callerTo(url: string, timeoutMs = PATIENT_MS): Caller {
  const caller = openCaller({ endpoint: endpointOf(url), prefix: '/p', signer: SIGNER }, { timeoutMs });
  open.push(caller);
  return caller;
}

describe('a signature as KMS makes it', () => {
  const body = '{"requestMetadata":{"kmsRequestId":"4112f4d6-db54-4af4-ae30-c55a22a8dfae","kmsOperation":"KmsHealthCheck"}}';
  const request = {
    method: 'POST',
    path: '/example/uri/path/prefix/kms/xks/v1/health',
    headers: { host: 'xks.example.com' },
    body,
  };
  const at = new Date('2024-01-02T03:04:05.678Z');

  it('is that of the vector that was cross-checked with curl', () => {
    expect(signed(request, SIGNER, { at })).toMatchObject({
      'x-amz-date': '20240102T030405Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=BETWEEN2TENAND3TENCHARACTERS/20240102/us-east-1/kms-xks-proxy/aws4_request, ' +
        'SignedHeaders=host;x-amz-date, Signature=771d2803c17461128e7a42f4156853feae6d6f15d37517d076dbcd17dc720d8e',
    });
  });

  it('keeps the derived key of a day and leaves it with the day', () => {
    const next = new Date('2024-01-03T03:04:05Z');
    const fresh = { ...SIGNER };
    const first = signed(request, SIGNER, { at: next });
    expect(signed(request, SIGNER, { at: next })).toEqual(first);
    expect(signed(request, fresh, { at: next })).toEqual(first);
    expect(signed(request, fresh, { at })['authorization']).toContain('771d2803c1746');
  });
});

describe('the caller', () => {
  it('posts JSON to the path of the call and signs host and x-amz-date only', async () => {
    let seen: { url: string; headers: IncomingMessage['headers'] } | null = null;
    const { caller } = await httpCaller((request, response) => {
      seen = { url: request.url ?? '', headers: request.headers };
      response.end('{}');
    });
    await caller.call('Encrypt', 'key-1', {});
    expect(seen!.url).toBe('/p/kms/xks/v1/keys/key-1/encrypt');
    expect(seen!.headers).toMatchObject({
      host: caller.store.endpoint.authority,
      'content-type': 'application/json',
      'content-length': '2',
    });
    expect(seen!.headers.authorization).toContain('SignedHeaders=host;x-amz-date,');
  });

  it('uses a connection again', async () => {
    const { caller } = await httpCaller((_, response) => response.end('{}'));
    const [first, second] = [await caller.call('GetHealthStatus', '', {}), await caller.call('GetHealthStatus', '', {})];
    expect(first).toMatchObject({ kind: 'answer', isReused: false, attempts: 1 });
    expect(second).toMatchObject({ kind: 'answer', isReused: true, attempts: 1 });
  });

  it('tries once more after a time-out, and takes the answer that comes then', async () => {
    const { caller, requests } = await httpCaller(
      (_, response, nth) => (nth === 1 ? undefined : response.end('{"late":true}')),
      1000,
    );
    expect(await caller.call('Decrypt', 'key-1', {})).toMatchObject({ kind: 'answer', status: 200, attempts: 2 });
    expect(requests()).toBe(2);
  });

  it('gives up after the second time-out, also when the answer stops half-way', async () => {
    const silent = await httpCaller(() => undefined, 200);
    expect(await silent.caller.call('Decrypt', 'key-1', {})).toMatchObject({
      kind: 'timeout',
      attempts: 2,
      what: 'no answer within 200 ms, twice',
    });
    expect(silent.requests()).toBe(2);
    const halting = await httpCaller((_, response) => {
      response.setHeader('content-length', 100);
      response.write('{');
    }, 200);
    expect(await halting.caller.call('Decrypt', 'key-1', {})).toMatchObject({ kind: 'timeout', attempts: 2 });
  });

  it('does not hold it against the proxy when a kept connection was being closed', async () => {
    const { caller, requests } = await httpCaller((request, response, nth) =>
      nth === 2 ? request.socket.destroy() : response.end('{}'),
    );
    await caller.call('GetHealthStatus', '', {});
    expect(await caller.call('GetHealthStatus', '', {})).toMatchObject({ kind: 'answer', attempts: 2 });
    expect(requests()).toBe(3);
  });

  it('tells a connection that is refused from one that breaks and from what is not HTTP', async () => {
    const gone = createTcp();
    const url = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await callerTo(url).call('GetHealthStatus', '', {})).toMatchObject({ kind: 'unreachable', attempts: 1 });

    const tcp = async (act: (socket: Socket) => void) => {
      const server = createTcp((socket) => socket.on('error', () => undefined).once('data', () => act(socket)));
      open.push({ close: () => server.close() });
      return callerTo(await listening(server)).call('GetHealthStatus', '', {});
    };
    expect(await tcp((socket) => socket.destroy())).toMatchObject({ kind: 'broken' });
    expect(await tcp((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))).toMatchObject({ kind: 'broken' });
  });

  it('reads no more than a megabyte of an answer', async () => {
    const { caller } = await httpCaller((_, response) => response.end(Buffer.alloc(2 << 20)));
    expect(await caller.call('GetHealthStatus', '', {})).toMatchObject({
      kind: 'broken',
      what: 'the answer is longer than 1 MiB',
    });
  });
});
