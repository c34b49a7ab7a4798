import { execFileSync, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from '../../core/setup/root.mjs';
import { expect, test } from './launch';
import { asKmsAt, proxyToken, setUpProxy, USER_PIN } from './proxy-ground';

/** Bytes of the fuse wire in an Electron binary follow this mark (Electron: "Fuses", v1): version, length, one character per fuse. */
const FUSE_MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const NOBODY = 65_534;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'The packed app is started here on Linux only.');

let folder = '';
const app = () => join(folder, 'linux-unpacked');
const program = () => join(app(), 'keyrite-desktop');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Packed {
  readonly files?: Readonly<Record<string, Packed>>;
  readonly unpacked?: boolean;
}

function namesIn(folderOf: Packed, above: string): string[] {
  return Object.entries(folderOf.files ?? {}).flatMap(([name, inside]) =>
    inside.files ? namesIn(inside, `${above}/${name}`) : [`${above}/${name}${inside.unpacked === true ? ' (unpacked)' : ''}`],
  );
}

/** All files of an asar: its header is a pickled JSON text, whose length stands at byte 12. */
async function packedFiles(): Promise<string[]> {
  const archive = await readFile(join(app(), 'resources', 'app.asar'));
  return namesIn(JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as Packed, '');
}

/** The packed app with some arguments, to its end; as root it is either given up the sandbox or another user. */
function runPacked(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(program(), [...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString('utf8')));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

test.beforeAll(async ({ display: _ }) => {
  test.setTimeout(180_000);
  folder = await mkdtemp(join(tmpdir(), 'keyrite-package-'));
  await chmod(folder, 0o755);
  execFileSync(process.execPath, [inRepository('core', 'setup', 'package.mjs'), '--dir', `-c.directories.output=${folder}`], {
    stdio: 'pipe',
  });
});

test.afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

test('only what runs is packed, and the native module lies beside the archive', async () => {
  const files = await packedFiles();
  expect(files).toEqual(
    expect.arrayContaining([
      '/dist/main/main.js',
      '/dist/main/token-child.js',
      '/dist/main/proxy-child.js',
      '/dist/main/hsm-process.js',
      '/dist/main/policy-trial.js',
      '/dist/preload/preload.cjs',
      '/dist/renderer/index.html',
      '/resources/ceremonies/hsm-key.yaml',
      '/resources/profiles/softhsm.json',
      '/resources/templates/systemd/keyrite-proxy.service',
      '/node_modules/pkcs11js/build/Release/pkcs11.node (unpacked)',
    ]),
  );
  const ours = files.filter((file) => !file.startsWith('/node_modules/'));
  expect(
    ours.filter(
      (file) =>
        !/^\/(dist\/(main|preload|renderer)|resources\/(ceremonies|profiles|proxy|policies|templates\/systemd))\/|^\/package\.json$/.test(
          file,
        ),
    ),
  ).toEqual([]);
  expect(ours).not.toContain('/dist/main/keyrite.js');
  const packages = new Set(files.flatMap((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  expect([...packages]).toEqual(expect.arrayContaining(['pkcs11js', 'pdfmake', '@cedar-policy/cedar-wasm']));
  expect([...packages].filter((name) => /^(react|zod|@cloudscape-design|electron|typescript)/.test(name))).toEqual([]);
  expect(files.filter((file) => /pkcs11js\/(src|includes)|\.(cpp|o|gyp|map|d\.ts)$/.test(file))).toEqual([]);
});

test('the fuses are set', async () => {
  const binary = await readFile(program());
  const at = binary.indexOf(FUSE_MARK) + FUSE_MARK.length;
  const [version, length] = [binary[at], binary[at + 1] ?? 0];
  const states = binary.subarray(at + 2, at + 2 + length).toString('latin1');
  expect(version).toBe(1);
  // runAsNode, cookieEncryption, nodeOptions, nodeCliInspect, asarIntegrity, onlyLoadAppFromAsar, browserSnapshot, fileProtocolPrivileges
  expect(states.slice(0, 8)).toBe('01001100');
});

test('the packed app finds scripts, profiles, words and pages, and its token child speaks PKCS#11', async ({ data }) => {
  const { code, stdout } = await runPacked([...asRoot, '--self-test', '--data', data]);
  const found = JSON.parse(stdout) as { tokenChild: number | string };
  expect(found).toMatchObject({
    scripts: expect.arrayContaining(['hsm-key.yaml']),
    words: 'aardvark adroitness aardvark adroitness',
    pages: true,
    preload: true,
    report: true,
  });
  expect(found).toMatchObject({ profiles: expect.arrayContaining(['softhsm', 'thales-luna', 'yubihsm2']) });
  expect([code, typeof found.tokenChild === 'number' || found.tokenChild === 'token.moduleMissing']).toEqual([0, true]);
});

test('the packed app is no Node, and refuses switches that would open it', async ({ data }) => {
  const asNode = await runPacked([...asRoot, '--version', '--data', data], { ELECTRON_RUN_AS_NODE: '1' });
  expect(asNode.stdout).toMatch(/^\d+\.\d+\.\d+ \(.+\)\n$/);
  const debugged = await runPacked([...asRoot, '--self-test', '--remote-debugging-port=0', '--data', data]);
  expect(debugged.code).toBe(2);
  expect(debugged.stderr).toContain('--remote-debugging-port');
  if (asRoot.length > 0) expect((await runPacked([...asRoot, '--data', data])).stderr).toContain('--no-sandbox');
});

test('the packed app opens its window in the sandbox', async ({ data }) => {
  const own = join(data, 'own');
  await mkdir(own);
  await chmod(data, 0o755);
  const other = asRoot.length > 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (asRoot.length > 0) await chown(own, NOBODY, NOBODY);
  const child = spawn(program(), ['--data', own], {
    ...other,
    env: { ...process.env, HOME: own, TMPDIR: own },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString('utf8')));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const log = () => readFile(join(own, 'logs', 'keyrite.log'), 'utf8').catch(() => '');
    await expect
      .poll(async () => child.exitCode !== null || (await log()).includes('"log":1003'), { timeout: 20_000 })
      .toBe(true);
    test.skip(
      /no usable sandbox|Failed to move to new namespace/i.test(stderr),
      'This system gives an ordinary user no sandbox.',
    );
    expect(await log()).toContain('"log":1003');
    expect(await log()).not.toContain('"log":1901');
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
});

test('the packed app runs the proxy, and starts the HSM processes that the proxy cannot fork there', async ({ data }) => {
  const own = join(data, 'own');
  await mkdir(own);
  await chmod(data, 0o755);
  const token = proxyToken();
  const folder = setUpProxy(own, token);
  const settings = join(folder, 'settings.toml');
  const text = await readFile(settings, 'utf8');
  await writeFile(join(folder, 'pin'), USER_PIN, { mode: 0o600 });
  // the engine judges a policy in a thread, out of the archive
  const policy = join(folder, 'everybody.cedar');
  await writeFile(policy, '@id("everybody")\npermit (principal, action, resource);\n', { mode: 0o600 });
  const pinned = text.replace('pin_from = "supervisor"', `pin_file = "${join(folder, 'pin')}"`);
  await writeFile(settings, `${pinned}\n[authorization]\npolicy_file = "${policy}"\n`);
  await writeFile(join(folder, 'keep-running.json'), '{"version":1,"isWanted":true}');
  const other = asRoot.length > 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (asRoot.length > 0) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, own, token.folder]);
  const child = spawn(program(), ['--data', own], {
    ...other,
    env: { ...process.env, HOME: own, TMPDIR: own },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString('utf8')));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const words = () => readFile(join(folder, 'process.log'), 'utf8').catch(() => '');
    await expect.poll(async () => child.exitCode !== null || /KMS: http/.test(await words()), { timeout: 30_000 }).toBe(true);
    test.skip(
      /no usable sandbox|Failed to move to new namespace/i.test(stderr),
      'This system gives an ordinary user no sandbox.',
    );
    const address = /KMS: (http:\S+)/.exec(await words())?.[1] ?? '';
    await expect.poll(() => asKmsAt(address), { timeout: 20_000 }).toBe('ok');
  } finally {
    child.kill('SIGKILL');
    await ended;
    token.remove();
  }
});
