import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, type KmsAct } from '../../../../core/kms/calls';
import { awsCli } from '../../../../core/kms/recipes/aws-cli';
import { shellWord } from '../../../../core/kms/recipes/shell-word';
import { ACTS, PROXY_SECRET, REQUESTS } from '../every-call';

const PLACE = { region: 'eu-central-1', profile: '', endpoint: '' };

let folder = '';

/** In the place of the AWS CLI: writes down its arguments, answers two columns of base64. */
const RECORDER = `#!/bin/sh
for one in "$@"; do printf '%s\\000' "$one"; done >> "$SEEN"
printf 'AQID\\tBAUG\\n'
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-cli-'));
  writeFileSync(join(folder, 'aws'), RECORDER);
  chmodSync(join(folder, 'aws'), 0o700);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What a POSIX shell makes of a recipe: the arguments the CLI gets. */
function run(recipe: string): string[] {
  const seen = join(folder, 'seen');
  writeFileSync(seen, '');
  execFileSync('sh', ['-eu', '-c', recipe], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, SEEN: seen },
  });
  return readFileSync(seen, 'utf8').split('\0').slice(0, -1);
}

describe('a command of the AWS CLI', () => {
  it('of CreateKey is what a reviewer expects', () => {
    const recipe = awsCli(callOf({ act: 'createKey', request: REQUESTS.createKey }), { ...PLACE, profile: 'ceremony' });
    expect(recipe).toBe(
      [
        'aws kms create-key \\',
        '  --profile ceremony \\',
        '  --region eu-central-1 \\',
        '  --origin EXTERNAL \\',
        '  --key-spec SYMMETRIC_DEFAULT \\',
        '  --key-usage ENCRYPT_DECRYPT \\',
        '  --multi-region \\',
        '  --description payments \\',
        `  --policy '{"Version":"2012-10-17"}' \\`,
        '  --no-bypass-policy-lockout-safety-check \\',
        `  --tags '[{"TagKey":"keyrite:ceremony","TagValue":"c-0007"}]'`,
        '',
      ].join('\n'),
    );
  });

  it('of GetParametersForImport keeps wrapping key and token of one answer together', () => {
    const recipe = awsCli(callOf({ act: 'getParametersForImport', request: REQUESTS.getParametersForImport }), PLACE);
    expect(recipe).toBe(
      [
        'umask 077',
        'aws kms get-parameters-for-import \\',
        '  --region eu-central-1 \\',
        '  --key-id 5f0c0a3e-1d5c-4a59-8f5e-7a1f7e0f6f11 \\',
        '  --wrapping-algorithm RSAES_OAEP_SHA_256 \\',
        '  --wrapping-key-spec RSA_4096 \\',
        `  --query '[PublicKey,ImportToken]' --output text > get-parameters-for-import.txt`,
        'cut -f 1 get-parameters-for-import.txt | base64 --decode > wrapping-key.der',
        'cut -f 2 get-parameters-for-import.txt | base64 --decode > import-token.bin',
        '',
      ].join('\n'),
    );
    run(recipe);
    expect([...readFileSync(join(folder, 'wrapping-key.der'))]).toEqual([1, 2, 3]);
    expect([...readFileSync(join(folder, 'import-token.bin'))]).toEqual([4, 5, 6]);
  });

  it('of ImportKeyMaterial reads the files of the bundle and says the expiry in words', () => {
    const call = callOf({ act: 'importKeyMaterial', request: REQUESTS.importKeyMaterial });
    expect(awsCli(call, PLACE)).toBe(
      [
        'aws kms import-key-material \\',
        '  --region eu-central-1 \\',
        '  --key-id 5f0c0a3e-1d5c-4a59-8f5e-7a1f7e0f6f11 \\',
        '  --import-token fileb://import-token.bin \\',
        '  --encrypted-key-material fileb://wrapped-key.bin \\',
        '  --expiration-model KEY_MATERIAL_EXPIRES \\',
        '  --valid-to 2027-05-01T09:00:00.000Z \\',
        '  --import-type NEW_KEY_MATERIAL \\',
        '  --key-material-description c-0007',
        '',
      ].join('\n'),
    );
    expect(awsCli(call, PLACE, { EncryptedKeyMaterial: 'wrapped-key-2.bin' })).toContain('fileb://wrapped-key-2.bin');
  });

  it.each(ACTS)('carries every parameter that is sent, through a real shell: $act', (act: KmsAct) => {
    const call = callOf(act);
    const words = run(awsCli(call, PLACE));
    const dashed = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
    expect(words.slice(0, 4)).toEqual(['kms', dashed(call.operation), '--region', 'eu-central-1']);
    const literalAt = words.indexOf('--cli-input-json');
    const literal: unknown = literalAt === -1 ? null : JSON.parse(words[literalAt + 1] ?? '');
    for (const [member, value] of Object.entries(call.input)) {
      if (String(value).startsWith('https://')) {
        expect(literal).toEqual({ [member]: value });
        continue;
      }
      const name = `--${dashed(member)}`;
      if (typeof value === 'boolean') expect(words).toContain(value ? name : `--no-${dashed(member)}`);
      else expect(words, name).toContain(name);
      if (typeof value === 'string') expect(words[words.indexOf(name) + 1]).toBe(value);
      if (Array.isArray(value)) expect(JSON.parse(words[words.indexOf(name) + 1] ?? '')).toEqual(value);
    }
  });

  it('holds no secret of a proxy: the credential is a file that the CLI reads', () => {
    for (const call of [
      callOf({ act: 'createKeyStore', request: REQUESTS.createKeyStore }),
      callOf({ act: 'updateKeyStore', request: REQUESTS.updateKeyStore }),
    ]) {
      const recipe = awsCli(call, PLACE);
      expect(recipe).not.toContain(PROXY_SECRET);
      expect(recipe).not.toContain(Buffer.from(PROXY_SECRET).toString('base64'));
      const words = run(recipe);
      const at = words.indexOf('--xks-proxy-authentication-credential');
      expect(words[at + 1]).toBe('file://xks-proxy-credential.json');
    }
  });

  it('lets no access key id out of the comment it stands in', () => {
    const credential = { accessKeyId: 'A\naws kms list-keys', secret: Buffer.from(PROXY_SECRET) };
    const call = callOf({ act: 'createKeyStore', request: { ...REQUESTS.createKeyStore, credential } });
    expect(run(awsCli(call, PLACE)).slice(0, 2)).toEqual(['kms', 'create-custom-key-store']);
  });

  it('of CreateCustomKeyStore is what a reviewer expects', () => {
    const recipe = awsCli(callOf({ act: 'createKeyStore', request: REQUESTS.createKeyStore }), PLACE);
    expect(recipe).toBe(
      [
        '# xks-proxy-credential.json holds {"AccessKeyId": "ABCDEFGHIJKLMNOPQRST", "RawSecretAccessKey": "..."}: chmod 600 it before the secret',
        '# is written into it, and remove it afterwards.',
        'aws kms create-custom-key-store \\',
        '  --region eu-central-1 \\',
        '  --custom-key-store-name payments \\',
        '  --custom-key-store-type EXTERNAL_KEY_STORE \\',
        '  --xks-proxy-connectivity PUBLIC_ENDPOINT \\',
        '  --xks-proxy-uri-path /payments/kms/xks/v1 \\',
        `  --cli-input-json '{"XksProxyUriEndpoint":"https://xks.example.com"}' \\`,
        '  --xks-proxy-authentication-credential file://xks-proxy-credential.json',
        '',
      ].join('\n'),
    );
  });

  it('of a key in an external key store says that no CloudFormation template makes one', () => {
    const recipe = awsCli(callOf({ act: 'createXksKey', request: REQUESTS.createXksKey }), PLACE);
    expect(recipe.split('\n')[0]).toContain('No CloudFormation template can make this key');
    expect(recipe).toContain('--xks-key-id payments-2026');
    expect(awsCli(callOf({ act: 'createKey', request: REQUESTS.createKey }), PLACE)).not.toContain('CloudFormation');
  });

  it('lets the CLI fetch nothing in place of a value', () => {
    const request = { keyId: 'k', description: 'file:///etc/passwd' };
    const words = run(awsCli(callOf({ act: 'updateDescription', request }), PLACE));
    expect(words).not.toContain('file:///etc/passwd');
    expect(words.slice(-2)).toEqual(['--cli-input-json', '{"Description":"file:///etc/passwd"}']);
  });

  it('does not let a value pass for an option', () => {
    const request = { keyId: 'k', description: '--no-sign-request' };
    expect(run(awsCli(callOf({ act: 'updateDescription', request }), PLACE)).at(-1)).toBe('--description=--no-sign-request');
  });

  it('names the endpoint of a rehearsal', () => {
    const call = callOf({ act: 'enableKey', request: { keyId: 'k' } });
    expect(awsCli(call, { ...PLACE, endpoint: 'http://127.0.0.1:4000' })).toContain('--endpoint-url http://127.0.0.1:4000');
  });
});

it('A quoted word is that one word to a shell, whatever is in it', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((one) => !one.includes('\0') && Buffer.from(one).toString() === one);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (words) => {
      expect(run(`aws ${words.map(shellWord).join(' ')} > out`)).toEqual(words);
    }),
    { numRuns: 30, examples: [[["'", "''", '$(id)', '`id`', '\\', '"', 'a b', '*', '~', '\n', '', '!', '# x']]] },
  );
});
