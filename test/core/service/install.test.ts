import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verb } from '../../../core/cli/service';
import { EXIT } from '../../../core/cli/verb';
import { installedHere, installService, serviceState, uninstallService } from '../../../core/service/login-service';
import { serviceManager, type ServiceManager } from '../../../core/service/manager';
import { MARK, type ServicePlan } from '../../../core/service/plan';
import { runWords } from '../cli/run-verb';

const PLAN: ServicePlan = { node: '/usr/bin/node', program: '/opt/keyrite.js', config: '/etc/settings.toml', environment: {} };

/** A systemctl that writes down what it was asked, and fails as it is told to: no test machine has a user's systemd for sure. */
const SYSTEMCTL = `#!/bin/sh
echo "$@" >> "$KEYRITE_TEST_CALLS"
case "$*" in $KEYRITE_TEST_FAILS) echo "Failed to connect to bus" >&2; exit 1;; esac
case "$*" in *is-active*) echo active;; esac
`;

describe.skipIf(process.platform !== 'linux')('a login service', () => {
  let folder = '';
  let manager: ServiceManager;
  let before: NodeJS.ProcessEnv;

  beforeEach(() => {
    before = { ...process.env };
    folder = mkdtempSync(join(tmpdir(), 'keyrite-service-'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'systemctl'), SYSTEMCTL);
    chmodSync(join(folder, 'bin', 'systemctl'), 0o755);
    process.env['PATH'] = `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
    process.env['KEYRITE_TEST_CALLS'] = join(folder, 'calls');
    process.env['KEYRITE_TEST_FAILS'] = 'nothing';
    process.env['XDG_CONFIG_HOME'] = join(folder, 'config');
    manager = serviceManager(process.env)!;
  });
  afterEach(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  const calls = (): readonly string[] =>
    existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];

  it('is written, made known and started, and says that it runs', async () => {
    expect(await serviceState(manager)).toBe('none');
    expect(await installService(manager, PLAN)).toEqual({ ok: true, value: null });
    expect(manager.file).toBe(join(folder, 'config', 'systemd', 'user', 'keyrite-proxy.service'));
    expect(readFileSync(manager.file, 'utf8')).toContain(MARK);
    expect(calls()).toEqual(['--user daemon-reload', '--user enable --now keyrite-proxy.service']);
    expect(await serviceState(manager)).toBe('running');
    process.env['KEYRITE_TEST_FAILS'] = '*is-active*';
    expect(await serviceState(manager)).toBe('installed');
  });

  it('is stopped, removed and forgotten', async () => {
    await installService(manager, PLAN);
    rmSync(join(folder, 'calls'));
    expect(await uninstallService(manager)).toEqual({ ok: true, value: null });
    expect(existsSync(manager.file)).toBe(false);
    expect(calls()).toEqual(['--user disable --now keyrite-proxy.service', '--user daemon-reload']);
    expect(await uninstallService(manager)).toMatchObject({ ok: false });
  });

  it('never overwrites or removes what somebody else wrote', async () => {
    mkdirSync(dirname(manager.file), { recursive: true });
    writeFileSync(manager.file, '[Service]\nExecStart=/bin/true\n');
    expect(await installedHere(manager)).toBe('foreign');
    expect(await installService(manager, PLAN)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/not written by Keyrite/),
    });
    expect(await uninstallService(manager)).toMatchObject({ ok: false });
    expect(readFileSync(manager.file, 'utf8')).toBe('[Service]\nExecStart=/bin/true\n');
    expect(calls()).toEqual([]);
  });

  it('leaves nothing half-installed where the manager refuses, and puts an older one of ours back', async () => {
    process.env['KEYRITE_TEST_FAILS'] = '*enable*';
    expect(await installService(manager, PLAN)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/Failed to connect to bus/),
    });
    expect(existsSync(manager.file)).toBe(false);
    mkdirSync(dirname(manager.file), { recursive: true });
    writeFileSync(manager.file, `# ${MARK}: older\n`);
    expect(await installService(manager, PLAN)).toMatchObject({ ok: false });
    expect(readFileSync(manager.file, 'utf8')).toBe(`# ${MARK}: older\n`);
  });

  it('says which command is missing', async () => {
    process.env['PATH'] = join(folder, 'nothing');
    expect(await installService(manager, PLAN)).toMatchObject({ ok: false, problem: expect.stringMatching(/systemctl.*ENOENT/) });
  });

  it('is shown and not written with --dry-run', async () => {
    const settings = join(folder, 'settings.toml');
    writeFileSync(settings, '[hsm]\npin_file = "/x"\n');
    const said = await runWords(verb, ['install', '--config', settings, '--dry-run']);
    expect(said).toMatchObject({ code: EXIT.done, out: expect.stringMatching(/^ExecStart=.*settings\.toml"$/m) });
    expect(existsSync(manager.file)).toBe(false);
    expect(calls()).toEqual([]);
  });

  it('is refused where only a person could give the PIN, and where there are no settings', async () => {
    const settings = join(folder, 'settings.toml');
    expect(await runWords(verb, ['install', '--config', settings])).toMatchObject({ code: EXIT.unusable });
    writeFileSync(settings, '[hsm]\npin_from = "supervisor"\n');
    const said = await runWords(verb, ['install', '--config', settings]);
    expect(said).toMatchObject({ code: EXIT.unusable, err: expect.stringMatching(/pin_file/) });
    expect(await runWords(verb, ['begin'])).toMatchObject({ code: EXIT.unusable });
  });

  it('tells its state as data', async () => {
    process.env['XDG_STATE_HOME'] = join(folder, 'state');
    await installService(manager, PLAN);
    const said = await runWords(verb, ['status', '--json']);
    expect(said.code).toBe(EXIT.done);
    expect(JSON.parse(said.out)).toMatchObject({ service: 'running', isForeign: false, proxy: null, file: manager.file });
  });
});

describe('the managers of other systems', () => {
  it('keep their files where those systems look for them', () => {
    const mac = serviceManager({ HOME: '/Users/ada' }, 'darwin');
    expect(mac?.file).toBe('/Users/ada/Library/LaunchAgents/example.keyrite.keyrite-proxy.plist');
    const windows = serviceManager({ LOCALAPPDATA: '/local', USERDOMAIN: 'PC' }, 'win32');
    expect(windows?.install[0]).toEqual(expect.arrayContaining(['/Create', '/XML', windows?.file]));
    expect(windows?.render(PLAN)).toMatch(/<UserId>PC\\/);
    expect(serviceManager({}, 'aix')).toBeNull();
  });
});
