import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, readFile, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finishPack } from '../../../core/pack/finish';
import { verifyPack, type PackCheck } from '../../../core/pack/verify';
import { withDigest } from '../../../core/pack/report-digest';
import { SAMPLE_ARTEFACTS, sampleOfficers } from '../evidence/sample-transcript';
import { layPack, removeTemporaryFolders, samplePack, temporaryFolder, TINY_REPORT } from './sample-pack';

afterAll(removeTemporaryFolders);

async function copyOf(folder: string): Promise<string> {
  const copy = join(await temporaryFolder(), 'pack');
  await cp(folder, copy, { recursive: true });
  return copy;
}

describe('verifyPack', () => {
  let whole: string;
  beforeAll(async () => {
    whole = (await samplePack()).folder;
  });

  async function after(change: (folder: string) => Promise<unknown>): Promise<PackCheck> {
    const folder = await copyOf(whole);
    await change(folder);
    return verifyPack(folder);
  }

  it('passes a whole pack with its head, words, signatures and counts', async () => {
    const check = await verifyPack(whole);
    expect(check).toMatchObject({
      ok: true,
      exitCode: 0,
      problem: null,
      runMode: 'rehearsal',
      outcome: 'completed',
      exceptions: 1,
      notes: [],
    });
    expect(check.head).toMatch(/^[0-9a-f]{64}$/);
    expect(check.headWords).toHaveLength(8);
    expect(check.signatures.map(({ seat, verdict }) => `${seat} ${verdict}`)).toEqual([
      'CA signed',
      'IW signed',
      'CO1 signed',
      'CO2 signed',
    ]);
  });

  it('passes a pack in which somebody dissented, and says who and why', async () => {
    const { folder } = await samplePack({ dissent: 'IW', outcome: 'aborted' });
    const check = await verifyPack(folder);
    expect(check).toMatchObject({ ok: true, outcome: 'aborted' });
    expect(check.signatures[1]).toMatchObject({ seat: 'IW', verdict: 'dissented', reason: 'I could not read the third row.' });
  });

  it.each([
    'transcript.jsonl',
    'manifest.json',
    'script.yaml',
    'report.pdf',
    ...SAMPLE_ARTEFACTS.map(({ name }) => `artefacts/${name}`),
  ])(
    'finds every single flipped byte of %s and names the file',
    async (name) => {
      // two officers are enough for every kind of byte there is
      const { folder } = await samplePack({ officers: sampleOfficers().slice(0, 2) });
      const path = join(folder, name);
      const bytes = await readFile(path);
      const missed: string[] = [];
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        await writeFile(path, flipped);
        const { exitCode, problem } = await verifyPack(folder);
        if (exitCode !== 1 || problem?.where !== name) missed.push(`byte ${at}: ${exitCode} ${problem?.where ?? 'nothing'}`);
      }
      expect(missed).toEqual([]);
    },
    240_000,
  );

  it('locates a flipped byte of the transcript in its line', async () => {
    const path = 'transcript.jsonl';
    const lines = (await readFile(join(whole, path), 'utf8')).split('\n');
    const start = lines.slice(0, 6).join('\n').length + 1;
    const check = await after(async (folder) => {
      const bytes = await readFile(join(folder, path));
      bytes[start + 20] = (bytes[start + 20] ?? 0) ^ 1;
      await writeFile(join(folder, path), bytes);
    });
    expect(check.problem).toMatchObject({ where: path, event: 6, line: 7 });
    expect(check.events).toBe(6);
  });

  it('finds an artefact exchanged for another of the same size', async () => {
    const check = await after((folder) => writeFile(join(folder, 'artefacts/template.json'), '{"CKA_SENSITIVE":tru3}\n'));
    expect(check.problem?.where).toBe('artefacts/template.json');
  });

  it('finds two artefacts swapped with each other', async () => {
    const check = await after(async (folder) => {
      const [a, b] = SAMPLE_ARTEFACTS.map(({ name }) => join(folder, 'artefacts', name));
      await rename(a ?? '', join(folder, 'kept'));
      await rename(b ?? '', a ?? '');
      await rename(join(folder, 'kept'), b ?? '');
    });
    expect(check.problem?.where).toMatch(/^artefacts\//);
  });

  it('finds a report exchanged for another whole report', async () => {
    const check = await after((folder) =>
      writeFile(join(folder, 'report.pdf'), withDigest(Buffer.concat([TINY_REPORT, TINY_REPORT]))),
    );
    expect(check.problem).toMatchObject({ where: 'report.pdf' });
  });

  it.each([
    ['a file', 'notes.txt', (path: string) => writeFile(path, 'hello')],
    ['a hidden file', '.DS_Store', (path: string) => writeFile(path, '')],
    ['a folder', 'more', (path: string) => mkdir(path)],
    ['an artefact nobody refers to', 'artefacts/extra.bin', (path: string) => writeFile(path, 'x')],
    ['a folder among the artefacts', 'artefacts/inner', (path: string) => mkdir(path)],
    ['a left part file', 'manifest.json.part', (path: string) => writeFile(path, '{}')],
  ])('finds %s that does not belong to the pack', async (_, name, put) => {
    const check = await after((folder) => put(join(folder, name)));
    expect(check).toMatchObject({ exitCode: 1, problem: { where: name } });
  });

  it.each(['script.yaml', 'transcript.jsonl', 'manifest.json', 'report.pdf', 'artefacts', 'artefacts/template.json'])(
    'refuses %s when it is a link, even to the right bytes',
    async (name) => {
      const check = await after(async (folder) => {
        await rename(join(folder, name), join(folder, '..', 'elsewhere'));
        await symlink(join(folder, '..', 'elsewhere'), join(folder, name));
      });
      expect(check).toMatchObject({ exitCode: 1, problem: { where: name, what: 'it is a link' } });
    },
  );

  it.each(['script.yaml', 'manifest.json', 'report.pdf', 'artefacts/template.json', 'artefacts/inventory-before.json'])(
    'misses %s when it is gone',
    async (name) => {
      const check = await after((folder) => rm(join(folder, name)));
      expect(check).toMatchObject({ exitCode: 1, problem: { where: name } });
    },
  );

  it('says of a pack that was not finished that it was not finished', async () => {
    const check = await after((folder) => rm(join(folder, 'manifest.json')));
    expect(check.problem?.what).toContain('not finished');
  });

  it('finds a transcript without its final newline', async () => {
    const check = await after(async (folder) =>
      truncate(join(folder, 'transcript.jsonl'), (await readFile(join(folder, 'transcript.jsonl'))).length - 1),
    );
    expect(check.problem).toMatchObject({ where: 'transcript.jsonl' });
    expect(check.problem?.what).toContain('newline');
  });

  it('finds bytes that are no UTF-8, and text behind the end', async () => {
    const bad = await after((folder) => appendFile(join(folder, 'transcript.jsonl'), Buffer.from([0xc3, 0x28, 0x0a])));
    expect(bad.problem?.what).toContain('UTF-8');
    const more = await after((folder) => appendFile(join(folder, 'transcript.jsonl'), '\n'));
    expect(more.problem?.what).toContain('sealed');
  });

  it.skipIf(process.platform === 'win32')('does not wait for ever at a pipe in the place of a file', async () => {
    for (const name of ['transcript.jsonl', 'artefacts/template.json']) {
      const check = await after(async (folder) => {
        await rm(join(folder, name));
        execFileSync('mkfifo', [join(folder, name)]);
        await writeFile(join(folder, 'a-foreign-file'), '');
      });
      expect(check.exitCode).toBe(1);
    }
  });

  it('answers 2 for what is no pack', async () => {
    const empty = await temporaryFolder();
    expect(await verifyPack(empty)).toMatchObject({ exitCode: 2, ok: false });
    expect(await verifyPack(join(empty, 'nowhere'))).toMatchObject({ exitCode: 2 });
    expect((await verifyPack(join(whole, 'script.yaml'))).exitCode).toBe(2);
  });
});

describe('finishPack', () => {
  it('finishes after a crash between seal and report, between report and manifest, and changes nothing a third time', async () => {
    const { folder } = await samplePack();
    const draws: number[] = [];
    const draw = () => Promise.resolve(TINY_REPORT).finally(() => draws.push(1));
    const manifest = await readFile(join(folder, 'manifest.json'));
    await rm(join(folder, 'manifest.json'));
    await writeFile(join(folder, 'manifest.json.part'), 'half');
    expect(await finishPack(folder, draw)).toEqual({ ok: true, value: null });
    expect(draws).toHaveLength(0);
    await writeFile(join(folder, 'report.pdf'), 'half a report');
    expect(await finishPack(folder, draw)).toEqual({ ok: true, value: null });
    expect(draws).toHaveLength(1);
    expect(await finishPack(folder, draw)).toEqual({ ok: true, value: null });
    expect(draws).toHaveLength(1);
    expect(await readFile(join(folder, 'manifest.json'))).toEqual(manifest);
    expect((await readdir(folder)).sort()).toEqual([
      'artefacts',
      'manifest.json',
      'report.pdf',
      'script.yaml',
      'transcript.jsonl',
    ]);
    expect((await verifyPack(folder)).ok).toBe(true);
  });

  it('refuses a transcript that is not sealed, and one that is damaged', async () => {
    const { events } = await samplePack();
    const open = await layPack(events.slice(0, -1));
    expect(await finishPack(open, () => Promise.resolve(TINY_REPORT))).toMatchObject({
      ok: false,
      error: { code: 'ceremony.notNow' },
    });
    const cut = await layPack([...events.slice(0, 3), ...events.slice(4)]);
    expect(await finishPack(cut, () => Promise.resolve(TINY_REPORT))).toMatchObject({
      ok: false,
      error: { code: 'file.damaged', detail: { event: 3 } },
    });
  });
});
