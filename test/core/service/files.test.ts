import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../core/cli/verb';
import { launchdPlist } from '../../../core/service/launchd-plist';
import { serviceManager } from '../../../core/service/manager';
import { MARK, unwritable, type ServicePlan } from '../../../core/service/plan';
import { scheduledTask, windowsArgument } from '../../../core/service/scheduled-task';
import { systemdUnit } from '../../../core/service/systemd-unit';

const PLAN: ServicePlan = {
  node: process.execPath,
  program: '/opt/keyrite/dist/main/keyrite.js',
  config: '/home/ada/keys & locks/50% "best" $HOME/settings.toml',
  environment: { SOFTHSM2_CONF: '/home/ada/soft%hsm.conf' },
};

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

const unit = (key: string): readonly string[] =>
  Array.from(systemdUnit(PLAN).matchAll(new RegExp(`^${key}=(.*)$`, 'gm')), ([, value = '']) => value);

/** Takes a command line apart as Windows programs do (CommandLineToArgvW), for words that are all quoted. */
function takenApart(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const [slashes = ''] = /^\\*/.exec(line.slice(at)) ?? [];
    const next = line[at + slashes.length];
    if (slashes !== '' && next === '"') {
      word += '\\'.repeat(Math.floor(slashes.length / 2));
      at += slashes.length - 1;
      if (slashes.length % 2 === 1) {
        word += '"';
        at += 1;
      }
    } else if (line[at] === '"') {
      if (isQuoted) words.push(word);
      word = '';
      isQuoted = !isQuoted;
    } else if (isQuoted) word += line[at] ?? '';
  }
  return words;
}

describe('the files of a login service', () => {
  it('carry the mark by which they are told from others', () => {
    for (const text of [systemdUnit(PLAN), launchdPlist(PLAN, '/tmp/log'), scheduledTask(PLAN, 'PC\\ada')])
      expect(text).toContain(MARK);
  });

  it('are handed over on Windows by the program of the system, never by one that lies in the working folder', () => {
    const manager = serviceManager({ SystemRoot: 'D:\\Windows', LOCALAPPDATA: 'D:\\ada' }, 'win32');
    const programs = [...(manager?.install ?? []), ...(manager?.stop ?? []), manager?.query ?? []].map(([program]) => program);
    expect([...new Set(programs)]).toEqual(['D:\\Windows\\System32\\schtasks.exe']);
  });

  it('do not start again what starting again cannot help, where the manager can tell', () => {
    expect(unit('RestartPreventExitStatus')).toEqual([`${EXIT.unusable} ${EXIT.lacking}`]);
    expect(unit('Restart')).toEqual(['on-failure']);
  });

  it('quote what systemd would take for a specifier, a variable or the end of a word', () => {
    expect(unit('ExecStart')[0]).toContain('"/home/ada/keys & locks/50%% \\"best\\" $$HOME/settings.toml"');
    expect(unit('Environment')).toContain('"SOFTHSM2_CONF=/home/ada/soft%%hsm.conf"');
  });

  it('keep code and memory images out', () => {
    expect(unit('UnsetEnvironment').join()).toMatch(/NODE_OPTIONS.*LD_PRELOAD/);
    expect(unit('LimitCORE')).toEqual(['0']);
    expect(unit('NoNewPrivileges')).toEqual(['yes']);
  });

  it.runIf(hasSystemd)('are a unit that systemd takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyrite-user-unit-'));
    const file = join(folder, 'keyrite-proxy.service');
    writeFileSync(file, systemdUnit(PLAN));
    const verified = spawnSync('systemd-analyze', ['--user', 'verify', file], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    });
    rmSync(folder, { recursive: true });
    expect(verified).toMatchObject({ status: 0, stderr: '' });
  });

  it.runIf(hasXmllint)('are well-formed XML', () => {
    for (const text of [launchdPlist(PLAN, '/tmp/a<b'), scheduledTask(PLAN, 'PC\\ada').replace('UTF-16', 'UTF-8')]) {
      const checked = spawnSync('xmllint', ['--noout', '--nonet', '-'], { input: text, encoding: 'utf8' });
      expect(checked).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it('escape what XML would take for markup', () => {
    expect(launchdPlist(PLAN, '/tmp/log')).toContain(
      '<string>/home/ada/keys &amp; locks/50% &quot;best&quot; $HOME/settings.toml</string>',
    );
    expect(scheduledTask(PLAN, 'a<b>')).toContain('<UserId>a&lt;b&gt;</UserId>');
  });

  it('quote arguments so that Windows programs find them again', () => {
    const word = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '%') });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        expect(takenApart(words.map(windowsArgument).join(' '))).toEqual(words);
      }),
    );
  });

  it('are not written where a path would end a line in them', () => {
    expect(unwritable(PLAN)).toBe('');
    expect(unwritable({ ...PLAN, config: '/tmp/a\nExecStartPre=/bin/evil' })).toMatch(/control character/);
    expect(unwritable({ ...PLAN, environment: { A: 'b\u0000' } })).toMatch(/control character/);
  });
});
