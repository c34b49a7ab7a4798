import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect as http2Connect, constants, type ClientHttp2Session } from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import { connect as tlsConnect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authority, certificate, certificateFolder, type Order, type Pair, hasOpenssl } from './auth/certificates';
import { Dice } from './malformed-requests';
import { talkOver } from './raw-client';
import { BASE, ground, replyOf, type Ground, type GroundOptions, type Reply } from './server-ground';
import { encryptBody, signedHeaders } from './xks-call';

const PATH = `${BASE}/keys/foo/encrypt`;
const BODY = JSON.stringify(encryptBody('Hello World!'));
const NAME = 'xks.example.com';

interface TlsGround extends Ground {
  readonly folder: string;
  readonly ca: Pair;
  readonly pair: Pair;
  readonly caPem: Buffer;
}

async function tlsGround(
  order: Partial<Order> = {},
  subject: string | null = null,
  options: GroundOptions = {},
): Promise<TlsGround> {
  const folder = certificateFolder();
  const ca = authority(folder);
  const pair = certificate(folder, ca, { name: 'server', ...order });
  const client = subject === null ? null : { caFile: ca.certificateFile, subject };
  const started = await ground({ ...options, tls: { ...pair, client } });
  return Object.assign(started, { folder, ca, pair, caPem: readFileSync(ca.certificateFile) });
}

function handshake({ server, caPem }: TlsGround, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ host: '127.0.0.1', port: server.port, servername: NAME, ca: caPem, ...options });
    onTestFinished(() => void socket.destroy());
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function session({ server, caPem }: TlsGround, options: ConnectionOptions = {}): Promise<ClientHttp2Session> {
  const client = http2Connect(`https://127.0.0.1:${server.port}`, { servername: NAME, ca: caPem, ...options });
  onTestFinished(() => client.destroy());
  return new Promise((resolve, reject) => {
    client.once('remoteSettings', () => resolve(client));
    client.once('error', reject);
  });
}

/** One signed call on a session. */
function http2Call(client: ClientHttp2Session, authority: string, body = BODY, path = PATH): Promise<Reply> {
  const { host: _host, ...headers } = signedHeaders(authority, path, body);
  const stream = client.request({ ':method': 'POST', ':path': path, ':authority': authority, ...headers });
  return new Promise((resolve, reject) => {
    let status = 0;
    const chunks: Buffer[] = [];
    stream.on('response', (answer) => (status = Number(answer[':status'])));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve(replyOf(status, {}, Buffer.concat(chunks).toString())));
    stream.on('error', reject);
    stream.end(body);
  });
}

function https1Call({ server, caPem, host }: TlsGround, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = signedHeaders(host, PATH, BODY);
    const options = {
      host: '127.0.0.1',
      port: server.port,
      servername: NAME,
      ca: caPem,
      agent,
      method: 'POST',
      path: PATH,
      headers,
    };
    const request = httpsRequest(options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
    request.end(BODY);
  });
}

describe.skipIf(!hasOpenssl)('TLS', () => {
  it.each([
    ['RSA', 'rsa:2048', 'ECDHE-RSA-AES256-GCM-SHA384'],
    ['EC', 'prime256v1', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ])('is 1.2 or 1.3 with the suites of the specification, with a key of %s', async (_kind, key, suite) => {
    const started = await tlsGround({ key });
    const newest = await handshake(started);
    expect([newest.getProtocol(), newest.getCipher().name]).toEqual(['TLSv1.3', 'TLS_AES_256_GCM_SHA384']);
    const chacha = await handshake(started, { ciphers: 'TLS_CHACHA20_POLY1305_SHA256', minVersion: 'TLSv1.3' });
    expect(chacha.getCipher().name).toBe('TLS_CHACHA20_POLY1305_SHA256');
    const older = await handshake(started, { maxVersion: 'TLSv1.2' });
    expect([older.getProtocol(), older.getCipher().name]).toEqual(['TLSv1.2', suite]);
    const refused: readonly ConnectionOptions[] = [
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' },
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256' },
      { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' },
      { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' },
    ];
    for (const options of refused) await expect(handshake(started, options)).rejects.toThrow();
  });

  it('carries HTTP/2 where the client asks for it, and HTTP/1.1 where it does not', async () => {
    const started = await tlsGround();
    const both = await handshake(started, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(both.alpnProtocol).toBe('h2');
    const older = await handshake(started, { ALPNProtocols: ['http/1.1'] });
    expect(older.alpnProtocol).toBe('http/1.1');
    const agent = new Agent({ keepAlive: true });
    expect([await https1Call(started, agent), await https1Call(started, agent)]).toEqual([200, 200]);
    agent.destroy();
    const client = await session(started);
    const replies = await Promise.all(Array.from({ length: 20 }, () => http2Call(client, NAME)));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await http2Call(client, NAME, BODY, '/nowhere')).toMatchObject({
      status: 404,
      json: { errorName: 'InvalidUriPathException' },
    });
  });

  it('cuts off a client that shakes no hand, one that says nothing after it, and headers over the cap', async () => {
    // Long enough for a handshake on a busy machine.
    const started = await tlsGround({}, null, {
      server: { headersTimeoutMs: 1000, requestTimeoutMs: 1500, keepAliveTimeoutMs: 500 },
    });
    const { connect } = await import('node:net');
    const silent = connect({ host: '127.0.0.1', port: started.server.port });
    await new Promise((resolve) => silent.once('close', resolve));
    for (const protocol of ['h2', 'http/1.1'])
      await new Promise((resolve, reject) => {
        handshake(started, { ALPNProtocols: [protocol] }).then((socket) => socket.resume().once('close', resolve), reject);
      });
    const patient = await tlsGround();
    const talk = talkOver(await handshake(patient, { ALPNProtocols: ['http/1.1'] }));
    talk.send(`POST ${PATH} HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(await talk.closed).toMatch(/^HTTP\/1.1 400 [^]*ValidationException/);
  });
});

/** One frame of HTTP/2 (RFC 9113 section 4.1), now and then with a length that is not its own. */
function frame(dice: Dice, type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(dice.upTo(10) === 0 && type !== 4 ? dice.upTo(1 << 24) : payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

describe.skipIf(!hasOpenssl)('HTTP/2', () => {
  it('refuses a body over the cap before it is sent in whole', async () => {
    const started = await tlsGround();
    const client = await session(started);
    const stream = client.request({ ':method': 'POST', ':path': PATH, ':authority': NAME });
    stream.on('error', () => undefined);
    stream.write(Buffer.alloc(70_000));
    const status = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));
    expect(status).toBe(400);
    const text = await new Promise<string>((resolve) => stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    expect(text).toContain('ValidationException');
    await new Promise((resolve) => stream.once('close', resolve));
    expect((await http2Call(client, NAME)).status).toBe(200);
  });

  it('ends a stream whose body never ends, and a session that only sends pings', async () => {
    const started = await tlsGround({}, null, {
      server: { headersTimeoutMs: 1000, requestTimeoutMs: 1500, keepAliveTimeoutMs: 500 },
    });
    const client = await session(started);
    const stream = client.request({ ':method': 'POST', ':path': PATH, ':authority': NAME });
    stream.on('error', () => undefined);
    stream.write('{');
    await new Promise((resolve) => stream.once('close', resolve));
    const pings = setInterval(() => !client.destroyed && client.ping(() => undefined), 20);
    await new Promise((resolve) => client.once('close', resolve));
    clearInterval(pings);
  });

  it('ends the oldest streams whose bodies never end where there are more than it takes connections, and serves the others', async () => {
    const started = await tlsGround({}, null, { server: { connections: 10 } });
    const client = await session(started);
    const other = await session(started);
    const slow = Array.from({ length: 30 }, () => {
      const stream = client.request({ ':method': 'POST', ':path': PATH, ':authority': NAME });
      stream.on('error', () => undefined);
      stream.write('{');
      return stream;
    });
    await Promise.all(slow.slice(0, 20).map((stream) => new Promise((resolve) => stream.once('close', resolve))));
    expect((await http2Call(other, NAME)).status).toBe(200);
    expect(started.server.inFlight()).toBeLessThanOrEqual(10);
    expect(slow.slice(21).every(({ closed }) => !closed)).toBe(true);
  });

  it('ends a session that opens streams only to reset them, and serves the others', async () => {
    const started = await tlsGround();
    const client = await session(started);
    const other = await session(started);
    client.on('error', () => undefined);
    const gone = new Promise((resolve) => client.once('close', resolve));
    for (let i = 0; i < 20_000 && !client.closed && !client.destroyed; i += 1) {
      const stream = client.request({ ':method': 'POST', ':path': PATH, ':authority': NAME });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (i % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
    }
    await gone;
    expect((await http2Call(other, NAME)).status).toBe(200);
    expect(started.hsm.counts.encrypt).toBe(1);
  });

  it('opens no tunnels', async () => {
    const client = await session(await tlsGround());
    const stream = client.request({ ':method': 'CONNECT', ':authority': 'example.com:443' });
    stream.on('error', () => undefined);
    expect(await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])))).toBe(405);
    const text = await new Promise<string>((resolve) => stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    expect(JSON.parse(text)).toMatchObject({ errorName: 'ValidationException' });
  });

  it('that is none leaves the proxy serving: frames at random, after a right beginning and without one', async () => {
    const started = await tlsGround({}, null, { server: { keepAliveTimeoutMs: 300 } });
    const dice = new Dice(20_261_123);
    for (let i = 0; i < 60; i += 1) {
      const talk = talkOver(await handshake(started, { ALPNProtocols: ['h2'] }));
      const preface = dice.of([
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        'POST / HTTP/1.1\r\n\r\n',
      ]);
      talk.send(preface);
      talk.send(frame(dice, 4, 0, 0, Buffer.alloc(0)));
      for (let n = dice.upTo(40); n > 0; n -= 1)
        talk.send(frame(dice, dice.upTo(12), dice.upTo(256), dice.upTo(12), dice.bytes(dice.upTo(100))));
      talk.socket.end();
      await talk.closed;
    }
    const client = await session(started);
    expect((await http2Call(client, NAME)).status).toBe(200);
    expect(started.records.filter(({ outcome }) => outcome === 'ok')).toHaveLength(1);
    expect(started.faults).toEqual([]);
  });

  it('finishes the streams of a closing proxy', async () => {
    const started = await tlsGround();
    const client = await session(started);
    const held = started.hsm.hold('encrypt');
    const reply = http2Call(client, NAME);
    await held.waiting(1);
    const closing = started.server.close();
    held.release();
    expect((await reply).status).toBe(200);
    await closing;
  });
});

describe.skipIf(!hasOpenssl)('the certificate', () => {
  it('is exchanged without losing a connection or a request', async () => {
    const started = await tlsGround();
    const { folder, ca, pair, server } = started;
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const fresh = new Agent({ keepAlive: false });
    onTestFinished(() => agent.destroy());
    const client = await session(started);
    const statuses: number[] = [];
    let isOver = false;
    const load = async (call: () => Promise<number>): Promise<void> => {
      while (!isOver) statuses.push(await call());
    };
    const loads = [
      load(() => https1Call(started, agent)),
      load(() => https1Call(started, agent)),
      load(() => https1Call(started, fresh)),
      load(async () => (await http2Call(client, NAME)).status),
    ];
    const first = server.certificate();
    for (const [i, key] of ['rsa:2048', 'prime256v1'].entries()) {
      const next = certificate(folder, ca, { name: `next${i}`, key, days: 40 + i });
      renameSync(next.keyFile, pair.keyFile);
      renameSync(next.certificateFile, pair.certificateFile);
      expect(await server.reloadTls({ ...pair, client: null })).toMatchObject({ ok: true });
    }
    const socket = await handshake(started);
    isOver = true;
    await Promise.all(loads);
    expect(Date.parse(socket.getPeerCertificate().valid_to)).toBe(server.certificate()?.expiresAt);
    expect(server.certificate()?.expiresAt).toBeGreaterThan(first!.expiresAt);
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(client.closed).toBe(false);
  });

  it('stays the old one when the new one cannot be used', async () => {
    const started = await tlsGround();
    const { pair, server } = started;
    writeFileSync(pair.certificateFile, 'not a certificate');
    expect(await server.reloadTls({ ...pair, client: null })).toMatchObject({ ok: false, problem: { key: 'tls.tls_cert_pem' } });
    expect((await handshake(started)).authorized).toBe(true);
    expect(await server.reloadTls(null)).toMatchObject({ ok: false, problem: { key: 'security.is_tls_enabled' } });
  });
});

describe.skipIf(!hasOpenssl)('mutual TLS', () => {
  const shown = ({ folder, ca }: TlsGround, order: Partial<Order>): ConnectionOptions => {
    const pair = certificate(folder, ca, { name: 'client', names: '', usage: 'clientAuth', ...order });
    return { cert: readFileSync(pair.certificateFile), key: readFileSync(pair.keyFile), ALPNProtocols: ['http/1.1'] };
  };

  async function isLetIn(started: TlsGround, options: ConnectionOptions): Promise<boolean> {
    const talk = talkOver(await handshake(started, { ALPNProtocols: ['http/1.1'], ...options }));
    talk.send('GET /ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    return (await talk.closed).includes('pong');
  }

  it('lets in whom the settings name, by CN or by dNSName, and nobody else', async () => {
    const subject = 'cks.kms.us-east-1.amazonaws.com';
    const started = await tlsGround({}, subject);
    expect(await isLetIn(started, shown(started, { commonName: subject }))).toBe(true);
    expect(await isLetIn(started, shown(started, { commonName: 'x', names: `DNS:${subject.toUpperCase()}` }))).toBe(true);
    expect(await isLetIn(started, shown(started, { commonName: subject, names: 'DNS:other.example.com' }))).toBe(true);
    expect(await isLetIn(started, shown(started, { commonName: 'cks.kms.eu-west-1.amazonaws.com' }))).toBe(false);
    expect(await isLetIn(started, shown(started, { commonName: 'x', names: 'DNS:*.kms.us-east-1.amazonaws.com' }))).toBe(false);
    expect(await isLetIn(started, shown(started, { commonName: subject, days: -1 }))).toBe(false);
    expect(await isLetIn(started, {})).toBe(false);
    const stranger = authority(started.folder, 'stranger');
    expect(await isLetIn(started, shown({ ...started, ca: stranger }, { commonName: subject }))).toBe(false);
    expect(started.records).toEqual([]);
  });

  it('lets in another client after a reload that names it, and the old one no more', async () => {
    const started = await tlsGround({}, 'first.example.com');
    const first = shown(started, { commonName: 'first.example.com' });
    const second = shown(started, { commonName: 'second.example.com' });
    expect([await isLetIn(started, first), await isLetIn(started, second)]).toEqual([true, false]);
    const client = { caFile: started.ca.certificateFile, subject: 'second.example.com' };
    expect((await started.server.reloadTls({ ...started.pair, client })).ok).toBe(true);
    expect([await isLetIn(started, first), await isLetIn(started, second)]).toEqual([false, true]);
    const off = await started.server.reloadTls({ ...started.pair, client: null });
    expect(off).toMatchObject({ ok: false, problem: { key: 'security.is_mtls_enabled' } });
  });
});
