import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verb as arm } from '../../../core/cli/arm';
import { verb as block } from '../../../core/cli/block';
import { verb as kill } from '../../../core/cli/kill';
import { verb as login } from '../../../core/cli/login';
import { verb as logout } from '../../../core/cli/logout';
import { verb as reload } from '../../../core/cli/reload';
import { verb as status } from '../../../core/cli/status';
import { verb as unblock } from '../../../core/cli/unblock';
import type { Verb, VerbContext } from '../../../core/cli/verb';
import { failure } from '../../../core/contract/result';
import { cleanUp, quietHandlers, served, stateFolder, STATUS } from '../../proxy/control/control-ground';
import { runVerb } from './run-verb';

const VERBS = { kill, arm, block, unblock, status, reload, logout, login };

beforeEach(() => void vi.stubEnv('XKS_PROXY_SETTINGS_TOML', ''));
afterEach(async () => {
  vi.unstubAllEnvs();
  await cleanUp();
});

const run = (verb: Verb, values: VerbContext['values'], ...positionals: string[]) => runVerb(verb, values, positionals);

describe('the verbs that speak to a proxy', () => {
  it('hand over who and why, mended into one line each', async () => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    await run(kill, { state: folder, by: 'Désirée\u001B[2J', reason: 'line\nbreak' });
    await run(kill, { state: folder });
    const [first, second] = asked as [string, { who: string; why: string }][];
    expect(first![1]).toEqual({ who: 'Désirée [2J', why: 'line break' });
    expect(second![1].who).not.toBe('');
    expect(second![1].why).toBe('');
  });

  it.each(['arm', 'block', 'unblock', 'status', 'reload', 'logout', 'login'] as const)(
    '%s answers 3 where no proxy runs',
    async (name) => {
      const folder = await stateFolder();
      const { code, out, err } = await run(VERBS[name], { state: folder, reason: 'why' }, 'k');
      expect([code, out]).toEqual([3, '']);
      expect(err).toContain('No proxy is running');
    },
  );

  it.each(Object.entries(VERBS))('%s says what its exit codes mean, and stands in docs/cli.md', async (name, verb) => {
    expect(verb.name).toBe(name);
    expect(verb.notes?.some((note) => note.startsWith('Exit codes'))).toBe(true);
    expect(await readFile(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')).toContain(`\`${name}`);
  });

  it('find the state folder in the settings, read nothing else of them, and repeat none of them', async () => {
    const { folder } = await served(quietHandlers());
    const config = join(await stateFolder(), 'settings.toml');
    await writeFile(config, `[state]\nfolder = ${JSON.stringify(folder)}\n[server]\nip = "0.0.0.0"\n`);
    expect((await run(status, { config })).code).toBe(0);
    vi.stubEnv('XKS_PROXY_SETTINGS_TOML', config);
    expect((await run(status, {})).code).toBe(0);
    await writeFile(config, 'pin = "CANARY" CANARY');
    const broken = await run(status, { config });
    expect([broken.code, broken.out]).toEqual([2, '']);
    expect(broken.err).toMatch(/no TOML at line 1/);
    expect(broken.err).not.toContain('CANARY');
    await writeFile(config, '[state]\nfolder = "relative"\n');
    expect((await run(status, { config })).code).toBe(2);
    expect((await run(status, { config: join(folder, 'no-such-file') })).code).toBe(2);
  });

  it('kill no other proxy instead where the settings cannot be read, and say so', async () => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    vi.stubEnv('STATE_DIRECTORY', folder);
    const config = join(await stateFolder(), 'settings.toml');
    await writeFile(config, '[state\n');
    const broken = await run(kill, { config });
    expect([broken.code, asked]).toEqual([2, []]);
    expect(broken.err).toMatch(/--state DIR[^]*NOT KILLED/);
  });

  it.skipIf(process.platform === 'win32')('go where the proxy goes that was told no folder', async () => {
    const home = await stateFolder();
    const folder = join(home, 'state');
    await mkdir(folder, { mode: 0o700 });
    await served(quietHandlers(), folder);
    vi.stubEnv('STATE_DIRECTORY', folder);
    expect((await run(status, {})).code).toBe(0);
  });
});

describe('keyrite kill', () => {
  it('says what was acknowledged, what holds after a restart, and what it does not stop', async () => {
    const { folder } = await served(quietHandlers());
    const { code, out } = await run(kill, { state: folder });
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('KILLED');
    expect(out).toContain('after 1.5 ms');
    expect(out).toContain('16 sessions closed');
    expect(out).toContain('stays killed after a restart');
    expect(out).toContain('Not stopped by this: AWS services go on with the data keys');
  });

  it('answers 1 and shouts where a restart may serve again', async () => {
    const handlers = quietHandlers();
    const { folder } = await served({
      ...handlers,
      kill: async (act) => ({
        ...(await handlers.kill(act)),
        restart: 'unknown',
        problem: 'the latch file could not be written (EROFS)',
      }),
    });
    const { code, out } = await run(kill, { state: folder });
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('KILLED, BUT MAYBE NOT AFTER A RESTART');
    expect(out).toContain('EROFS');
  });

  it('answers 0 with a word where the file was made useless, for that is killed, too', async () => {
    const handlers = quietHandlers();
    const { folder } = await served({
      ...handlers,
      kill: async (act) => ({
        ...(await handlers.kill(act)),
        restart: 'killed',
        problem: 'the disk is full',
        stopped: false,
        recorded: false,
      }),
    });
    const { code, out } = await run(kill, { state: folder });
    expect(code).toBe(0);
    expect(out).toContain('the disk is full');
    expect(out).toContain('had not all ended yet');
    expect(out).toContain('Audit log: not written yet');
  });

  it('writes the latch where no proxy runs, and says that', async () => {
    const folder = await stateFolder();
    const { code, out } = await run(kill, { state: folder });
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('NOT RUNNING, AND KILLED FOR THE NEXT START');
    expect(JSON.parse(await readFile(join(folder, 'latch.json'), 'utf8'))).toMatchObject({ state: 'killed' });
  });

  it('kills nothing in a folder that is not there, or not ours, and answers 1', async () => {
    const folder = await stateFolder();
    const gone = await run(kill, { state: join(folder, 'typo') });
    expect(gone.code).toBe(1);
    expect(gone.err.split('\n')[0]).toBe('NOT KILLED');
    if (process.platform === 'win32') return;
    await chmod(folder, 0o777);
    const open = await run(kill, { state: folder });
    expect(open.code).toBe(1);
    expect(open.err).toContain('(proxy.foreign)');
  });
});

describe('keyrite arm, block, unblock, reload, login', () => {
  it('arm and unblock refuse without a reason, before they ask anybody', async () => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    expect((await run(arm, { state: folder, reason: ' \u200F ' })).code).toBe(2);
    expect((await run(unblock, { state: folder }, 'k')).code).toBe(2);
    expect(asked).toEqual([]);
    expect((await run(arm, { state: folder, reason: 'over' })).out).toContain('ARMED');
    expect((await run(unblock, { state: folder, reason: 'over' }, 'k')).code).toBe(0);
  });

  it('arm tells that blocks may be forgotten, and answers 1 where it was refused', async () => {
    const problem = 'The latch file is empty.';
    const { folder, close } = await served({
      ...quietHandlers(),
      arm: async () => ({ ok: true, value: { recorded: true, problem } }),
    });
    const armed = await run(arm, { state: folder, reason: 'r' });
    expect(armed.code).toBe(0);
    expect(armed.err).toContain(`${problem} Keys blocked before that are not known any more`);
    await close();
    await served({ ...quietHandlers(), arm: async () => failure('proxy.overtaken') }, folder);
    const refused = await run(arm, { state: folder, reason: 'r' });
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('(proxy.overtaken)');
  });

  it('block takes a key that nobody knows, with a remark, and no id that is none', async () => {
    const { folder } = await served(quietHandlers());
    const known = await run(block, { state: folder }, 'key-1');
    expect([known.code, known.err]).toEqual([0, '']);
    const unknown = await run(block, { state: folder }, 'key-2');
    expect(unknown.code).toBe(0);
    expect(unknown.err).toContain('No key store of the settings names "key-2"');
    expect((await run(block, { state: folder }, 'a/b')).code).toBe(2);
  });

  it('reload lists what changed and what only a restart would change', async () => {
    const { folder } = await served({
      ...quietHandlers(),
      reload: async () => ({ ok: true, value: { recorded: false, changed: ['certificate'], needsRestart: ['server.port'] } }),
    });
    const { code, out, err } = await run(reload, { state: folder });
    expect(code).toBe(0);
    expect(out).toContain('  certificate');
    expect(err).toContain('  server.port');
    expect(err).toContain('audit log could not be written');
  });

  it('logout says how many sessions ended, and answers 1 where a restart would log in again', async () => {
    const { folder, close } = await served(quietHandlers());
    const done = await run(logout, { state: folder, reason: 'the card is gone' });
    expect([done.code, done.err]).toEqual([0, '']);
    expect(done.out).toMatch(/16 sessions ended.*keyrite login/);
    await close();
    const unkept = { recorded: false, sessions: 1, isKept: false };
    await served({ ...quietHandlers(), logout: async () => unkept }, folder);
    const { code, out, err } = await run(logout, { state: folder });
    expect(code).toBe(1);
    expect(out).toContain('1 session ended');
    expect(err).toMatch(/audit log could not be written[^]*a restart logs in again/);
  });

  it('login hands a PIN over from a private file, and never says it', async () => {
    const asked: unknown[] = [];
    const { folder } = await served(quietHandlers(asked));
    const file = join(await stateFolder(), 'pin');
    await writeFile(file, 'CANARY-4711\n', { mode: 0o600 });
    const { code, out, err } = await run(login, { state: folder, 'pin-file': file });
    expect(code).toBe(0);
    expect(asked).toEqual([['login', expect.anything(), 'CANARY-4711']]);
    expect(out + err).not.toContain('CANARY');
    expect((await run(login, { state: folder })).code).toBe(0);
    expect(asked[1]).toEqual(['login', expect.anything(), null]);
    if (process.platform !== 'win32') {
      await chmod(file, 0o640);
      expect((await run(login, { state: folder, 'pin-file': file })).code).toBe(2);
    }
    await writeFile(join(folder, 'empty'), '\n', { mode: 0o600 });
    expect((await run(login, { state: folder, 'pin-file': join(folder, 'empty') })).code).toBe(2);
    expect(asked).toHaveLength(2);
  });
});

describe('keyrite status', () => {
  async function statusOf(change: Partial<typeof STATUS>, values: VerbContext['values'] = {}) {
    const { folder, close } = await served({ ...quietHandlers(), status: () => ({ ...STATUS, ...change }) });
    const said = await run(status, { state: folder, ...values });
    await close();
    return said;
  }

  it('says first whether it serves, then everything with numbers', async () => {
    const { code, out } = await statusOf({});
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('ARMED, SERVING');
    expect(out).toMatch(/Sessions +16 of 16 ready, 3 busy; 1 waiting/);
    expect(out).toMatch(/Certificate +61 days left/);
    expect(out).toMatch(/Credentials +AKIAEXAMPLE0000000 \(eu\): \d+ days old, not used since start/);
    expect(out).toMatch(/up 1 d 2 h/);
  });

  it('answers 1 when killed, with who, why and since when, and every blocked key', async () => {
    const by = { by: 'ada', why: 'drill', at: '2026-11-23T10:00:00.000Z' };
    const latch = {
      ...STATUS.latch,
      ...by,
      killed: true,
      blocked: ['a', 'b'],
      blocks: ['a', 'b'].map((key) => ({ key, ...by })),
    };
    const { code, out } = await statusOf({ latch });
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('KILLED');
    expect(out).toMatch(/Latch +killed since 2026-11-23T10:00:00.000Z by ada: drill/);
    expect(out).toMatch(/Blocked +a since .*\n +b since/);
    expect((await statusOf({ latch: { ...latch, restart: 'unknown' } })).out).toContain('MAYBE NOT AFTER A RESTART');
  });

  it.each([
    [
      'the HSM refused the PIN',
      { hsm: { ...STATUS.hsm, condition: 'loginRefused' as const, problem: 'CKR_PIN_INCORRECT' } },
      'CKR_PIN_INCORRECT',
    ],
    ['it is not healthy', { health: { state: 'UNAVAILABLE' as const, problem: 'No proof yet.', at: null } }, 'No proof yet.'],
    [
      'the audit log it needs cannot be written',
      { audit: { ...STATUS.audit, isWritable: false, problem: 'disk full' } },
      'NOT WRITABLE',
    ],
  ])('answers 1 when %s', async (_, change, word) => {
    const { code, out } = await statusOf(change);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('ARMED, BUT NOT SERVING');
    expect(out).toContain(word);
  });

  it('serves on without an audit log where the settings want that', async () => {
    expect((await statusOf({ audit: { ...STATUS.audit, isWritable: false, isRequired: false } })).code).toBe(0);
  });

  it('warns of a certificate that ends soon, or has', async () => {
    const notAfter = '2026-12-01T00:00:00.000Z';
    expect((await statusOf({ certificate: { daysLeft: 8, notAfter } })).out).toContain(
      '8 days left, until 2026-12-01T00:00:00.000Z: RENEW IT',
    );
    expect((await statusOf({ certificate: { daysLeft: -1, notAfter } })).out).toContain('EXPIRED');
    expect((await statusOf({ certificate: null })).out).toContain('plain HTTP');
  });

  it('lets nothing a proxy says repaint the terminal', async () => {
    const { out } = await statusOf({ hsm: { ...STATUS.hsm, problem: '\u001B[2J\nKILLED\u202E' } });
    expect(out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
  });

  it('is one JSON object with --json, also where nothing runs', async () => {
    expect(JSON.parse((await statusOf({}, { json: true })).out)).toMatchObject({ ok: true, serves: true, pid: 4242 });
    const nothing = await run(status, { state: await stateFolder(), json: true });
    expect([nothing.code, nothing.err]).toEqual([3, '']);
    expect(JSON.parse(nothing.out)).toMatchObject({ ok: false, error: { code: 'proxy.notRunning' } });
  });
});
