import { chmod, lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { controlAddress } from '../../../core/control/address';
import { ask } from '../../../core/control/ask';
import { REQUEST_SIZE_LIMIT } from '../../../core/control/contract';
import { takeStateLock } from '../../../core/control/state-lock';
import { failure, type Result } from '../../../core/contract/result';
import { serveControl } from '../../../proxy/control/serve';
import { socketTransport } from '../../../proxy/control/socket';
import { cleanUp, quietHandlers, served, stateFolder, STATUS } from './control-ground';

afterEach(cleanUp);

const ACT = { who: 'ada', why: 'drill' };
const SOON = { timeoutMs: 5_000 };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function dial(folder: string): Promise<Socket> {
  const socket = connect(value(await controlAddress(folder)));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** All that comes back until the other side closes. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await once(socket, 'close');
  return text;
}

describe('the control socket', () => {
  it.skipIf(process.platform === 'win32')('is for its owner alone, and gone when the channel is closed', async () => {
    const { folder, close } = await served(quietHandlers());
    const stats = await lstat(join(folder, 'control.sock'));
    expect([stats.isSocket(), stats.mode & 0o777]).toEqual([true, 0o600]);
    await close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('carries every verb to its handler, and the answer back', async () => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    expect(value(await ask(folder, { verb: 'status' }, SOON))).toEqual(STATUS);
    expect(value(await ask(folder, { verb: 'live', since: 17 }, SOON))).toMatchObject({ outcomes: { ok: 3 }, upTo: 17 });
    expect(value(await ask(folder, { verb: 'kill', act: ACT }, SOON))).toMatchObject({ pid: process.pid, restart: 'same' });
    expect(value(await ask(folder, { verb: 'arm', act: ACT }, SOON))).toEqual({ recorded: true, problem: '' });
    expect(value(await ask(folder, { verb: 'block', key: 'k', act: ACT }, SOON))).toEqual({
      recorded: true,
      isConfigured: false,
    });
    expect(value(await ask(folder, { verb: 'unblock', key: 'k', act: ACT }, SOON))).toMatchObject({ recorded: true });
    expect(value(await ask(folder, { verb: 'reload', act: ACT }, SOON))).toMatchObject({ changed: ['policy file'] });
    expect(value(await ask(folder, { verb: 'logout', act: ACT }, SOON))).toMatchObject({ sessions: 16, isKept: true });
    const pin = Buffer.from('12 34\u00e9');
    expect(value(await ask(folder, { verb: 'login', act: ACT, pin }, SOON))).toEqual({ recorded: true });
    expect(asked).toEqual([
      ['kill', ACT],
      ['arm', ACT],
      ['block', 'k', ACT],
      ['unblock', 'k', ACT],
      ['reload', ACT],
      ['logout', ACT],
      ['login', ACT, '12 34\u00e9'],
    ]);
  });

  it('carries a refusal with its code and facts', async () => {
    const { folder } = await served({
      ...quietHandlers(),
      arm: async () => failure('proxy.latchNotWritten', { restart: 'same' }),
    });
    expect(await ask(folder, { verb: 'arm', act: ACT }, SOON)).toEqual(failure('proxy.latchNotWritten', { restart: 'same' }));
  });

  it('kills while more connections than it takes say nothing, and while others say it byte by byte', async () => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    const idle = await Promise.all(Array.from({ length: 200 }, () => dial(folder)));
    for (const socket of idle.slice(100)) socket.write('{"verb":');
    expect(value(await ask(folder, { verb: 'kill', act: ACT }, SOON))).toMatchObject({ restart: 'same' });
    expect(asked).toHaveLength(1);
    for (const socket of idle) socket.destroy();
  });

  it('kills while handlers that never end hold every place', async () => {
    const never = new Promise<never>(() => undefined);
    const { folder } = await served({ ...quietHandlers(), reload: () => never });
    const line = `${JSON.stringify({ verb: 'reload', act: ACT })}\n`;
    const busy = await Promise.all(Array.from({ length: 150 }, () => dial(folder)));
    for (const socket of busy) socket.write(line);
    expect(value(await ask(folder, { verb: 'kill', act: ACT }, SOON))).toMatchObject({ restart: 'same' });
    expect(await ask(folder, { verb: 'status' }, { timeoutMs: 200 })).toMatchObject({ error: { code: 'proxy.notAnswering' } });
    for (const socket of busy) socket.destroy();
  });

  it.each([
    ['no JSON', 'kill\n'],
    ['no object', '"kill"\n'],
    ['no verb of ours', '{"verb":"destroy"}\n'],
    ['a member too many', `${JSON.stringify({ verb: 'arm', act: ACT, also: 1 })}\n`],
    ['arming without a reason', `${JSON.stringify({ verb: 'arm', act: { who: 'ada', why: ' \n' } })}\n`],
    ['unblocking without a name', `${JSON.stringify({ verb: 'unblock', key: 'k', act: { who: '', why: 'w' } })}\n`],
    ['a key that is no key id', `${JSON.stringify({ verb: 'block', key: '../k', act: ACT })}\n`],
    ['a PIN that is not base64', `${JSON.stringify({ verb: 'login', act: ACT, pin: '\u0000' })}\n`],
  ])('refuses %s, and asks no handler', async (_, line) => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    const socket = await dial(folder);
    socket.write(line);
    expect(JSON.parse(await heard(socket))).toMatchObject({ ok: false, error: { code: 'proxy.notUnderstood' } });
    expect(asked).toEqual([]);
  });

  it('never repeats what it did not understand: it may hold a PIN', async () => {
    const { folder } = await served(quietHandlers());
    const socket = await dial(folder);
    socket.write(`${JSON.stringify({ verb: 'login', act: ACT, pin: 'CANARY-4711!', also: 'CANARY' })}\n`);
    expect(await heard(socket)).not.toContain('CANARY');
  });

  it.each([
    ['without an act', { verb: 'kill' }],
    ['with an act that is none', { verb: 'kill', act: { who: 7, why: ['x'] } }],
    ['with members from the future', { verb: 'kill', act: { ...ACT, mood: 'bad' }, drill: true }],
  ])('takes a kill %s for a kill', async (_, message) => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    const socket = await dial(folder);
    socket.write(`${JSON.stringify(message)}\n`);
    expect(JSON.parse(await heard(socket))).toMatchObject({ ok: true });
    expect(asked).toEqual([['kill', { who: '', why: '' }]]);
  });

  it('cuts a request off that is larger than any, and one whose line never ends', async () => {
    const { folder } = await served(quietHandlers());
    const large = await dial(folder);
    large.write(`{"verb":"status","x":"${'x'.repeat(REQUEST_SIZE_LIMIT)}`);
    expect(await heard(large)).toBe('');
    const halfClosed = await dial(folder);
    halfClosed.end('{"verb":"status"}');
    expect(await heard(halfClosed)).toBe('');
    const silent = await dial(folder);
    expect(await heard(silent)).toBe('');
    expect((await ask(folder, { verb: 'status' }, SOON)).ok).toBe(true);
  });

  it('answers a fault of a handler as one, without its words, and goes on', async () => {
    const { folder } = await served({ ...quietHandlers(), reload: () => Promise.reject(new TypeError('secret')) });
    const told = await ask(folder, { verb: 'reload', act: ACT }, SOON);
    expect(told).toEqual(failure('proxy.fault', { verb: 'reload', fault: 'TypeError' }));
    expect((await ask(folder, { verb: 'status' }, SOON)).ok).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('takes the place of a socket that a crash left, and of nothing else', async () => {
    const folder = await stateFolder();
    const path = join(folder, 'control.sock');
    const left = createServer().listen(path);
    await once(left, 'listening');
    const { close } = await served(quietHandlers(), folder);
    expect((await ask(folder, { verb: 'status' }, SOON)).ok).toBe(true);
    await close();
    left.close();
    await writeFile(path, 'a file');
    const lock = value(await takeStateLock(folder));
    expect(await serveControl(quietHandlers(), socketTransport(folder, lock))).toMatchObject({
      error: { code: 'proxy.foreign' },
    });
    await lock.release();
  });

  it.skipIf(process.platform === 'win32')('refuses a path that would be cut off', async () => {
    const folder = join(await stateFolder(), 'x'.repeat(100));
    await mkdir(folder);
    const lock = value(await takeStateLock(folder));
    expect(await serveControl(quietHandlers(), socketTransport(folder, lock))).toMatchObject({
      error: { code: 'proxy.pathTooLong' },
    });
    await lock.release();
  });
});

describe.skipIf(process.platform === 'win32')('asking a proxy', () => {
  it('says that none runs where there is no folder, or one without a proxy', async () => {
    const folder = await stateFolder();
    for (const place of [folder, join(folder, 'nowhere')])
      expect(await ask(place, { verb: 'status' }, SOON)).toMatchObject({ error: { code: 'proxy.notRunning' } });
  });

  it('says that one runs and does not answer, when somebody holds the lock', async () => {
    const folder = await stateFolder();
    const lock = value(await takeStateLock(folder));
    expect(await ask(folder, { verb: 'status' }, { timeoutMs: 100 })).toMatchObject({ error: { code: 'proxy.notAnswering' } });
    await lock.release();
  });

  it('waits for a proxy that is starting', async () => {
    const folder = await stateFolder();
    const lock = value(await takeStateLock(folder));
    const asking = ask(folder, { verb: 'status' }, SOON);
    const channel = value(await serveControl(quietHandlers(), socketTransport(folder, lock)));
    expect((await asking).ok).toBe(true);
    await channel.close();
    await lock.release();
  });

  it('does not wait longer than it was told', async () => {
    const { folder } = await served({ ...quietHandlers(), reload: () => new Promise(() => undefined) });
    expect(await ask(folder, { verb: 'reload', act: ACT }, { timeoutMs: 50 })).toMatchObject({
      error: { code: 'proxy.notAnswering' },
    });
  });

  it('trusts no folder that others may write to, and no socket that is none', async () => {
    const { folder } = await served(quietHandlers());
    await chmod(folder, 0o777);
    expect(await ask(folder, { verb: 'status' }, SOON)).toMatchObject({ error: { code: 'proxy.foreign' } });
    const other = await stateFolder();
    await symlink(join(folder, 'control.sock'), join(other, 'control.sock'));
    expect(await ask(other, { verb: 'status' }, SOON)).toMatchObject({ error: { code: 'proxy.foreign' } });
  });

  it('follows a link to a folder that is ours, as systemd’s DynamicUser makes them', async () => {
    const { folder } = await served(quietHandlers());
    const linked = join(await stateFolder(), 'state');
    await symlink(folder, linked);
    expect((await ask(linked, { verb: 'status' }, SOON)).ok).toBe(true);
  });

  it.each(['nonsense', '{"ok":true,"value":{"pid":1}}', '{"ok":false,"error":{"code":"no.such","detail":{}}}'])(
    'does not guess at an answer like %s',
    async (line) => {
      const folder = await stateFolder();
      const lock = value(await takeStateLock(folder));
      const server = createServer((socket) => void socket.end(`${line}\n`)).listen(join(folder, 'control.sock'));
      await once(server, 'listening');
      await chmod(join(folder, 'control.sock'), 0o600);
      expect(await ask(folder, { verb: 'status' }, SOON)).toMatchObject({ error: { code: 'proxy.notUnderstood' } });
      server.close();
      await lock.release();
    },
  );

  it('asks again for what may be done twice when the connection breaks, and only for that', async () => {
    const folder = await stateFolder();
    const lock = value(await takeStateLock(folder));
    let calls = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => (++calls < 3 ? socket.destroy() : socket.end(`${JSON.stringify({ ok: true, value: STATUS })}\n`)));
    }).listen(join(folder, 'control.sock'));
    await once(server, 'listening');
    await chmod(join(folder, 'control.sock'), 0o600);
    expect((await ask(folder, { verb: 'status' }, SOON)).ok).toBe(true);
    expect(calls).toBe(3);
    calls = 0;
    expect(await ask(folder, { verb: 'arm', act: ACT }, SOON)).toMatchObject({ error: { code: 'proxy.notAnswering' } });
    expect(calls).toBe(1);
    server.close();
    await lock.release();
  });
});

describe('the name of the pipe on Windows', () => {
  it('is new with each lock, and told by nothing outside of the private folder', async () => {
    const folder = await stateFolder();
    const names = new Set<string>();
    for (let start = 0; start < 2; start++) {
      const lock = value(await takeStateLock(folder));
      names.add(value(await controlAddress(folder, 'win32')));
      expect(value(await controlAddress(folder, 'win32'))).toBe([...names].at(-1));
      await lock.release();
    }
    expect(names.size).toBe(2);
    for (const name of names) expect(name).toMatch(/^\\\\\.\\pipe\\keyrite-[0-9a-f]{64}$/);
    expect(await controlAddress(folder, 'win32')).toMatchObject({ error: { code: 'file.notFound' } });
  });
});
