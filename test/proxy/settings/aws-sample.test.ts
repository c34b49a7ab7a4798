import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read, remarksOf, settingsOf } from './ground';
import { SAMPLE_SETTINGS } from './sample';

/** The sample's settings with some lines exchanged; each has to be there. */
function changed(...exchanges: readonly (readonly [string, string])[]): string {
  return exchanges.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, SAMPLE_SETTINGS);
}

describe('the settings of the AWS sample proxy', () => {
  it('are taken as they are, every key of them', async () => {
    const settings = await settingsOf(SAMPLE_SETTINGS);
    expect(settings).toMatchObject({
      server: { host: '0.0.0.0', port: 443, pingPort: 8080 },
      tls: {
        certificateFile: resolve('tls/certificate.pem'),
        keyFile: '/etc/xks/key.pem',
        client: { caFile: '/etc/xks/clients.pem', subject: 'cks.kms.us-east-1.amazonaws.com' },
      },
      isSigV4On: true,
      hsm: { profile: 'thales-luna', pin: { from: 'inline', value: 'correct horse' }, iv: 'appended' },
      pool: { sessions: 30 },
      limits: { plaintextBytes: 6144, aadBytes: 12_288 },
      ciphertexts: { legacyMetadata: new TextEncoder().encode('v0.0.1') },
      log: { level: 'debug', stdout: true, file: { folder: '/var/log/xks', prefix: 'proxy.log', rotation: 'hourly' } },
      tcpKeepAlive: { idleMs: 60_000 },
    });
    expect(settings.keyStores).toEqual([
      {
        name: 'example-uri-path-prefix',
        prefix: '/example/uri/path/prefix',
        region: 'us-east-1',
        credentials: [
          {
            accessKeyId: 'BETWEEN2TENAND3TENCHARACTERS',
            secret: { from: 'inline', value: 'PleaseReplaceThisWithSomeSecretOfLength43To64' },
            since: null,
          },
        ],
        keys: new Set(['one', 'three']),
        foreignFramings: ['sample'],
      },
    ]);
  });

  it('get a warning for each thing that is different here or should not stay', async () => {
    const answer = await read(SAMPLE_SETTINGS);
    expect(answer.remarks.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(answer.remarks.map(({ key }) => key).toSorted()).toEqual([
      'external_key_stores[0]',
      'external_key_stores[1].sigv4_secret_access_key',
      'hsm.profile',
      'hsm.token_label',
      'pkcs11',
      'pkcs11.user_pin',
      'pkcs11_logger',
      'security.is_mtls_enabled',
      'server.ciphertext_metadata_b64',
      'server.port_http_ping',
      'server.tcp_keepalive',
      'tls.tls_cert_pem',
    ]);
  });

  it('are never repeated with their secrets', async () => {
    const all = JSON.stringify((await read(SAMPLE_SETTINGS)).remarks);
    expect(all).not.toContain('PleaseReplaceThis');
    expect(all).not.toContain('correct horse');
  });

  it('that can be read by others are told so, because secrets are in them', async () => {
    const { remarks } = await read(SAMPLE_SETTINGS, {}, 0o644);
    expect(remarks.find(({ key }) => key === '')?.problem).toContain('0644');
  });

  it('with an Oso policy are refused by name, with what to do instead', async () => {
    const oso = changed([
      'is_mtls_enabled = true',
      'is_mtls_enabled = true\nsecondary_auth = "Oso"\n[security.oso]\npolar_file_path = "configuration/oso.polar"',
    ]);
    const [error, ...more] = await remarksOf('error', oso);
    expect(more).toEqual([]);
    expect(error).toMatch(/^security\.secondary_auth: asks for an Oso policy/);
    expect(error).toMatch(/Cedar policy.*\[authorization\] policy_file.*resources\/policies/);
  });

  it('with an Oso table that is not switched on get a warning', async () => {
    const oso = changed(['[tls]', '[security.oso]\npolar_file_path = "configuration/oso.polar"\n\n[tls]']);
    expect(await remarksOf('warning', oso)).toContainEqual(expect.stringMatching(/^security\.oso: has no effect/));
  });

  it.each([
    ['port_http_ping = 8080\n', 'port_http_ping = 443\n', null],
    ['port_http_ping = 8080\n', '', 80],
    ['port_http_ping = 8080\n', 'port_http_ping = 80\n', 80],
  ])('with %j made %j have a second listener for pings on %s', async (from, to, port) => {
    expect((await settingsOf(changed([from, to]))).server.pingPort).toBe(port);
  });

  it('keep the ping port when a table of ours is added', async () => {
    const text = changed(['port_http_ping = 8080\n', ''], ['[limits]', '[hsm]\nprofile = "thales-luna"\n\n[limits]']);
    expect((await settingsOf(text)).server.pingPort).toBe(80);
  });

  it('name the module by the environment where that is set, as the sample has it', async () => {
    const env = { PKCS11_HSM_MODULE: '/opt/utimaco/lib/libcs_pkcs11_R3.so' };
    expect((await settingsOf(SAMPLE_SETTINGS, env)).hsm).toMatchObject({ module: env.PKCS11_HSM_MODULE, profile: 'utimaco' });
    expect(await remarksOf('warning', SAMPLE_SETTINGS, env)).toContainEqual(
      expect.stringMatching(/^pkcs11\.PKCS11_HSM_MODULE: is overruled by \$PKCS11_HSM_MODULE/),
    );
  });

  it('with a logger in front of the module lead to the module behind it', async () => {
    const module = '/usr/safenet/lunaclient/lib/libCryptoki2_64.so';
    expect((await settingsOf(SAMPLE_SETTINGS)).hsm.module).toBe(module);
    const env = { PKCS11_LOGGER_LIBRARY_PATH: '/opt/other/libCryptoki2_64.so' };
    expect((await settingsOf(SAMPLE_SETTINGS, env)).hsm.module).toBe(env.PKCS11_LOGGER_LIBRARY_PATH);
    const unused = changed(['/opt/logger/pkcs11-logger-x64.so', '/usr/lib/vendor.so']);
    expect((await settingsOf(unused)).hsm.module).toBe('/usr/lib/vendor.so');
  });

  const LUNA = '/usr/safenet/lunaclient/lib/libCryptoki2_64.so';
  it.each([
    ['false', 'false', '/usr/lib/vendor.so', 'caller'],
    ['false', 'true', '/usr/lib/vendor.so', 'caller'],
    ['true', 'false', '/usr/lib/vendor.so', 'appended'],
    ['true', 'true', LUNA, 'hidden'],
    ['true', 'true', '/opt/cloudhsm/lib/libcloudhsm_pkcs11.so', 'prepended'],
    // Its mechanism is the vendor's own and knows no other way.
    ['false', 'false', '/opt/cloudhsm/lib/libcloudhsm_pkcs11.so', 'prepended'],
  ])('say with can_generate_iv %s and is_zero_iv_required %s for %s that IVs are made: %s', async (can, zero, module, iv) => {
    const text = changed(
      ['can_generate_iv = true', `can_generate_iv = ${can}`],
      ['is_zero_iv_required = false', `is_zero_iv_required = ${zero}`],
      [LUNA, module],
    );
    expect((await settingsOf(text)).hsm.iv).toBe(iv);
  });

  it.each([['/usr/lib/vendor.so'], ['/opt/nfast/toolkits/pkcs11/libcknfast.so']])(
    'for %s, which writes its IV over ours, can be used, with a word on how little we know of it',
    async (module) => {
      const text = changed(['is_zero_iv_required = false', 'is_zero_iv_required = true'], [LUNA, module]);
      expect((await settingsOf(text)).hsm.iv).toBe('hidden');
      expect(await remarksOf('warning', text)).toContainEqual(
        expect.stringMatching(/^hsm_capabilities: .*over the one it is given.*\| .*decrypted again/),
      );
    },
  );

  it('never let SoftHSM make the IV: it would use an empty one', async () => {
    const text = changed([LUNA, '/usr/lib/softhsm/libsofthsm2.so']);
    expect(await remarksOf('error', text)).toEqual([expect.stringMatching(/^hsm_capabilities: asks SoftHSM to make the IV/)]);
  });

  it('without TLS on an address that others reach are refused, unless they say that this is meant', async () => {
    const open = changed(
      ['is_tls_enabled = true', 'is_tls_enabled = false'],
      ['is_mtls_enabled = true', 'is_mtls_enabled = false'],
    );
    expect(await remarksOf('error', open)).toEqual([
      expect.stringMatching(/^security\.is_tls_enabled: .*without TLS \| .*allow_plain_http = true/),
    ]);
    const meant = open.replace('region =', 'allow_plain_http = true\nregion =');
    expect(await settingsOf(meant)).toMatchObject({ tls: null, server: { allowsPlainHttp: true } });
    expect(await settingsOf(open.replace('0.0.0.0', '127.0.0.1'))).toMatchObject({
      tls: null,
      server: { allowsPlainHttp: false },
    });
  });

  it('without SigV4 serve this computer only, and then need no credential', async () => {
    const off = changed(['is_sigv4_auth_enabled = true', 'is_sigv4_auth_enabled = false']);
    expect(await remarksOf('error', off)).toEqual([expect.stringMatching(/^security\.is_sigv4_auth_enabled: lets everybody/)]);
    const local = await settingsOf(off.replace('0.0.0.0', '127.0.0.1'));
    expect(local.isSigV4On).toBe(false);
    expect(local.keyStores.map(({ prefix, credentials }) => [prefix, credentials.length])).toEqual([
      ['', 0],
      ['/example/uri/path/prefix', 1],
    ]);
  });

  it('may keep the PIN empty, for a token that asks for it itself', async () => {
    const text = changed(['user_pin = "correct horse"', 'user_pin = ""']);
    expect((await settingsOf(text)).hsm.pin).toEqual({ from: 'inline', value: '' });
    expect(await remarksOf('warning', text)).not.toContainEqual(expect.stringContaining('user_pin'));
  });

  it('and ours may not both say the same thing', async () => {
    const both = changed([
      '[limits]',
      '[pool]\nsessions = 8\n\n[log]\nlevel = "info"\n\n[hsm]\nmodule = "/a.so"\npin_file = "/pin"\n\n[limits]',
    ]);
    const twice = (await remarksOf('error', both)).map((each) => each.slice(0, each.indexOf(' says again')));
    expect(twice.toSorted()).toEqual([
      'pkcs11.PKCS11_HSM_MODULE:',
      'pkcs11.session_pool_max_size:',
      'pkcs11.user_pin:',
      'tracing:',
    ]);
  });

  it('with a profile named go by the profile, and say so', async () => {
    const text = changed(
      ['is_zero_iv_required = false', 'is_zero_iv_required = true'],
      ['[limits]', '[hsm]\nprofile = "aws-cloudhsm"\n\n[limits]'],
    );
    expect((await settingsOf(text)).hsm).toMatchObject({ profile: 'aws-cloudhsm', iv: 'prepended' });
    expect(await remarksOf('warning', text)).toContainEqual(
      expect.stringMatching(/^hsm_capabilities: .*"hidden".*"prepended", which counts/),
    );
  });
});
