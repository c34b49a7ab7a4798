import { execFileSync, fork, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectron } from '../../../core/setup/electron-runtime.mjs';
import type { Wire } from '../../../core/pkcs11/client';
import { forkWrapChild } from '../../../core/wrapping/fork';
import type { WrapJob } from '../../../core/wrapping/messages';
import { wrapInSoftware } from '../../../core/wrapping/wrap-in-software';
import { sha256Bytes } from '../../../core/pack/sha256';
import { buildEntries, type BuiltEntries } from '../../softhsm/build-child';
import { foreignUnwrap } from './foreign-unwrap';
import { makePlaces, makeWrapper, must, opensslMaterial, type Places, type Wrapper } from './wrapping-ground';

const electron = findElectron();
if (electron === null) console.warn('Skipped: wrapping inside Electron. There is no Electron runtime: npx install-electron');
const isUnix = process.platform !== 'win32';

describe('wrapping in a child process', () => {
  let built: BuiltEntries;
  let places: Places;
  let wrapper: Wrapper;
  let key: { readonly bytes: Buffer; readonly path: string };

  beforeAll(async () => {
    built = await buildEntries({ 'wrap-child': 'core/wrapping/child/main.ts' });
    places = await makePlaces();
    wrapper = makeWrapper('RSA_2048');
    const bytes = randomBytes(32);
    key = { bytes, path: await places.lay('key.bin', bytes) };
  }, 60_000);

  afterAll(async () => {
    await built.remove();
    await places.remove();
  });

  const start = () => forkWrapChild(built.path('wrap-child'));
  const job = (path = key.path): WrapJob => ({
    spec: 'SYMMETRIC_DEFAULT',
    algorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeys: [wrapper.spki],
    source: { from: 'file', path },
  });
  /** The sentence of a refusal, or its code where it has none. */
  async function problem(changed: Partial<WrapJob>): Promise<string> {
    const wrapped = await wrapInSoftware(start, { ...job(), ...changed });
    return wrapped.ok ? 'wrapped' : String(wrapped.error.detail['problem'] ?? wrapped.error.code);
  }
  const fromFile = (path: string): Partial<WrapJob> => ({ source: { from: 'file', path } });

  it('answers the blob with its digest, says that it was made in software, and leaves the file as it was', async () => {
    const wrapped = must(await wrapInSoftware(start, job()));
    const [{ blob, sha256, wrappingKeySpec } = { blob: Buffer.alloc(0), sha256: '', wrappingKeySpec: '' }] = wrapped.blobs;
    expect(wrapped).toMatchObject({ madeIn: 'software', publicKey: null });
    expect([blob.length, wrappingKeySpec, sha256]).toEqual([256, 'RSA_2048', sha256Bytes(blob)]);
    expect(foreignUnwrap('OpenSSL', 'RSAES_OAEP_SHA_256', wrapper.privateKey, blob)).toEqual(key.bytes);
    expect(await readdir(places.folder)).toContain('key.bin');
  });

  it('wraps the key of a pair so that it can be compared by its public half, from DER and from PEM alike', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const der = await places.lay('pair.der', privateKey.export({ type: 'pkcs8', format: 'der' }));
    const pem = await places.lay('pair.pem', Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string));
    for (const path of [der, pem]) {
      const pair: WrapJob = { ...job(path), spec: 'ECC_NIST_P384', algorithm: 'RSA_AES_KEY_WRAP_SHA_256' };
      const wrapped = must(await wrapInSoftware(start, pair));
      expect(Buffer.from(wrapped.publicKey ?? [])).toEqual(spki);
      expect(wrapped.checkValue).toEqual({ method: 'SPKI-SHA256', value: sha256Bytes(spki) });
      const clear = foreignUnwrap('OpenSSL', pair.algorithm, wrapper.privateKey, wrapped.blobs[0]!.blob);
      expect(clear).toEqual(privateKey.export({ type: 'pkcs8', format: 'der' }));
    }
  });

  it('refuses a key whose public point is another one’s', async () => {
    const [one, other] = [opensslMaterial('ECC_NIST_P256'), opensslMaterial('ECC_NIST_P256')];
    const mixed = Buffer.concat([one.subarray(0, 68), other.subarray(68)]);
    const path = await places.lay('mixed.der', mixed);
    expect(await problem({ ...fromFile(path), spec: 'ECC_NIST_P256' })).toMatch(/do not belong together|cannot use the key/);
  });

  it.runIf(isUnix)('refuses a file that others can read, a link, a pipe, a folder, and what is not there', async () => {
    const open = await places.lay('open.bin', key.bytes, 0o640);
    expect(await problem(fromFile(open))).toContain('Others can read');
    await symlink(key.path, join(places.folder, 'link'));
    expect(await problem(fromFile(join(places.folder, 'link')))).toContain('is a link');
    execFileSync('mkfifo', ['-m', '600', join(places.folder, 'pipe')]);
    expect(await problem(fromFile(join(places.folder, 'pipe')))).toContain('not a plain file');
    await mkdir(join(places.folder, 'folder'));
    expect(await problem(fromFile(join(places.folder, 'folder')))).toContain('not a plain file');
    expect(await problem(fromFile(join(places.folder, 'nothing')))).toBe('file.notFound');
  });

  it('refuses material that does not fit, without a word of it', async () => {
    const canary = await places.lay('canary.bin', Buffer.from('canary-material-7421-canary-4711'));
    expect(await problem(fromFile(canary))).toBe(
      'This is text (hex, base64 or a passphrase), not random bytes. Turn it into its raw bytes first.',
    );
    expect(await problem(fromFile(await places.lay('empty.bin', Buffer.alloc(0))))).toContain('is empty');
    expect(await problem(fromFile(await places.lay('long.bin', randomBytes(20_000))))).toContain('too long');
    const pem = Buffer.from('-----BEGIN PRIVATE KEY-----\nAAA\n-----END PRIVATE KEY-----\n');
    expect(
      await problem({ ...fromFile(await places.lay('bad.pem', pem)), spec: 'RSA_2048', algorithm: 'RSA_AES_KEY_WRAP_SHA_1' }),
    ).toContain('PEM text is damaged');
  });

  it('reads no file when the wrapping key or the combination is refused', async () => {
    const nowhere = fromFile(join(places.folder, 'nowhere'));
    expect(await problem({ ...nowhere, wrappingKeys: [wrapper.spki, Buffer.from('x')] })).toContain('This is text');
    expect(await problem({ ...nowhere, algorithm: 'RSA_AES_KEY_WRAP_SHA_1' })).toBe('policy.wrappingIllegal');
  });

  it('gives the child neither arguments, nor Node options, nor much of the environment, and ends it', async () => {
    await writeFile(join(places.folder, 'report.mjs'), REPORT);
    process.env['KEYRITE_CANARY'] = 'canary';
    const told = await wrapInSoftware(() => forkWrapChild(join(places.folder, 'report.mjs')), job());
    delete process.env['KEYRITE_CANARY'];
    const { pid, args, names } = JSON.parse(told.ok ? '' : String(told.error.detail['problem'])) as ChildReport;
    expect(args).toEqual([]);
    expect(names.filter((name) => /CANARY|NODE_|VITEST|LD_/.test(name))).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it.runIf(process.platform === 'linux')(
    'has a child that opens no debugger, dumps no memory and names no value of a wrong order',
    async () => {
      const child = fork(built.path('wrap-child'), [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
      let words = '';
      child.stderr?.on('data', (chunk: Buffer) => void (words += chunk.toString()));
      child.send({ begin: 'keyrite-wrap-child-1', job: { ...job(), spec: 'CANARY' } });
      const [answer] = (await once(child, 'message')) as [unknown];
      expect(answer).toEqual({ result: { ok: false, error: { code: 'input.invalid', detail: { problem: 'job.spec' } } } });
      expect(readFileSync(`/proc/${child.pid ?? 0}/coredump_filter`, 'utf8').trim()).toMatch(/^0+$/);
      const ended = Promise.all([once(child, 'exit'), once(child.stderr!, 'end')]);
      child.kill('SIGUSR1');
      child.kill('SIGINT');
      child.disconnect();
      const [[code]] = (await ended) as [[number | null], unknown];
      expect([code, words]).toEqual([0, '']);
    },
  );

  it('tells a child that crashes, and one that gives no answer, from a refusal', async () => {
    await writeFile(join(places.folder, 'crash.mjs'), 'process.exit(7);');
    await writeFile(join(places.folder, 'silent.mjs'), 'process.on("message", () => undefined);');
    await writeFile(join(places.folder, 'short.mjs'), SHORT_BLOB);
    const by = (name: string) => wrapInSoftware(() => forkWrapChild(join(places.folder, name)), job(), { deadlineMs: 1500 });
    await expect(by('crash.mjs')).rejects.toThrow('ended without an answer (exit code 7)');
    await expect(by('silent.mjs')).rejects.toThrow('gave no answer within 1500 ms');
    expect(await by('short.mjs')).toMatchObject({ ok: false, error: { code: 'key.blobLength' } });
  });

  it('stops when it is told to, before and while the child works', async () => {
    const stopped = AbortSignal.abort();
    expect(await wrapInSoftware(start, job(), { signal: stopped })).toMatchObject({ error: { code: 'input.cancelled' } });
    const stop = new AbortController();
    const rsa: WrapJob = { ...job(), spec: 'RSA_4096', algorithm: 'RSA_AES_KEY_WRAP_SHA_1', source: { from: 'generator' } };
    const watched = (): Wire => {
      const wire = start();
      const post = (message: unknown) => {
        wire.post(message);
        stop.abort();
      };
      return { ...wire, post };
    };
    expect(await wrapInSoftware(watched, rsa, { signal: stop.signal })).toMatchObject({ error: { code: 'input.cancelled' } });
  });

  it('starts nothing by hand', () => {
    const ran = spawnSync(process.execPath, [built.path('wrap-child')], { encoding: 'utf8', input: '' });
    expect([ran.status, ran.stderr]).toEqual([2, 'The wrapping child is started by Keyrite, not by hand.\n']);
  });

  it.skipIf(electron === null)(
    'gives under Electron’s own crypto library what OpenSSL opens: every algorithm, raw and PKCS#8',
    async () => {
      const specs = ['SYMMETRIC_DEFAULT', 'HMAC_224', 'ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521', 'RSA_2048'] as const;
      const materials = new Map(specs.map((spec) => [spec as string, opensslMaterial(spec)]));
      const files = await Promise.all(
        [...materials].map(async ([spec, bytes]) => ({ spec, path: await places.lay(`electron-${spec}`, bytes) })),
      );
      const big = makeWrapper('RSA_3072');
      const order = join(places.folder, 'order.json');
      await writeFile(order, JSON.stringify({ files, spki: big.spki.toString('base64') }));
      const driver = await buildEntries({ electron: 'test/core/wrapping/electron-driver.ts' });
      const ran = spawnSync(electron ?? '', [driver.path('electron'), order], {
        encoding: 'utf8',
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        maxBuffer: 1 << 24,
      });
      await driver.remove();
      expect([ran.status, ran.stderr]).toEqual([0, '']);
      const { library, blobs, made, secp256k1 } = JSON.parse(ran.stdout) as ElectronReport;
      expect(library).toBe('no id-aes256-wrap-pad');
      expect(blobs).toHaveLength(2 + 2 + 3 * 4 + 2);
      for (const { spec, algorithm, blob } of [...blobs, ...made]) {
        const clear = foreignUnwrap('OpenSSL', algorithm, big.privateKey, Buffer.from(blob, 'base64'));
        if (blobs.some((one) => one.blob === blob)) expect(clear.equals(materials.get(spec)!)).toBe(true);
      }
      expect(made.map(({ spec }) => spec)).toEqual([...specs]);
      expect(secp256k1).toContain('The terminal can');
    },
    60_000,
  );
});

interface ElectronReport {
  readonly library: string;
  readonly blobs: readonly { readonly spec: string; readonly algorithm: WrapJob['algorithm']; readonly blob: string }[];
  readonly made: ElectronReport['blobs'];
  readonly secp256k1: string;
}

interface ChildReport {
  readonly pid: number;
  readonly args: readonly string[];
  readonly names: readonly string[];
}

/** A child that says of itself what it was given. */
const REPORT = `process.once('message', () => process.send({ result: { ok: false, error: { code: 'input.invalid', detail: {
  problem: JSON.stringify({ pid: process.pid, args: [...process.execArgv, ...process.argv.slice(2)], names: Object.keys(process.env) }),
} } } }));`;

/** A child that answers a blob that is too short for its wrapping key. */
const SHORT_BLOB = `process.once('message', () => process.send({ result: { ok: true, value: {
  materialLength: 32, publicKey: null, checkValue: { method: 'CMAC', value: 'AABBCC' },
  blobs: [{ wrappingKeySpec: 'RSA_2048', blob: new Uint8Array(255) }],
} } }));`;
