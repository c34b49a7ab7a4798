import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { PROFILES_FOLDER, read, remarksOf, settingsOf } from './ground';
import { OUR_SETTINGS, SAMPLE_SETTINGS } from './sample';
import { readSettings } from '../../../proxy/settings/read';

type Tree = Record<string, unknown>;

/** Our settings with values set by path, null takes a key away. */
function withValues(values: Readonly<Record<string, unknown>>): string {
  const tree = parse(OUR_SETTINGS) as Tree;
  for (const [path, value] of Object.entries(values)) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    let at = tree;
    for (const part of parts) at = (at[part] ??= {}) as Tree;
    if (value === null) Reflect.deleteProperty(at, last);
    else at[last] = value;
  }
  return stringify(tree);
}

const errorKeys = async (text: string, env?: Record<string, string>): Promise<readonly string[]> =>
  (await remarksOf('error', text, env)).map((each) => each.split(': ', 1)[0] ?? '');

describe('our settings', () => {
  it('need little, warn of nothing, and have defaults for the rest', async () => {
    const answer = await read(OUR_SETTINGS);
    expect(answer.remarks).toEqual([]);
    expect(answer.ok && answer.settings).toMatchObject({
      server: { pingPort: null, bodyBytes: 65_536, headerBytes: 16_384 },
      tls: null,
      isSigV4On: true,
      pool: { sessions: 16, processes: 2, deadlineMs: 200, hungMs: 2000 },
      limits: { plaintextBytes: 6144, aadBytes: 12_288 },
      audit: { folder: '/var/lib/keyrite-proxy/audit', onFailure: 'refuse' },
      metrics: null,
      authorization: null,
      health: { key: 'keyrite-health', fleetSize: 1, pingWhenKilled: 'bad' },
      log: { level: 'info', stdout: true, file: null },
    });
  });

  it('say everything that is wrong at once, each with its key and what to do', async () => {
    const wrong = `
[servr]
ip = "127.0.0.1"
[server]
ip = "my-host"
port = 70000
region = "Frankfurt"
policy_file = "/etc/policy.cedar"
[[external_key_stores]]
uri_path_prefix = "/a/kms/xks/v1"
xks_key_id_set = ["good", "not good"]
sigv4_secret_access_key = "short"
[[external_key_stores.credentials]]
access_key_id = "lower"
[pool]
deadline_ms = 250
hung_ms = 1.5
[health]
ping_when_killed = "perhaps"
[metrics]
ip = "0.0.0.0"
`;
    const errors = await remarksOf('error', wrong);
    expect(errors.map((each) => each.split(': ', 1)[0])).toEqual([
      'server.ip',
      'server.port',
      'server.region',
      'server.policy_file',
      'external_key_stores[0].uri_path_prefix',
      'external_key_stores[0].sigv4_secret_access_key',
      'external_key_stores[0].xks_key_id_set[1]',
      'external_key_stores[0].credentials[0].access_key_id',
      'pool.deadline_ms',
      'pool.hung_ms',
      'health.ping_when_killed',
      'servr',
      'external_key_stores[0].credentials[0].secret_file',
      'external_key_stores[0].sigv4_access_key_id',
      'hsm.module',
      'hsm.pin_file',
      'metrics.port',
      'metrics.ip',
    ]);
    for (const each of errors) expect(each).toMatch(/: .+ \| .+[.?]$/);
  });

  it.each([
    ['server.portt', 1, 'Did you mean server.port?'],
    ['server.policy_file', '/x', 'It belongs elsewhere: [authorization] policy_file.'],
    ['pool.xks_key_id_set', [], 'It belongs elsewhere: [[external_key_stores]] xks_key_id_set.'],
    ['authorisation', {}, 'Did you mean authorization?'],
    ['quux', 1, 'Take it out. Known tables: '],
    ['state.colour', 'red', 'Take it out. Known keys of state: folder.'],
  ])('refuse the unknown key %s and say what may be meant', async (path, value, remedy) => {
    expect(await remarksOf('error', withValues({ [path]: value }))).toEqual([
      expect.stringContaining(`${path}: is not a key of these settings | ${remedy}`),
    ]);
  });

  it.each([
    ['server.ip', 'localhost'],
    ['server.port', -1],
    ['server.port', '443'],
    ['server.region', 'eu-central'],
    ['server.service', 'kms'],
    ['server.ciphertext_metadata_b64', 'djAuMC4'],
    ['server.ciphertext_metadata_b64', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['server.max_body_bytes', 20_000],
    ['server.headers_timeout_ms', 20_000],
    ['hsm.module', 'libsofthsm2.so'],
    ['hsm.profile', 'thales'],
    ['hsm.iv', 'made up'],
    ['hsm.token_label', 'x'.repeat(33)],
    ['hsm.pin_file', 'pin'],
    ['pool.sessions', 1],
    ['pool.sessions', 0],
    ['pool.deadline_ms', 250],
    ['pool.hung_ms', 200],
    ['pool.queue', 0],
    ['limits.max_plaintext_in_base64', 5732],
    ['limits.max_aad_in_base64', 10_920],
    ['limits.max_aad_in_base64', 87_384],
    ['state.folder', 'state'],
    ['state.folder', `/${'x'.repeat(100)}`],
    ['audit.on_failure', 'ignore'],
    ['authorization.policy_file', 'policy.cedar'],
    ['health.interval_ms', 60_001],
    ['health.fleet_size', 0],
    ['health.key', 'alpha'],
    ['log.level', 'INFO'],
    ['log.folder', 'logs'],
  ])('refuse %s = %j', async (key, value) => {
    const values = key === 'pool.sessions' && value === 1 ? { 'pool.sessions': 1, 'pool.processes': 2 } : { [key]: value };
    const expected = 'pool.processes' in values ? 'pool.processes' : key;
    expect(await errorKeys(withValues(values))).toEqual([expected]);
  });

  it.each([['server.ip'], ['server.port'], ['hsm.module'], ['external_key_stores']])('need %s', async (key) => {
    expect(await errorKeys(withValues({ [key]: null }))).toEqual([key]);
  });

  it('choose who makes the IVs, unless the mechanism of the profile leaves no choice', async () => {
    expect((await settingsOf(withValues({ 'hsm.iv': 'caller' }))).hsm.iv).toBe('caller');
    const cloudHsm = { 'hsm.profile': 'aws-cloudhsm', 'hsm.iv': 'caller' };
    expect(await errorKeys(withValues(cloudHsm))).toEqual(['hsm.iv']);
    expect((await settingsOf(withValues({ ...cloudHsm, 'hsm.profile': 'none' }))).hsm).toMatchObject({
      profile: null,
      iv: 'caller',
    });
    expect((await settingsOf(withValues({ 'hsm.profile': 'entrust-nshield' }))).hsm.iv).toBe('hidden');
    expect((await settingsOf(withValues({ 'hsm.profile': 'entrust-nshield', 'hsm.iv': 'caller' }))).hsm.iv).toBe('caller');
  });

  it('need a Region for each key store, its own or that of all', async () => {
    expect(await errorKeys(withValues({ 'server.region': null }))).toEqual(['external_key_stores[0].region']);
    const own = OUR_SETTINGS.replace('region = "eu-central-1"\n', '').replace(
      '[[external_key_stores]]',
      '$&\nregion = "us-gov-west-1"',
    );
    expect((await settingsOf(own)).keyStores[0]?.region).toBe('us-gov-west-1');
  });

  it.each([
    ['127.0.0.1', []],
    ['127.8.8.8', []],
    ['::1', []],
    ['0.0.0.0', ['metrics.ip']],
    ['::', ['metrics.ip']],
    ['10.0.0.1', ['metrics.ip']],
  ])('let metrics listen on %s: errors %j', async (ip, errors) => {
    expect(await errorKeys(withValues({ metrics: { ip, port: 9464 } }))).toEqual(errors);
  });

  it('keep metrics off the port of the proxy', async () => {
    expect(await errorKeys(withValues({ metrics: { port: 8443 } }))).toEqual(['metrics.port']);
    expect(await errorKeys(withValues({ metrics: { port: 0 }, 'server.port': 0 }))).toEqual([]);
  });

  it('make room in a body for whatever the limits allow', async () => {
    const { server } = await settingsOf(
      withValues({ 'limits.max_plaintext_in_base64': 87_376, 'limits.max_aad_in_base64': 87_376 }),
    );
    expect(server.bodyBytes).toBeGreaterThan(2 * 87_376);
  });

  it('switch TLS on by the table alone, and then need both files', async () => {
    expect(await errorKeys(withValues({ tls: {} }))).toEqual(['tls.tls_cert_pem', 'tls.tls_key_pem']);
    const tls = { tls_cert_pem: '/etc/c.pem', tls_key_pem: '/etc/k.pem' };
    expect((await settingsOf(withValues({ tls, 'server.ip': '0.0.0.0' }))).tls).toEqual({
      certificateFile: '/etc/c.pem',
      keyFile: '/etc/k.pem',
      client: null,
    });
    expect(await errorKeys(withValues({ tls, 'security.is_mtls_enabled': true }))).toEqual([
      'tls.mtls_client_ca_pem',
      'tls.mtls_client_dns_name',
    ]);
    expect(await errorKeys(withValues({ 'security.is_mtls_enabled': true }))).toEqual(['security.is_mtls_enabled']);
  });

  it('choose generations of a key by CKA_ID, in any case', async () => {
    const { keys } = await settingsOf(`${OUR_SETTINGS}\n[keys.alpha]\ncurrent = "0AFF"\n[keys."keyrite-health"]\nlegacy = "01"`);
    expect([...keys]).toEqual([
      ['alpha', { current: '0aff', legacy: null }],
      ['keyrite-health', { current: null, legacy: '01' }],
    ]);
  });

  it('warn of a choice for a key that no key store uses', async () => {
    expect(await remarksOf('warning', `${OUR_SETTINGS}\n[keys."alpah"]\ncurrent = "0a"`)).toEqual([
      'keys.alpah: is about a key that no key store uses | Did you mean keys.alpha?',
    ]);
    expect(await errorKeys(`${OUR_SETTINGS}\n[keys."no label"]\ncurrent = "0a"`)).toEqual(['keys."no label"']);
    expect(await errorKeys(`${OUR_SETTINGS}\n[keys."a.b"]\ncurrent = "0x0a"`)).toEqual(['keys."a.b".current']);
  });

  it('find the state folder as the terminal does where they name none', async () => {
    const text = withValues({ state: null });
    expect((await settingsOf(text, { STATE_DIRECTORY: '/run/one:/run/two' })).stateFolder).toBe('/run/one');
  });
});

const STORE = (prefix: string, more = ''): string => `
[[external_key_stores]]
uri_path_prefix = "${prefix}"
xks_key_id_set = ["alpha"]
${more}
[[external_key_stores.credentials]]
access_key_id = "ABCDEFGHIJKLMNOPQRST"
secret_file = "/etc/keyrite/secret"
`;

describe('key stores', () => {
  it('have prefixes of their own', async () => {
    expect(await errorKeys(OUR_SETTINGS + STORE('/tenant-a'))).toEqual(['external_key_stores[1].uri_path_prefix']);
  });

  it('have names of their own, given or made of the prefix', async () => {
    expect(await errorKeys(OUR_SETTINGS + STORE('/tenant/a'))).toEqual(['external_key_stores[1].name']);
    const three = await settingsOf(OUR_SETTINGS + STORE('/tenant/a', 'name = "second"') + STORE(''));
    expect(three.keyStores.map(({ name }) => name)).toEqual(['tenant-a', 'second', 'default']);
  });

  it.each([['/'], ['a'], ['/a/'], ['//a'], ['/a b'], [`/${'x'.repeat(117)}`], ['/a/kms/xks/v1']])(
    'refuse the prefix %j',
    async (prefix) => {
      expect(await errorKeys(OUR_SETTINGS + STORE(prefix))).toEqual(['external_key_stores[1].uri_path_prefix']);
    },
  );

  it('try foreign framings in the order given, none where the list is empty', async () => {
    const of = async (list: string) =>
      (await settingsOf(OUR_SETTINGS + STORE('/b', `foreign_framings = ${list}`))).keyStores[1]?.foreignFramings;
    expect(await of('["spec", "sample"]')).toEqual(['spec', 'sample']);
    expect(await of('[]')).toEqual([]);
    expect(await errorKeys(OUR_SETTINGS + STORE('/b', 'foreign_framings = ["spec", "spec"]'))).toEqual([
      'external_key_stores[1].foreign_framings',
    ]);
  });

  it('of which none has a credential are an error', async () => {
    const text = OUR_SETTINGS.replace(/\[\[external_key_stores\.credentials\]\]\n.*\n.*\n/, '');
    expect(await errorKeys(text)).toEqual(['external_key_stores']);
  });

  const credential = (lines: string): string =>
    OUR_SETTINGS.replace('[hsm]', `[[external_key_stores.credentials]]\n${lines}\n\n[hsm]`);
  const SECOND = 'access_key_id = "ZZZZZZZZZZZZZZZZZZZZ222222"';

  it.each([
    [`secret_file = "/etc/two"`, { from: 'file', path: '/etc/two' }],
    [`secret_credential = "xks-2"`, { from: 'credential', name: 'xks-2' }],
    [`secret_descriptor = 5`, { from: 'descriptor', number: 5 }],
    [`secret_descriptor = "SECRET_FD"`, { from: 'descriptor', number: 7 }],
    [`secret_from = "supervisor"`, { from: 'supervisor' }],
  ])('may have several credentials: %s', async (line, source) => {
    const { keyStores } = await settingsOf(credential(`${SECOND}\n${line}`), { SECRET_FD: '7' });
    expect(keyStores[0]?.credentials[1]).toEqual({ accessKeyId: 'ZZZZZZZZZZZZZZZZZZZZ222222', secret: source, since: null });
  });

  it.each([
    ['secret_file = "/a"\nsecret_from = "supervisor"', 'external_key_stores[0].credentials[1].secret'],
    ['', 'external_key_stores[0].credentials[1].secret_file'],
    ['secret_credential = "../pin"', 'external_key_stores[0].credentials[1].secret_credential'],
    ['secret_credential = ".."', 'external_key_stores[0].credentials[1].secret_credential'],
    ['secret_descriptor = "NO_SUCH"', 'external_key_stores[0].credentials[1].secret_descriptor'],
    ['secret_descriptor = 2', 'external_key_stores[0].credentials[1].secret_descriptor'],
    ['secret_descriptor = -1', 'external_key_stores[0].credentials[1].secret_descriptor'],
    ['secret_file = "/a"\nsince = "last May"', 'external_key_stores[0].credentials[1].since'],
    ['secret_file = "/a"\nsince = 2026-11-23T08:00:00', 'external_key_stores[0].credentials[1].since'],
    ['secret_file = "/a"\nsince = 5', 'external_key_stores[0].credentials[1].since'],
  ])('refuse a credential with %j', async (lines, key) => {
    expect(await errorKeys(credential(`${SECOND}\n${lines}`))).toEqual([key]);
  });

  it.each([
    ['2026-11-23', '2026-11-23T00:00:00Z'],
    ['"2026-11-23"', '2026-11-23T00:00:00Z'],
    ['2026-11-23T08:00:00+02:00', '2026-11-23T06:00:00Z'],
    ['"2026-11-23T08:00:00Z"', '2026-11-23T08:00:00Z'],
  ])('know since when a credential is in use: %s is %s', async (written, since) => {
    const { keyStores } = await settingsOf(credential(`${SECOND}\nsecret_file = "/a"\nsince = ${written}`));
    expect(keyStores[0]?.credentials[1]?.since).toBe(since);
  });

  it('refuse an access key id that is there twice, and a descriptor that is to give two secrets', async () => {
    expect(await errorKeys(credential('access_key_id = "ABCDEFGHIJKLMNOPQRST"\nsecret_file = "/b"'))).toEqual([
      'external_key_stores[0].credentials',
    ]);
    const shared = credential(`${SECOND}\nsecret_descriptor = 3`).replace('pin_file = "/etc/keyrite/pin"', 'pin_descriptor = 3');
    expect(await errorKeys(shared)).toEqual(['descriptor 3']);
  });

  it.each([
    [19, 'A', false],
    [20, 'A', true],
    [30, '7', true],
    [31, 'A', false],
    [20, '1', false],
    [20, '8', false],
    [20, 'a', false],
  ])('take an access key id of %i times %j: %s', async (length, letter, isGood) => {
    const text = OUR_SETTINGS.replace('ABCDEFGHIJKLMNOPQRST', letter.repeat(length));
    expect((await read(text)).ok).toBe(isGood);
  });

  it.each([
    [42, 'x', false],
    [43, '/', true],
    [45, '+', true],
    [52, '=', true],
    [64, '9', true],
    [65, 'x', false],
    [43, '-', false],
  ])('take a secret of %i times %j in the settings: %s', async (length, letter, isGood) => {
    const text = SAMPLE_SETTINGS.replace('PleaseReplaceThisWithSomeSecretOfLength43To64', letter.repeat(length));
    const answer = await read(text);
    expect(answer.ok).toBe(isGood);
    expect(JSON.stringify(answer.remarks)).not.toContain(letter.repeat(20));
  });
});

describe('a file that is no settings', () => {
  const SECRET = 'PleaseReplaceThisWithSomeSecretOfLength43To64';

  it('is placed by line and column, and not repeated: the line may hold a secret', async () => {
    const errors = await remarksOf('error', SAMPLE_SETTINGS.replace(`"${SECRET}"`, `"${SECRET}`));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^line \d+, column \d+: The file is not TOML here: .+ \| /);
    expect(errors[0]).not.toContain('Please');
  });

  it.each([
    ['server = 5', 'server'],
    ['external_key_stores = 5', 'external_key_stores'],
    ['external_key_stores = [5]', 'external_key_stores[0]'],
    ['pool = []', 'pool'],
    ['keys = 1', 'keys'],
  ])('%s is of another kind', async (text, key) => {
    expect(await errorKeys(text)).toContain(key);
  });

  it('is refused where it is not UTF-8, not there, a folder, too large, or plays with prototypes', async () => {
    expect(await remarksOf('error', Uint8Array.of(0x61, 0xff))).toEqual([expect.stringContaining('not UTF-8')]);
    const missing = await readSettings('/nowhere/settings.toml', { env: {}, profilesFolder: PROFILES_FOLDER });
    expect(missing.remarks[0]?.problem).toContain('ENOENT');
    const folder = await readSettings(PROFILES_FOLDER, { env: {}, profilesFolder: PROFILES_FOLDER });
    expect(folder.remarks[0]?.problem).toContain('EISDIR');
    expect(await remarksOf('error', '#'.repeat(1_048_577))).toEqual([expect.stringContaining('1048577 bytes')]);
    expect(await remarksOf('error', '[__proto__]\nx = 1')).toEqual([expect.stringContaining('not TOML')]);
  });

  it('whatever it holds, is answered with settings or with errors, and never with what a secret was set to', async () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant([]),
      fc.constant({}),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const places: [string, string][] = Object.entries(parse(SAMPLE_SETTINGS)).flatMap(([table, inside]) => {
      const first = (Array.isArray(inside) ? inside[0] : inside) as Tree;
      return Object.keys(first).map((key): [string, string] => [table, key]);
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...places), value), { minLength: 1, maxLength: 5 }), async (changes) => {
        const tree = parse(SAMPLE_SETTINGS) as Tree;
        for (const [[table, key], put] of changes) {
          const at = tree[table] as Tree | Tree[];
          (Array.isArray(at) ? (at[1] ?? {}) : at)[key] = put;
        }
        const answer = await read(stringify(tree));
        expect(answer.ok).toBe(answer.remarks.every(({ severity }) => severity === 'warning'));
        expect(JSON.stringify(answer.remarks)).not.toContain(SECRET);
      }),
      { numRuns: 200 },
    );
  });
});
