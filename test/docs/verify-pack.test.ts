import { execFile } from 'node:child_process';
import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPack } from '../../core/pack/verify';
import { removeTemporaryFolders, samplePack, temporaryFolder } from '../core/pack/sample-pack';

const VERIFIER = path.resolve(import.meta.dirname, '..', '..', 'docs', 'verifier', 'verify-pack.mjs');

/** The verdict of the verifier of the documents: its exit code, what it says, and whether it broke instead of answering. */
async function verdict(folder: string) {
  const run = promisify(execFile)(process.execPath, [VERIFIER, folder]);
  const { stdout, stderr, code } = await run.then(
    (ended) => ({ ...ended, code: 0 }),
    (error: unknown) => error as { stdout: string; stderr: string; code: number },
  );
  return { code, said: `${stdout}${stderr}`.trim() };
}

let whole: string;

beforeAll(async () => {
  whole = (await samplePack()).folder;
});

afterAll(removeTemporaryFolders);

async function after(change: (folder: string) => Promise<unknown>) {
  const folder = path.join(await temporaryFolder(), 'pack');
  await cp(whole, folder, { recursive: true });
  await change(folder);
  return verdict(folder);
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  const place = Math.floor(at * bytes.length);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

describe('the independent verifier of the documents', () => {
  it('finds the same head as keyrite verify', async () => {
    const { head } = await verifyPack(whole);
    expect(await verdict(whole)).toEqual({ code: 0, said: expect.stringContaining(`head ${head}`) });
  });

  it('passes a pack in which somebody did not agree', async () => {
    const { folder } = await samplePack({ dissent: 'IW', outcome: 'aborted' });
    expect(await verdict(folder)).toMatchObject({ code: 0, said: expect.stringContaining('aborted') });
  });

  it.each(['transcript.jsonl', 'script.yaml', 'report.pdf', 'manifest.json'])('finds flipped bytes in %s', async (name) => {
    for (const at of [0, 0.13, 0.37, 0.61, 0.83, 0.999]) {
      const { code, said } = await after((folder) => flip(path.join(folder, name), at));
      expect({ at, code, answered: said.startsWith('does not hold: ') }).toEqual({ at, code: 1, answered: true });
    }
  });

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['a dropped event', (folder) => editLines(folder, (lines) => lines.toSpliced(2, 1))],
    ['a doubled event', (folder) => editLines(folder, (lines) => lines.toSpliced(2, 0, lines[2] ?? ''))],
    ['a cut transcript', (folder) => editLines(folder, (lines) => lines.slice(0, -1))],
    ['an event laid out otherwise', (folder) => editLines(folder, (lines) => lines.with(1, (lines[1] ?? '').replace('{', '{ ')))],
    ['a foreign file', (folder) => writeFile(path.join(folder, 'note.txt'), 'hello')],
    ['a foreign artefact', (folder) => writeFile(path.join(folder, 'artefacts', 'note.txt'), 'hello')],
    ['a missing report', (folder) => rm(path.join(folder, 'report.pdf'))],
    ['a link instead of a file', (folder) => replaceByLink(path.join(folder, 'script.yaml'))],
  ])('finds %s', async (_, change) => {
    expect(await after(change)).toMatchObject({ code: 1, said: expect.stringMatching(/^does not hold: /) });
  });

  it('wants a folder', async () => {
    expect(await verdict('')).toMatchObject({ code: 2 });
  });
});

async function editLines(folder: string, edit: (lines: string[]) => string[]): Promise<void> {
  const file = path.join(folder, 'transcript.jsonl');
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  await writeFile(file, `${edit(lines).join('\n')}\n`);
}

async function replaceByLink(file: string): Promise<void> {
  const elsewhere = path.join(await temporaryFolder(), 'elsewhere');
  await cp(file, elsewhere);
  await rm(file);
  await symlink(elsewhere, file);
}
