import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verb as kill } from '../../../core/cli/kill';
import { EXIT } from '../../../core/cli/verb';
import { defaultStateFolder } from '../../../core/control/state-folder';
import { settingsOf } from './ground';

const ROOT = resolve(import.meta.dirname, '../../..');
const text = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const UNIT = text('resources', 'templates', 'systemd', 'keyrite-proxy.service');
const DOCKERFILE = text('Dockerfile');

/** The values of one setting of the unit, in order. */
function unit(key: string): readonly string[] {
  return Array.from(UNIT.matchAll(new RegExp(`^${key}=(.*)$`, 'gm')), ([, value = '']) => value);
}

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the systemd unit', () => {
  it('does not start again what starting again cannot help', () => {
    expect(unit('RestartPreventExitStatus')).toEqual([`${EXIT.unusable} ${EXIT.lacking}`]);
    expect(unit('Restart')).toEqual(['on-failure']);
    expect(unit('RestartForceExitStatus')).toEqual(['SIGHUP']);
  });

  it('has the state folder where keyrite kill looks for it as root', () => {
    expect(`/var/lib/${unit('StateDirectory').join()}`).toBe(defaultStateFolder({}, true));
    expect(unit('StateDirectoryMode')).toEqual(['0700']);
  });

  it('fits the sample settings: credential, state folder, ports', async () => {
    const settings = await settingsOf(text('resources', 'proxy', 'thales-luna.toml'));
    expect(unit('LoadCredential').map((each) => each.split(':')[0])).toEqual([
      settings.hsm.pin.from === 'credential' ? settings.hsm.pin.name : '',
    ]);
    expect(settings.stateFolder).toBe(`/var/lib/${unit('StateDirectory').join()}`);
    expect(unit('SocketBindAllow')).toEqual([`tcp:${settings.server.port}`, `tcp:${settings.metrics?.port ?? 0}`]);
  });

  it('keeps memory off the disk and foreign code out of the process', () => {
    expect(unit('LimitCORE')).toEqual(['0']);
    expect(unit('UnsetEnvironment').join()).toMatch(/NODE_OPTIONS.*LD_PRELOAD/);
    expect(unit('NoNewPrivileges')).toEqual(['yes']);
    expect(unit('User')).toEqual(['keyrite-proxy']);
  });

  it.runIf(hasSystemd)('is one that systemd takes, and rates as hardened', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyrite-unit-'));
    const file = join(folder, 'keyrite-proxy.service');
    writeFileSync(file, UNIT.replace('/usr/bin/node', process.execPath));
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    const security = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(security.status).toBe(0);
  });
});

describe('the Dockerfile', () => {
  it('copies what is there, and what the program needs to find itself', () => {
    const copied = DOCKERFILE.match(/^COPY --from=build \/opt\/keyrite\/.*$/gm) ?? [];
    const places = copied.flatMap((line) => line.split(' ').slice(2, -1)).map((path) => path.replace('/opt/keyrite/', ''));
    expect(places).toEqual(['package.json', 'LICENSE', 'dist/main', 'resources', 'node_modules']);
    for (const place of ['package.json', 'LICENSE', 'resources', 'package-lock.json'])
      expect(existsSync(join(ROOT, place))).toBe(true);
  });

  it('runs without root and without a shell', () => {
    const last = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER 65532:65532$/m);
    expect(last).not.toMatch(/^RUN /m);
    for (const command of last.match(/^\s*(?:CMD|ENTRYPOINT) .*$/gm) ?? []) expect(command).toMatch(/(?:CMD|ENTRYPOINT) \["/);
  });

  it('shows a kill that the terminal understands, and a volume that keeps it', () => {
    const [, verb = '', option = ''] = /keyrite\.js (\w+) --(\w+)/.exec(DOCKERFILE) ?? [];
    expect([verb, Object.keys(kill.options)]).toEqual(['kill', expect.arrayContaining([option])]);
    expect(DOCKERFILE).toMatch(/^VOLUME \/var\/lib\/keyrite-proxy$/m);
  });

  it('takes no folder of this machine and nothing already built', () => {
    const ignored = text('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.*', 'node_modules', 'dist']));
  });
});
