import { describe, expect, it } from 'vitest';
import { restartNeeded } from '../../../proxy/settings/changes';
import { describeRemarks } from '../../../proxy/settings/describe';
import type { Settings, SettingsRemark } from '../../../proxy/settings/settings';
import { settingsOf } from './ground';
import { OUR_SETTINGS } from './sample';

describe('remarks in the terminal', () => {
  const WARNING: SettingsRemark = { severity: 'warning', key: 'pkcs11', problem: 'has no effect', remedy: 'Take it out.' };
  const ERROR: SettingsRemark = { severity: 'error', key: 'pool.queue', problem: 'is 0', remedy: 'Write 1.' };

  it('come as errors first, then warnings, each with key, problem and remedy', () => {
    expect(describeRemarks([WARNING, ERROR], false)).toBe(
      'error  pool.queue is 0.\n         Write 1.\nwarning  pkcs11 has no effect.\n         Take it out.',
    );
    expect(describeRemarks([], false)).toBe('');
  });

  it('join a sentence with a colon, and leave out a key that is not there', () => {
    expect(describeRemarks([{ ...ERROR, problem: 'Both are wrong' }], false)).toContain('pool.queue: Both are wrong.');
    expect(describeRemarks([{ ...ERROR, key: '', problem: 'The file is empty.' }], false)).toContain(
      'error  The file is empty.\n',
    );
  });

  it('have colour in a terminal only', () => {
    expect(describeRemarks([ERROR], true)).toContain('\u001B[31merror\u001B[39m');
    expect(describeRemarks([WARNING], true)).toContain('\u001B[33mwarning\u001B[39m');
    expect(describeRemarks([ERROR, WARNING], false)).not.toContain('\u001B');
  });

  it('cannot be repainted by what a file holds', () => {
    const text = describeRemarks([{ ...ERROR, key: 'a\u001B[2J', problem: 'is "\u202Ex"\nerror  b' }], false);
    expect(text).not.toMatch(/[\u001B\u202E]/);
    expect(text.split('\n')).toHaveLength(2);
  });
});

describe('a reload', () => {
  const change = async (more: string, from = '', to = ''): Promise<readonly string[]> => {
    const old = await settingsOf(OUR_SETTINGS);
    return restartNeeded(old, await settingsOf(OUR_SETTINGS.replace(from, to) + more));
  };

  it.each([
    ['\n[authorization]\npolicy_file = "/etc/policy.cedar"', '', ''],
    ['\n[health]\nfleet_size = 3', '', ''],
    ['\n[health]\nping_when_killed = "good"\ninterval_ms = 5000', '', ''],
    ['\n[limits]\nmax_aad_in_base64 = 12000', '', ''],
    ['\n[keys.alpha]\ncurrent = "0a"', '', ''],
    ['', 'ABCDEFGHIJKLMNOPQRST', 'TSRQPONMLKJIHGFEDCBA'],
    ['', '"alpha"', '"alpha", "beta"'],
    ['', 'eu-central-1', 'eu-west-1'],
  ])('takes over %j%j%j', async (more, from, to) => {
    expect(await change(more, from, to)).toEqual([]);
  });

  it.each([
    ['', 'port = 8443', 'port = 8444', '[server] ip, port'],
    ['\n[pool]\nsessions = 3', '', '', '[pool]'],
    ['', '/usr/safenet/', '/opt/safenet/', '[hsm]'],
    ['', 'partition-1', 'partition-2', '[hsm]'],
    ['', '/etc/keyrite/pin', '/etc/keyrite/other', '[hsm] pin_*'],
    ['\n[metrics]\nport = 9464', '', '', '[metrics]'],
    ['\n[health]\nkey = "other"', '', '', '[health] key'],
    ['\n[tls]\ntls_cert_pem = "/c"\ntls_key_pem = "/k"', '', '', '[tls]'],
    ['\n[log]\nfolder = "/var/log/x"', '', '', '[log]'],
    ['\n[log]\nlevel = "debug"', '', '', '[log]'],
    ['\n[audit]\nsync = "each"', '', '', '[audit]'],
    [
      '',
      '[state]\nfolder = "/var/lib/keyrite-proxy"',
      '[audit]\nfolder = "/var/lib/keyrite-proxy/audit"\n[state]\nfolder = "/srv/x"',
      '[state] folder',
    ],
    ['', 'region =', 'max_connections = 5\nregion =', '[server] timeouts'],
    ['', 'region =', 'ciphertext_metadata_b64 = "AAAA"\nregion =', 'ciphertext_metadata_b64'],
  ])('does not take over %j%j%j, and says so once', async (more, from, to, said) => {
    expect(await change(more, from, to)).toEqual([expect.stringContaining(said)]);
  });

  it('compares every part of the settings, or takes it over', async () => {
    const settings = await settingsOf(OUR_SETTINGS);
    const parts: readonly (keyof Settings)[] = ['keyStores', 'keys', 'limits', 'authorization', 'isSigV4On'];
    const taken = parts.reduce((changed, part) => ({ ...changed, [part]: null }), settings);
    expect(restartNeeded(settings, taken)).toEqual([]);
  });
});
