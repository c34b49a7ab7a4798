import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog, type Log } from '../../../proxy/log';
import type { Settings } from '../../../proxy/settings/settings';
import { record } from '../audit/ground';

const START = Date.parse('2026-11-23T10:59:59.000Z');
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-log-'));
  folders.push(folder);
  return folder;
}

interface Heard {
  readonly log: Log;
  readonly lines: () => Record<string, unknown>[];
  readonly text: () => string;
}

function heard(settings: Partial<Settings['log']> = {}, now = (): number => START): Heard {
  let text = '';
  const stdout = { write: (line: string) => void (text += line) };
  const log = createLog({ level: 'info', stdout: true, file: null, ...settings }, { now, stdout });
  if (!log.ok) throw new Error(JSON.stringify(log.error));
  const lines = (): Record<string, unknown>[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log: log.value, lines, text: () => text };
}

describe('the log', () => {
  it('is one JSON object per line with level, time, message and fields', () => {
    const { log, text } = heard();
    log.info('listening', { port: 8443, stores: ['payments'] });
    log.debug('not told');
    expect(text()).toBe(
      '{"level":"info","at":"2026-11-23T10:59:59.000Z","port":8443,"stores":["payments"],"message":"listening"}\n',
    );
  });

  it('says nothing where the settings want none', () => {
    const { log, text } = heard({ stdout: false });
    log.error('lost');
    expect(text()).toBe('');
  });

  it('tells a failed request at warn with its kmsRequestId and what was wrong, an answered one at debug', () => {
    const { log, lines } = heard();
    log.request(record('good'));
    log.request(
      record('bad', { outcome: 'AccessDeniedException', status: 403, reason: 'policy', policy: 'revoked', totalMs: 0.4 }),
    );
    expect(lines()).toEqual([
      {
        level: 'warn',
        at: '2026-11-23T10:59:59.000Z',
        message: 'AccessDeniedException',
        kmsRequestId: 'bad',
        api: 'Encrypt',
        store: 'payments',
        keyId: 'pay-key',
        status: 403,
        totalMs: 0.4,
        reason: 'policy',
        policy: 'revoked',
      },
    ]);
    const all = heard({ level: 'debug' });
    all.log.request(record('good'));
    expect(all.lines()).toMatchObject([{ level: 'debug', message: 'answered', kmsRequestId: 'good' }]);
  });

  it('is not filled by those who send rubbish: 20 failures in a second, then how many more there were', () => {
    let now = START;
    const { log, lines } = heard({}, () => now);
    for (let i = 0; i < 500; i++) log.request(record(String(i), { outcome: 'AuthenticationFailedException', status: 401 }));
    expect(lines()).toHaveLength(20);
    now += 1000;
    log.request(record('next', { outcome: 'AuthenticationFailedException', status: 401 }));
    expect(lines().slice(20)).toMatchObject([
      { message: 'more requests failed than were told', requests: 480 },
      { message: 'AuthenticationFailedException', kmsRequestId: 'next' },
    ]);
  });
});

describe('a log in files', () => {
  const file = (folder: string, rotation: 'minutely' | 'hourly' | 'daily' | 'never') => ({ folder, prefix: 'xks.log', rotation });

  it.each([
    ['minutely', ['xks.log.2026-11-23-10-59', 'xks.log.2026-11-23-11-00']],
    ['hourly', ['xks.log.2026-11-23-10', 'xks.log.2026-11-23-11']],
    ['daily', ['xks.log.2026-11-23']],
    ['never', ['xks.log']],
  ] as const)('that rotate %s has the names of the sample proxy, and every line once', async (rotation, names) => {
    const folder = await temporaryFolder();
    let now = START;
    const opened = createLog({ level: 'info', stdout: false, file: file(folder, rotation) }, { now: () => now });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    opened.value.info('one');
    now += 1000;
    opened.value.info('two');
    opened.value.info('three');
    await opened.value.close();
    expect((await readdir(folder)).sort()).toEqual(names);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    expect([...texts.join('').matchAll(/"message":"(\w+)"/g)].map(([, message]) => message).sort()).toEqual([
      'one',
      'three',
      'two',
    ]);
    expect((await stat(join(folder, names[0]))).mode & 0o777).toBe(0o600);
    opened.value.info('after the end');
  });

  it('makes a folder that is missing, for this user alone', async () => {
    const folder = join(await temporaryFolder(), 'not', 'yet');
    const opened = createLog({ level: 'info', stdout: false, file: file(folder, 'never') });
    if (opened.ok) await opened.value.close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual(['xks.log']);
  });

  it('that cannot be opened is refused at start', async () => {
    const folder = join(await temporaryFolder(), 'no-folder');
    await writeFile(folder, '');
    expect(createLog({ level: 'info', stdout: true, file: file(folder, 'daily') })).toMatchObject({
      ok: false,
      error: { detail: { path: join(folder, `xks.log.${new Date().toISOString().slice(0, 10)}`) } },
    });
  });
});
