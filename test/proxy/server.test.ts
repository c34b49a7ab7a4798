import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../proxy/server';
import { rawClient } from './raw-client';
import { BASE, ground, serving, STORE } from './server-ground';
import { encryptBody, signedHeaders } from './xks-call';

const PATH = `${BASE}/keys/foo/encrypt`;
const text = JSON.stringify(encryptBody('Hello World!'));

/** A whole signed request as bytes. */
function rawRequest(host: string, body = text, more = ''): string {
  const headers = Object.entries(signedHeaders(host, PATH, body)).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${PATH} HTTP/1.1\r\n${headers.join('')}content-length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;
}

/** What every refusal has to look like. */
function expectXksError(raw: string, status: number, name: string): void {
  const [head = '', body = ''] = raw.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/json');
  expect(JSON.parse(body)).toMatchObject({ errorName: name });
  expect(body).toMatch(/^[\x20-\x7e]{1,600}$/);
}

describe('paths and methods', () => {
  it.each([
    '/',
    '/kms/xks/v1/health',
    `${BASE}/keys/foo/encrypt?x=1`,
    `${BASE}/keys/foo/encrypt/`,
    `/${'a'.repeat(4000)}`,
    '/%',
    '/%00',
  ])('that lead nowhere get a 404 in JSON: %s', async (path) => {
    const { send } = await ground();
    for (const method of ['POST', 'GET', 'PROPFIND']) {
      const { status, json, headers } = await send({ method, path, body: method === 'GET' ? '' : '{}' });
      expect([status, json['errorName']]).toEqual([404, 'InvalidUriPathException']);
      expect(headers['content-type']).toBe('application/json');
    }
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])(
    'refuse %s with a 405',
    async (method) => {
      const { send } = await ground();
      const { status, headers, json } = await send({ method, path: PATH });
      expect([status, headers['allow']]).toEqual([405, 'POST']);
      expect(json['errorName']).toBe(method === 'HEAD' ? undefined : 'ValidationException');
    },
  );

  it('refuse a tunnel in JSON', async () => {
    const { server } = await ground();
    const client = await rawClient(server.port);
    client.send('CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n');
    expectXksError(await client.closed, 405, 'ValidationException');
  });

  it('tell nothing about what answers', async () => {
    const { call, send } = await ground();
    for (const { headers } of [await call('keys/foo/encrypt', text), await send({ path: '/' })])
      expect(Object.keys(headers).sort()).toEqual(['connection', 'content-length', 'content-type', 'date', 'keep-alive']);
  });
});

describe('GET /ping', () => {
  it('says whether to send requests here', async () => {
    let isGood = true;
    const { send, records } = await ground({ parts: { ping: () => isGood } });
    expect(await send({ method: 'GET', path: '/ping' })).toMatchObject({ status: 200, text: 'pong from keyrite\n' });
    isGood = false;
    expect((await send({ method: 'GET', path: '/ping' })).status).toBe(503);
    expect((await send({ method: 'POST', path: '/ping' })).status).toBe(405);
    expect(records).toHaveLength(1);
  });

  it('answers on a plain port of its own, and nothing else does there', async () => {
    const free = await freePort();
    const { server } = await ground({ server: { pingPort: free } });
    expect(server.pingPort).toBe(free);
    for (const [path, status] of [
      ['/ping', 200],
      [PATH, 404],
    ] as const)
      expect((await fetch(`http://127.0.0.1:${free}${path}`)).status).toBe(status);
  });
});

describe('bodies', () => {
  it('are read whatever their type is said to be', async () => {
    const { call } = await ground();
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'what/ever; charset=?', ';;', ''])
      expect((await call('keys/foo/encrypt', text, { headers: { 'content-type': type } })).status).toBe(200);
  });

  it('are read in chunks', async () => {
    const { server, host } = await ground();
    const client = await rawClient(server.port);
    const [head = ''] = rawRequest(host).split('content-length');
    client.send(`${head}transfer-encoding: chunked\r\n\r\n`);
    for (const piece of [text.slice(0, 10), text.slice(10)]) client.send(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    client.send('0\r\n\r\n');
    expect(await client.until(/\r\n\r\n\{.*\}/)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('over the cap are refused in JSON before they are read, signed or not', async () => {
    const { server, hsm, records } = await ground();
    const client = await rawClient(server.port);
    client.send(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 10000000\r\n\r\n${'x'.repeat(70_000)}`);
    const raw = await client.closed;
    expectXksError(raw, 400, 'ValidationException');
    expect(raw.toLowerCase()).toContain('connection: close');
    expect(records).toMatchObject([{ status: 400, reason: 'bodySize' }]);
    expect(hsm.counts.encrypt).toBe(0);
  });

  it('over the cap in chunks are refused as soon as they are', async () => {
    const { server } = await ground();
    const client = await rawClient(server.port);
    client.send(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 5; i += 1) client.send(`4000\r\n${'x'.repeat(0x4000)}\r\n`);
    expectXksError(await client.closed, 400, 'ValidationException');
  });

  it('of exactly the cap are read, one byte more is not', async () => {
    const { call } = await ground();
    const padded = text.padEnd(65_536, ' ');
    expect((await call('keys/foo/encrypt', padded)).status).toBe(200);
    expect((await call('keys/foo/encrypt', `${padded} `)).json['errorName']).toBe('ValidationException');
  });

  it('are asked for with 100 Continue, unless they are too long', async () => {
    const { server, host } = await ground();
    const client = await rawClient(server.port);
    const [head = '', body = ''] = rawRequest(host, text, 'expect: 100-continue\r\n').split('\r\n\r\n');
    client.send(`${head}\r\n\r\n`);
    await client.until(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    client.send(body);
    await client.until(/HTTP\/1.1 200 /);
    const other = await rawClient(server.port);
    other.send(`POST ${PATH} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 100000\r\n\r\n`);
    expectXksError(await other.closed, 400, 'ValidationException');
  });

  it('that a wrong path gets are skipped, and the connection stays', async () => {
    const { server, host } = await ground();
    const client = await rawClient(server.port);
    client.send(`POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n12345${rawRequest(host)}`);
    const raw = await client.until(/HTTP\/1.1 200 /);
    expect(raw).toMatch(/^HTTP\/1.1 404 /);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['a line of rubbish', 'hello\r\n\r\n'],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex')],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without a name', `POST ${PATH} HTTP/1.1\r\n: x\r\n\r\n`],
    ['a header with a line feed alone', `POST ${PATH} HTTP/1.1\nhost: x\n\n`],
    ['an obsolete folded header', `POST ${PATH} HTTP/1.1\r\nhost: x\r\nx-a: 1\r\n 2\r\n\r\n`],
    [
      'a length and chunks',
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc`],
    ['a length that is none', `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`],
    ['chunks that are not last', `POST ${PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n`],
    ['a bad chunk', `POST ${PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`],
    ['a blank before a colon', `POST ${PATH} HTTP/1.1\r\nhost : x\r\n\r\n`],
    ['headers over the cap', `POST ${PATH} HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('gets a 400 in JSON and the end of the connection: %s', async (_what, bytes) => {
    const { server, call, hsm } = await ground();
    const client = await rawClient(server.port);
    client.send(bytes);
    expectXksError(await client.closed, 400, 'ValidationException');
    expect((await call('keys/foo/encrypt', text)).status).toBe(200);
    expect(hsm.counts.encrypt).toBe(1);
  });

  it('is answered after the requests that came before it on the connection', async () => {
    const { server, host, hsm } = await ground();
    const held = hsm.hold('encrypt');
    const client = await rawClient(server.port);
    client.send(`${rawRequest(host)}rubbish\r\n\r\n`);
    await held.waiting(1);
    expect(client.received()).toBe('');
    held.release();
    const raw = await client.closed;
    expect(raw.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('without a Host is a request whose signature cannot be right', async () => {
    const { server } = await ground();
    const client = await rawClient(server.port);
    client.send(`POST ${PATH} HTTP/1.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    expectXksError(await client.closed, 401, 'AuthenticationFailedException');
  });
});

describe('connections', () => {
  it('carry many requests, one after the other and before the answers', async () => {
    const { server, host, hsm } = await ground();
    const client = await rawClient(server.port);
    client.send(rawRequest(host).repeat(20));
    client.send('GET /ping HTTP/1.1\r\nhost: x\r\n\r\n');
    const raw = await client.until(/pong/);
    expect(raw.match(/HTTP\/1.1 200 /g)).toHaveLength(21);
    expect(hsm.counts.encrypt).toBe(20);
  });

  it('beyond the number in the settings are not taken', async () => {
    const { server, host } = await ground({ server: { connections: 2 } });
    const clients = [await rawClient(server.port), await rawClient(server.port)];
    expect(await (await rawClient(server.port)).closed).toBe('');
    for (const client of clients) {
      client.send(rawRequest(host));
      await client.until(/HTTP\/1.1 200 /);
    }
  });

  it('that end in the middle of a body harm nobody', async () => {
    const { server, host, call, faults } = await ground();
    const client = await rawClient(server.port);
    client.send(rawRequest(host).slice(0, -5));
    client.socket.end();
    await client.closed;
    const other = await rawClient(server.port);
    other.send(rawRequest(host).slice(0, -5));
    other.socket.resetAndDestroy();
    await other.closed;
    expect((await call('keys/foo/encrypt', text)).status).toBe(200);
    expect(faults).toEqual([]);
  });

  it('that end before their answer harm nobody', async () => {
    const { server, host, hsm, records, faults, call } = await ground();
    const held = hsm.hold('encrypt');
    const client = await rawClient(server.port);
    client.send(rawRequest(host));
    await held.waiting(1);
    client.socket.resetAndDestroy();
    await client.closed;
    held.release();
    expect((await call('keys/foo/encrypt', text)).status).toBe(200);
    expect(records.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(faults).toEqual([]);
  });
});

describe('closing', () => {
  it('answers what is under way, says goodbye, and takes nothing new', async () => {
    const { server, host, hsm } = await ground();
    const idle = await rawClient(server.port);
    const held = hsm.hold('encrypt');
    const client = await rawClient(server.port);
    client.send(rawRequest(host));
    await held.waiting(1);
    const closing = server.close();
    held.release();
    const raw = await client.closed;
    expect(await idle.closed).toBe('');
    expect(raw).toMatch(/^HTTP\/1.1 200 /);
    expect(raw.toLowerCase()).toContain('connection: close');
    await closing;
    await expect(rawClient(server.port)).rejects.toThrow(/ECONNREFUSED/);
    expect(server.connections()).toBe(0);
  });
});

describe('a port that is taken', () => {
  it('is named with its key and what to do', async () => {
    const { server } = await ground();
    const parts = { serving: () => serving({ stores: [STORE] }), now: () => Date.now() };
    const settings = { server: { ...SETTINGS, port: server.port }, tls: null, tcpKeepAlive: null };
    const started = await startServer(settings, parts as never);
    expect(started).toMatchObject({ ok: false, problem: { key: 'server.port', remedy: expect.stringContaining('stop it') } });
  });
});

const SETTINGS = {
  host: '127.0.0.1',
  port: 0,
  allowsPlainHttp: false,
  pingPort: null,
  bodyBytes: 1,
  headerBytes: 1024,
  headersTimeoutMs: 1000,
  requestTimeoutMs: 1000,
  keepAliveTimeoutMs: 1000,
  connections: 10,
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  onTestFinished(() => void server.close());
  return typeof address === 'object' && address !== null ? address.port : 0;
}
