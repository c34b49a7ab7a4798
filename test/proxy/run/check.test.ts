import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { run } from '../../../proxy/run/run';

const RESOURCES = resolve(import.meta.dirname, '../../../resources');

it('names a policy file that is not there once, with its key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-check-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  await writeFile(at('module.so'), '', { mode: 0o600 });
  await writeFile(at('pin'), '1234', { mode: 0o600 });
  const settings = [
    '[server]\nip = "127.0.0.1"\nport = 8443\nregion = "eu-west-1"',
    '[security]\nis_sigv4_auth_enabled = true\nis_tls_enabled = false',
    `[[external_key_stores]]\nuri_path_prefix = ""\nxks_key_id_set = ["k"]\n[[external_key_stores.credentials]]\naccess_key_id = "FIRSTFIRSTFIRSTFIRST234567"\nsecret_file = "${at('pin')}"`,
    `[hsm]\nprofile = "none"\nmodule = "${at('module.so')}"\ntoken_label = "t"\npin_file = "${at('pin')}"`,
    `[state]\nfolder = "${at('state')}"`,
    `[authorization]\npolicy_file = "${at('none.cedar')}"`,
  ];
  await writeFile(at('settings.toml'), settings.join('\n\n'), { mode: 0o600 });
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const context = { out: say, err: say, isTerminal: false, signal: new AbortController().signal };
  const options = { settingsFile: at('settings.toml'), checkOnly: true, makeHealthKey: false };
  expect(await run(options, context, { resources: RESOURCES, hsmProcess: '' })).toBe('unusable');
  const lines = said.join('\n').split('\n');
  expect(lines.filter((line) => line.includes('none.cedar'))).toEqual([
    `error  authorization.policy_file: ${at('none.cedar')} cannot be read (ENOENT).`,
  ]);
});
