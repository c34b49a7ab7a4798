import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectBundle } from '../../core/bundle/inspect';
import { dataNames, maxDataBytes, MAX_MANIFEST_BYTES } from '../../core/bundle/layout';
import { bundleManifest } from '../../core/bundle/manifest';
import { canonical } from '../../core/evidence/canonical';
import { backMedium, medium, outMedium, removeMedia } from '../core/bundle/sample-bundle';

const DOCS = path.resolve(import.meta.dirname, '..', '..', 'docs');

const run = promisify(execFile);

let out: Awaited<ReturnType<typeof outMedium>>;
let back: Awaited<ReturnType<typeof backMedium>>;

beforeAll(async () => {
  out = await outMedium(2);
  back = await backMedium(out.prepared);
});

afterAll(removeMedia);

/** The verdict of the verifier of the documents: its exit code and what it says. */
async function verdict(folder: string) {
  const verifier = path.join(DOCS, 'verifier', 'verify-bundle.mjs');
  const { stdout, stderr, code } = await run(process.execPath, [verifier, folder]).then(
    (ended) => ({ ...ended, code: 0 }),
    (error: unknown) => error as { stdout: string; stderr: string; code: number },
  );
  return { code, said: `${stdout}${stderr}`.trim() };
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at]! ^= 1;
  await writeFile(file, bytes);
}

async function edited(folder: string, change: (manifest: Record<string, unknown>) => object): Promise<void> {
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, `${canonical(change(manifest))}\n`);
}

const firstOf = (manifest: Record<string, unknown>, member: string) => manifest[member] as Record<string, string>[];

describe('the verifier of the documents, which shares no code with ours', () => {
  it('agrees that both bundles hold, and on digest and signers', async () => {
    for (const { folder, bundle } of [out, back]) {
      const { code, said } = await verdict(folder);
      expect(code).toBe(0);
      expect(said).toContain(`digest ${bundle.digest}`);
      for (const { seat, officer } of bundle.manifest.signatures)
        expect(said).toMatch(new RegExp(`signed by ${seat} .+ officer ${officer}`));
    }
  });

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['a flipped bit in a key', (folder) => flip(path.join(folder, 'wrapping-key-2.der'), 40)],
    ['a flipped bit in the manifest', (folder) => flip(path.join(folder, 'manifest.json'), 200)],
    ['an extra file', (folder) => writeFile(path.join(folder, 'notes.txt'), 'x')],
    ['an extra folder', (folder) => mkdir(path.join(folder, '.Trash-1000'))],
    ['a missing key', (folder) => rm(path.join(folder, 'wrapping-key-1.der'))],
    ['a missing manifest', (folder) => rm(path.join(folder, 'manifest.json'))],
    [
      'a link',
      async (folder) => {
        const elsewhere = path.join(await medium(), 'key');
        await rename(path.join(folder, 'wrapping-key-1.der'), elsewhere);
        await symlink(elsewhere, path.join(folder, 'wrapping-key-1.der'));
      },
    ],
    ['a second newline', async (folder) => writeFile(path.join(folder, 'manifest.json'), '\n', { flag: 'a' })],
    ['an unknown member', (folder) => edited(folder, (manifest) => ({ ...manifest, note: '' }))],
    ['no signature', (folder) => edited(folder, (manifest) => ({ ...manifest, signatures: [] }))],
    ['another run mode', (folder) => edited(folder, (manifest) => ({ ...manifest, runMode: 'production' }))],
    [
      'another name under a signature',
      (folder) =>
        edited(folder, (manifest) => ({
          ...manifest,
          signatures: firstOf(manifest, 'signatures').map((line) => ({ ...line, name: 'Zoë' })),
        })),
    ],
    [
      'another region',
      (folder) =>
        edited(folder, (manifest) => ({
          ...manifest,
          sets: firstOf(manifest, 'sets').map((set) => ({ ...set, region: 'eu-west-9' })),
        })),
    ],
  ])('agrees that a bundle with %s does not hold', async (_, spoil) => {
    const folder = path.join(await medium(), 'OUT');
    await cp(out.folder, folder, { recursive: true });
    await spoil(folder);
    expect((await inspectBundle(folder)).ok).toBe(false);
    const { code, said } = await verdict(folder);
    expect(code).toBe(1);
    expect(said).toMatch(/^does not hold: /);
  });
});

const hasTools = await run('sh', ['-c', 'jq --version && sha256sum --version']).then(
  () => true,
  () => false,
);
if (!hasTools) console.warn('Skipped: the digest by hand as docs/bundle.md says; jq or sha256sum is not installed.');

describe('docs/bundle.md', () => {
  it.skipIf(!hasTools)('gives a line that finds the digest without any of our tools', async () => {
    const guide = await readFile(path.join(DOCS, 'bundle.md'), 'utf8');
    const line = /`(jq [^`]+sha256sum)`/.exec(guide)?.[1] ?? '';
    for (const { folder, bundle } of [out, back]) {
      const { stdout } = await run('sh', ['-c', line], { cwd: folder });
      expect(stdout.split(' ')[0]).toBe(bundle.digest);
    }
  });

  it('describes every member of a manifest, and no other', async () => {
    const guide = await readFile(path.join(DOCS, 'bundle.md'), 'utf8');
    const described = [...guide.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    const members = new Set(bundleManifest.options.flatMap((option) => Object.keys(option.shape)));
    const ofSets = ['region', 'keyArn', 'spkiSha256', 'importTokenSha256', 'parametersValidTo', 'file'];
    expect(new Set(described)).toEqual(new Set([...members, ...ofSets]));
    for (const name of [...dataNames('byok-out', 1), ...dataNames('byok-back', 1)]) expect(guide).toContain(name);
    for (const size of [maxDataBytes('byok-out'), maxDataBytes('byok-back'), MAX_MANIFEST_BYTES])
      expect(guide).toContain(size.toLocaleString('en-US'));
  });
});
