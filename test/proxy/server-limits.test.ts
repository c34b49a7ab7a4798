import { describe, expect, it } from 'vitest';
import { rawClient } from './raw-client';
import { BASE, ground } from './server-ground';
import { encryptBody, signedHeaders } from './xks-call';

const PATH = `${BASE}/keys/foo/encrypt`;
const QUICK = { headersTimeoutMs: 150, requestTimeoutMs: 300, keepAliveTimeoutMs: 150 };
const HEAD = `POST ${PATH} HTTP/1.1\r\nhost: x\r\n`;

describe('a client that is slow', () => {
  it.each([
    ['says nothing', ''],
    ['never ends its headers', `${HEAD}x-a: b\r\n`],
    ['never ends its body', `${HEAD}content-length: 100\r\n\r\n{`],
    ['never ends its chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nabc`],
    ['never ends the body of a wrong path', 'POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{'],
  ])('is cut off: it %s', async (_what, bytes) => {
    const { server, call } = await ground({ server: QUICK });
    const client = await rawClient(server.port);
    if (bytes !== '') client.send(bytes);
    const raw = await client.closed;
    if (raw !== '') expect(raw).toMatch(/^HTTP\/1.1 40[04] [^]*\{"errorName":"/);
    expect((await call('keys/foo/encrypt', encryptBody('x'))).status).toBe(200);
  });

  it('is cut off though it sends a byte now and then', async () => {
    const { server } = await ground({ server: QUICK });
    const client = await rawClient(server.port);
    client.send(HEAD);
    const drip = setInterval(() => client.socket.writable && client.send('x'), 20);
    const raw = await client.closed;
    clearInterval(drip);
    expect(raw).toMatch(/^HTTP\/1.1 400 /);
  });

  it('is cut off when it does not read its answers', async () => {
    const { server, host } = await ground({ server: QUICK });
    const client = await rawClient(server.port);
    client.socket.pause();
    const body = JSON.stringify(encryptBody(Buffer.alloc(8192)));
    const headers = Object.entries(signedHeaders(host, PATH, body)).map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `POST ${PATH} HTTP/1.1\r\n${headers.join('')}content-length: ${body.length}\r\n\r\n${body}`;
    // More answers than the buffers of both kernels hold.
    const flood = setInterval(
      () => client.socket.writable && client.socket.writableLength < 1e6 && client.send(request.repeat(20)),
      5,
    );
    await new Promise((resolve) => client.socket.once('error', resolve));
    clearInterval(flood);
    expect(server.connections()).toBeLessThanOrEqual(1);
  });

  it('keeps a connection it uses, and loses one it does not', async () => {
    const { server } = await ground({ server: QUICK });
    const client = await rawClient(server.port);
    client.send('GET /ping HTTP/1.1\r\nhost: x\r\n\r\n');
    await client.until(/pong/);
    client.send('GET /ping HTTP/1.1\r\nhost: x\r\n\r\n');
    expect((await client.closed).match(/pong/g)).toHaveLength(2);
  });

  it('does not keep a proxy from closing', async () => {
    const { server } = await ground();
    const client = await rawClient(server.port);
    client.send(`${HEAD}x-a: b\r\n`);
    await server.close();
    await client.closed;
  });
});
