import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../proxy/settings/settings';
import { checkSurroundings } from '../../../proxy/settings/surroundings';
import { issue } from '../../core/as-kms/certificates';
import { settingsOf } from './ground';
import { OUR_SETTINGS } from './sample';

const DAY_MS = 86_400_000;
const isRoot = process.geteuid?.() === 0;
const root = issue({ commonName: 'Root', isAuthority: true });
const own = issue({ commonName: 'xks.example.com', dnsNames: ['xks.example.com'], days: 90, issuer: root });

let base = '';
let settings: Settings;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'keyrite-around-'));
});
afterAll(() => rmSync(base, { recursive: true }));

const put = (name: string, content: string, mode = 0o600): string => {
  const path = join(base, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};

beforeEach(async () => {
  rmSync(base, { recursive: true, force: true });
  mkdirSync(base, { mode: 0o700 });
  const text = OUR_SETTINGS.replace('/usr/safenet/lunaclient/lib/libCryptoki2_64.so', put('module.so', '', 0o755))
    .replace('/etc/keyrite/secret', put('secret', 'not read'))
    .replace('/etc/keyrite/pin', put('pin', 'not read'))
    .replace('/var/lib/keyrite-proxy', join(base, 'state'));
  put('certificate.pem', own.certPem + root.certPem, 0o644);
  put('key.pem', own.keyPem);
  const tls = `\n[tls]\ntls_cert_pem = "${join(base, 'certificate.pem')}"\ntls_key_pem = "${join(base, 'key.pem')}"`;
  settings = await settingsOf(`${text}${tls}\n[authorization]\npolicy_file = "${put('policy.cedar', '')}"`);
});

async function said(now = new Date(), env: Record<string, string> = {}): Promise<readonly string[]> {
  const remarks = await checkSurroundings(settings, { env, now });
  return remarks.map(({ severity, key, problem }) => `${severity} ${key}: ${problem}`);
}

describe('what good settings lead to', () => {
  it('is all right where everything is there and belongs together', async () => {
    expect(await said()).toEqual([]);
  });

  it('is looked at as a whole: every file that is missing is named', async () => {
    rmSync(base, { recursive: true });
    const all = await said();
    expect(all.map((each) => each.split(': ', 1)[0])).toEqual([
      'error hsm.module',
      'error tls.tls_cert_pem',
      'error tls.tls_key_pem',
      'error hsm.pin_file',
      'error secret of ABCDEFGHIJKLMNOPQRST in the key store "tenant-a"',
      'error authorization.policy_file',
    ]);
  });

  it('has no module that every user may change', async () => {
    chmodSync(join(base, 'module.so'), 0o757);
    expect(await said()).toEqual([
      expect.stringMatching(/^error hsm\.module: .* may be written by every user, and it is given the PIN/),
    ]);
  });

  it('has secrets that only we can read, which are never said', async () => {
    chmodSync(join(base, 'pin'), 0o644);
    chmodSync(join(base, 'secret'), 0o640);
    const all = await said();
    expect(all).toEqual([
      expect.stringMatching(/^error hsm\.pin_file: .*mode 0644/),
      expect.stringMatching(/^error secret of ABCDEFGHIJKLMNOPQRST in the key store "tenant-a": .*mode 0640/),
    ]);
    expect(all.join()).not.toContain('not read');
  });

  it('has credentials and descriptors where they are said to be', async () => {
    const hsm = (pin: Settings['hsm']['pin']): Settings => ({ ...settings, hsm: { ...settings.hsm, pin } });
    settings = hsm({ from: 'credential', name: 'pin' });
    expect(await said()).toEqual([expect.stringMatching(/^error hsm\.pin_credential: there is no \$CREDENTIALS_DIRECTORY/)]);
    expect(await said(new Date(), { CREDENTIALS_DIRECTORY: base })).toEqual([]);
    settings = hsm({ from: 'descriptor', number: 987 });
    expect(await said()).toEqual(['error hsm.pin_descriptor: descriptor 987 is not open']);
    settings = hsm({ from: 'descriptor', number: 0 });
    expect(await said()).toEqual([]);
  });
});

describe('the certificate', () => {
  const at = (days: number): Date => new Date(Date.now() + days * DAY_MS);

  it('is not expired and not too young, and is warned of before it expires', async () => {
    expect(await said(at(59))).toEqual([]);
    expect(await said(at(80))).toEqual([expect.stringMatching(/^warning tls\.tls_cert_pem: The certificate expires in 10 days/)]);
    expect(await said(at(91))).toEqual([expect.stringMatching(/^error tls\.tls_cert_pem: The certificate expired on /)]);
    expect(await said(at(-500))).toEqual([
      expect.stringMatching(/^error tls\.tls_cert_pem: The certificate is not valid before /),
    ]);
  });

  it('belongs to the key', async () => {
    put('key.pem', root.keyPem);
    expect(await said()).toEqual(['error tls.tls_key_pem: The private key does not belong to the certificate']);
  });

  it('comes with its chain, in order', async () => {
    put('certificate.pem', own.certPem);
    expect(await said()).toEqual(['warning tls.tls_cert_pem: The file holds one certificate and no chain']);
    put('certificate.pem', own.certPem + issue({ commonName: 'Other' }).certPem);
    expect(await said()).toEqual(['warning tls.tls_cert_pem: The chain after the certificate is not that of its issuer']);
    put('certificate.pem', root.certPem);
    put('key.pem', root.keyPem);
    expect(await said()).toEqual(['warning tls.tls_cert_pem: The certificate signed itself; AWS KMS refuses it']);
  });

  it('and the key can be read', async () => {
    put('certificate.pem', 'no certificate');
    put('key.pem', own.keyPem.slice(0, 60));
    expect(await said()).toEqual([
      expect.stringMatching(/^error tls\.tls_cert_pem: .* holds no certificate/),
      expect.stringMatching(/^error tls\.tls_key_pem: .* holds no private key/),
    ]);
    put('certificate.pem', own.certPem.replace('MII', 'MIX') + root.certPem);
    put('key.pem', own.keyPem, 0o604);
    expect(await said()).toEqual([
      expect.stringMatching(/^error tls\.tls_cert_pem: .* holds no certificate that can be read/),
      expect.stringMatching(/^warning tls\.tls_key_pem: .* can be read by every user/),
    ]);
  });

  it('of clients has a CA that can be read', async () => {
    settings = { ...settings, tls: { ...settings.tls!, client: { caFile: join(base, 'none'), subject: 'x' } } };
    expect(await said()).toEqual([expect.stringMatching(/^error tls\.mtls_client_ca_pem: .*ENOENT/)]);
  });
});

describe('the folders', () => {
  it('may be missing where we can make them, and are not made by looking', async () => {
    expect(await said()).toEqual([]);
    expect(() => rmSync(settings.stateFolder, { recursive: true })).toThrow('ENOENT');
  });

  it('are no files', async () => {
    put('state', '');
    expect(await said()).toContainEqual(expect.stringMatching(/^error state\.folder: /));
  });

  it('belong to us alone: who can write to the state folder can arm what was killed', async () => {
    mkdirSync(settings.stateFolder);
    chmodSync(settings.stateFolder, 0o777);
    expect(await said()).toEqual([expect.stringMatching(/^error state\.folder: .* may be written by others \(mode 0777\)/)]);
  });

  it.runIf(isRoot)('do not belong to another user', async () => {
    mkdirSync(settings.audit.folder, { recursive: true });
    chownSync(settings.audit.folder, 12_345, 0);
    expect(await said()).toEqual([expect.stringMatching(/^error audit\.folder: .* belongs to another user/)]);
  });
});
