import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verb as kill } from '../../../core/cli/kill';
import { PLACE } from '../../../core/control/place';
import { pullKillSwitch } from '../../../core/control/kill';
import { serverFiles } from '../../../core/deployment/server-files';
import { planOf } from './plans';

const TEMPLATES = resolve(import.meta.dirname, '../../../resources/templates');
const EC2 = join(TEMPLATES, 'ec2');
const has = (command: string, ...args: readonly string[]) => spawnSync(command, args).error === undefined;
const hasFileSystems = has('mkfs.ext4', '-V') && has('blkid', '-V');
const isWindows = process.platform === 'win32';
const hasSystemd = has('systemd-analyze', '--version');

/** A folder with stand-ins for commands of AWS and of the system; each appends how it was called to `calls`. */
interface Ground {
  readonly folder: string;
  readonly calls: () => readonly string[];
  readonly run: (script: string, args: readonly string[], env: Readonly<Record<string, string>>) => SpawnSyncReturns<string>;
  readonly standIn: (command: string, body?: string) => void;
}

function newGround(): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'keyrite-fleet-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, 'bin');
  const log = join(folder, 'calls');
  mkdirSync(bin);
  writeFileSync(log, '');
  return {
    folder,
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    run: (script, args, env) =>
      spawnSync('bash', [join(EC2, script), ...args], {
        encoding: 'utf8',
        env: { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, ...env },
      }),
    standIn: (command, body = '') => {
      writeFileSync(join(bin, command), `#!/bin/bash\necho "${command} $*" >> '${log}'\n${body}\n`);
      chmodSync(join(bin, command), 0o755);
    },
  };
}

describe.skipIf(isWindows)('before a start of a proxy of the fleet', () => {
  const start = (state: string): { readonly status: number | null; readonly calls: readonly string[] } => {
    const ground = newGround();
    ground.standIn('keyrite');
    return { status: ground.run('first-start.sh', [], { KEYRITE_STATE: state }).status, calls: ground.calls() };
  };

  it('a folder without a latch is killed, by a verb and options that there are', () => {
    const { folder } = newGround();
    const { status, calls } = start(folder);
    expect([status, calls]).toEqual([
      0,
      [`keyrite kill --state ${folder} --by fleet --reason no latch on this volume: a person arms it`],
    ]);
    expect(kill.name).toBe('kill');
    expect(Object.keys(kill.options)).toEqual(expect.arrayContaining(['state', 'by', 'reason']));
  });

  it('that kill makes a latch that says killed, and then nothing is done any more', async () => {
    const { folder } = newGround();
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o700 });
    expect(await pullKillSwitch(state, { who: 'fleet', why: 'no latch on this volume' })).toMatchObject({
      how: 'notRunning',
      latch: { isKept: true },
    });
    expect(JSON.parse(readFileSync(join(state, PLACE.latch), 'utf8'))).toMatchObject({ state: 'killed', by: 'fleet' });
    expect(start(state)).toEqual({ status: 0, calls: [] });
  });

  it('a kill that does not work keeps the proxy from starting', () => {
    const ground = newGround();
    ground.standIn('keyrite', 'exit 1');
    expect(ground.run('first-start.sh', [], { KEYRITE_STATE: ground.folder }).status).toBe(1);
  });
});

describe.runIf(hasFileSystems)('the state volume', () => {
  const ready = (fill?: (device: string) => void) => {
    const ground = newGround();
    const device = join(ground.folder, 'device');
    writeFileSync(device, '');
    truncateSync(device, 8 << 20);
    fill?.(device);
    for (const command of ['aws', 'mount', 'chown']) ground.standIn(command);
    ground.standIn('mountpoint', 'exit 1');
    const [state, table] = [join(ground.folder, 'state'), join(ground.folder, 'fstab')];
    writeFileSync(table, '');
    const env = { KEYRITE_DEVICE: device, KEYRITE_STATE: state, KEYRITE_FSTAB: table, KEYRITE_TRIES: '2', KEYRITE_PAUSE: '0' };
    const run = () => ground.run('state.sh', ['vol-0123', 'i-0123'], env);
    return { ...ground, device, state, table, run };
  };
  const typeOf = (device: string) =>
    spawnSync('blkid', ['-p', '-s', 'TYPE', '-o', 'value', device], { encoding: 'utf8' }).stdout.trim();

  it('that is new is formatted and mounted, now and after each boot', () => {
    const { device, state, table, run, calls } = ready();
    expect(run()).toMatchObject({ status: 0, stderr: '' });
    expect(typeOf(device)).toBe('ext4');
    expect(calls()).toContain(`mount ${state}`);
    expect(readFileSync(table, 'utf8')).toBe(`${device} ${state} ext4 nodev,nosuid,noexec,nofail 0 2\n`);
    expect(statSync(state).mode & 0o777).toBe(0o700);
  });

  it('is formatted once: what is on it stays, and the table does not grow', () => {
    const { device, table, run } = ready();
    run();
    const before = readFileSync(device);
    expect(run().status).toBe(0);
    expect(readFileSync(device).equals(before)).toBe(true);
    expect(readFileSync(table, 'utf8').split('\n')).toHaveLength(2);
  });

  it('that holds something unreadable is left as it is, and nothing is mounted', () => {
    const { device, run, calls } = ready((file) =>
      writeFileSync(file, Buffer.concat([Buffer.alloc(4096), Buffer.from('x'), Buffer.alloc(8 << 20)])),
    );
    const before = readFileSync(device);
    const ended = run();
    expect([ended.status, ended.stderr]).toEqual([1, expect.stringContaining('it is left as it is')]);
    expect(readFileSync(device).equals(before)).toBe(true);
    expect(calls()).not.toContainEqual(expect.stringMatching(/^mount /));
  });

  it('with a file system of somebody else is left as it is', () => {
    const { run, calls } = ready(
      (file) => void spawnSync('mkfs.ext4', ['-q', '-F', '-O', '^extent,^64bit,^flex_bg,^has_journal', '-t', 'ext2', file]),
    );
    const ended = run();
    expect([ended.status, ended.stderr]).toEqual([1, expect.stringContaining('not ours')]);
    expect(calls()).toEqual([]);
  });

  it('that does not come ends the boot', () => {
    const { device, run, calls } = ready();
    rmSync(device);
    const ended = run();
    expect([ended.status, ended.stderr]).toEqual([1, expect.stringContaining('vol-0123 did not come')]);
    expect(calls()).toEqual(
      Array.from({ length: 2 }, () => 'aws ec2 attach-volume --volume-id vol-0123 --instance-id i-0123 --device /dev/sdf'),
    );
  });
});

describe.skipIf(isWindows)('the secrets of the fleet', () => {
  const SECRET = 'PleaseReplaceThisWithSomeSecretOfLength43To64';
  const arns = { PIN_SECRET_ARN: 'arn:pin', SIGV4_SECRET_ARN: 'arn:sigv4', TLS_KEY_SECRET_ARN: 'arn:tls' };
  const owners = { KEYRITE_USER: userInfo().username, KEYRITE_PIN_OWNER: userInfo().username };

  it('become three files that only their owner reads, and show in no argument and no output', () => {
    const ground = newGround();
    ground.standIn('aws', `echo '${SECRET}'`);
    const ended = ground.run('secrets.sh', [], { ...arns, ...owners, RUNTIME_DIRECTORY: ground.folder });
    expect(ended).toMatchObject({ status: 0, stdout: '', stderr: '' });
    for (const name of ['pin', 'sigv4', 'tls-key.pem']) {
      expect(readFileSync(join(ground.folder, name), 'utf8')).toBe(`${SECRET}\n`);
      expect(statSync(join(ground.folder, name)).mode & 0o777).toBe(0o600);
    }
    expect(ground.calls().map((call) => call.replace(/.*--secret-id (\S+) .*/, '$1'))).toEqual([
      'arn:pin',
      'arn:sigv4',
      'arn:tls',
    ]);
  });

  it.each([
    ['refused', 'exit 254'],
    ['empty', ':'],
    ['no text', 'echo None'],
  ])('that are %s end it, and leave what was there', (_how, body) => {
    const ground = newGround();
    ground.standIn('aws', body);
    writeFileSync(join(ground.folder, 'pin'), 'old', { mode: 0o600 });
    expect(ground.run('secrets.sh', [], { ...arns, ...owners, RUNTIME_DIRECTORY: ground.folder }).status).not.toBe(0);
    expect(readFileSync(join(ground.folder, 'pin'), 'utf8')).toBe('old');
    expect(existsSync(join(ground.folder, 'sigv4'))).toBe(false);
  });
});

describe.skipIf(isWindows)('the scripts of the fleet', () => {
  it.each(['boot.sh', 'state.sh', 'first-start.sh', 'secrets.sh'])(
    '%s is one that bash reads, may be run, and ends at its first mistake',
    (name) => {
      expect(spawnSync('bash', ['-n', join(EC2, name)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
      expect(statSync(join(EC2, name)).mode & 0o111).not.toBe(0);
      expect(readFileSync(join(EC2, name), 'utf8')).toMatch(/^set -euo pipefail$/m);
    },
  );

  it('name variables that the user data sets, and files that are there', () => {
    const userData = readFileSync(join(TEMPLATES, 'cloudformation', 'xks-proxy-fleet.yaml'), 'utf8');
    const scripts = ['boot.sh', 'secrets.sh'].map((name) => readFileSync(join(EC2, name), 'utf8')).join('\n');
    const asked = new Set(Array.from(scripts.matchAll(/\$\{?([A-Z][A-Z0-9_]+)\b/g), ([, name = '']) => name));
    for (const name of ['RUNTIME_DIRECTORY', 'KEYRITE_USER', 'KEYRITE_PIN_OWNER']) asked.delete(name);
    expect(asked.size).toBeGreaterThan(8);
    for (const name of asked) expect(userData).toMatch(new RegExp(`^ +${name}=`, 'm'));
    for (const [, path = ''] of scripts.matchAll(/\$here\/([a-z0-9./-]+)/g))
      if (!path.includes('*')) expect(existsSync(join(TEMPLATES, path))).toBe(true);
  });

  it.runIf(hasSystemd)('come with units that systemd takes, and the proxy’s own stays hardened', async () => {
    const { folder } = newGround();
    const hsm = { ...planOf().hsm, pin: { from: 'credential', name: 'pin' } } as const;
    const files = await serverFiles(
      planOf({ hsm, secretAccessKey: { from: 'file', path: '/run/keyrite-secrets/sigv4' } }),
      TEMPLATES,
    );
    if (!files.ok) throw new Error(files.error.code);
    for (const { path, text } of files.value.filter(({ path: each }) => each.includes('systemd'))) {
      const file = join(folder, path.replace('etc/systemd/system/', ''));
      mkdirSync(resolve(file, '..'), { recursive: true });
      writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
    }
    const fleet = join(folder, 'keyrite-proxy.service.d', 'zz-fleet.conf');
    const here = (text: string) => text.replaceAll('/opt/keyrite/resources/templates/ec2', EC2);
    writeFileSync(fleet, here(readFileSync(join(EC2, 'fleet.conf'), 'utf8')));
    cpSync(join(EC2, 'keyrite-secrets.service'), join(folder, 'keyrite-secrets.service'));
    writeFileSync(join(folder, 'keyrite-secrets.service'), here(readFileSync(join(EC2, 'keyrite-secrets.service'), 'utf8')));
    for (const unit of ['keyrite-proxy.service', 'keyrite-secrets.service'])
      expect(spawnSync('systemd-analyze', ['verify', join(folder, unit)], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
    const unit = join(folder, 'keyrite-proxy.service');
    expect(spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit]).status).toBe(0);
  });
});
