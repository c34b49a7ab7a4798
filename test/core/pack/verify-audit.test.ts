import { mkdir, readFile, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLine } from '../../../core/evidence/audit-line';
import { auditFileName } from '../../../core/evidence/audit-name';
import { GENESIS_PREV } from '../../../core/evidence/event';
import { sha256Text } from '../../../core/pack/sha256';
import { verifyAudit } from '../../../core/pack/verify-audit';
import { removeTemporaryFolders, temporaryFolder } from './sample-pack';

const PER_FILE = 10;
const FILES = 4;
let lines: string[] = [];

beforeAll(() => {
  lines = chained(PER_FILE * FILES);
});
afterAll(removeTemporaryFolders);

function chained(count: number, typeOf = (i: number): string => (i % 7 === 0 ? 'reloaded' : 'request')): string[] {
  let prev = GENESIS_PREV;
  return Array.from({ length: count }, (_, seq) => {
    const at = new Date(Date.parse('2026-11-23T10:00:00.000Z') + seq).toISOString();
    const data = JSON.stringify({ kmsRequestId: `id-${seq}`, outcome: seq % 2 === 0 ? 'ok' : 'InternalException' });
    const { line, hash } = auditLine({ at, type: typeOf(seq), actor: 'store', data }, { seq, prev }, sha256Text);
    prev = hash;
    return line;
  });
}

const textOf = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('');

/** The sample log: four files of ten events. */
async function lay(): Promise<string> {
  const folder = await temporaryFolder();
  for (let file = 0; file < FILES; file++)
    await writeFile(fileAt(folder, file), textOf(lines.slice(file * PER_FILE, (file + 1) * PER_FILE)));
  return folder;
}

function fileAt(folder: string, file: number): string {
  return join(folder, auditFileName(file * PER_FILE));
}

/** What the verifier says after one file's lines were changed. */
async function after(file: number, change: (fileLines: string[]) => readonly string[]): ReturnType<typeof verifyAudit> {
  const folder = await lay();
  await writeFile(fileAt(folder, file), textOf(change(lines.slice(file * PER_FILE, (file + 1) * PER_FILE))));
  return verifyAudit(folder);
}

describe('an audit log as it was written', () => {
  it('holds, with its counts, times and head', async () => {
    expect(await verifyAudit(await lay())).toMatchObject({
      ok: true,
      exitCode: 0,
      files: 4,
      events: 40,
      firstSeq: 0,
      lastSeq: 39,
      firstAt: '2026-11-23T10:00:00.000Z',
      lastAt: '2026-11-23T10:00:00.039Z',
      head: (JSON.parse(lines[39] ?? '') as { hash: string }).hash,
      types: { request: 34, reloaded: 6 },
      outcomes: { ok: 17, InternalException: 17 },
      problems: [],
      notes: [],
    });
  });

  it('holds file by file, under any name', async () => {
    const folder = await lay();
    expect(await verifyAudit(fileAt(folder, 2))).toMatchObject({ ok: true, events: 10, firstSeq: 20 });
    await rename(fileAt(folder, 2), join(folder, 'archived.jsonl'));
    expect(await verifyAudit(join(folder, 'archived.jsonl'))).toMatchObject({ ok: true, events: 10, firstSeq: 20 });
  });

  it('may have the lock of a running proxy beside it, and a line that is being written', async () => {
    const folder = await lay();
    await writeFile(join(folder, 'lock'), '{}');
    await writeFile(fileAt(folder, 3), `${textOf(lines.slice(30))}{"actor":"`);
    const check = await verifyAudit(folder);
    expect(check).toMatchObject({ ok: true, events: 40 });
    expect(check.notes[0]?.what).toContain('10 bytes at the end are no whole line');
  });

  it('keeps many types apart, but not without bound', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, auditFileName(0)), textOf(chained(300, (i) => (i === 0 ? '__proto__' : `type-${i}`))));
    const { types } = await verifyAudit(folder);
    expect(Object.keys(types)).toHaveLength(101);
    expect(types['other']).toBe(200);
    expect(Object.hasOwn(types, '__proto__')).toBe(true);
  });
});

describe('an audit log that was changed', () => {
  it('is refused for any bit that flips, with the file and the line', async () => {
    const folder = await lay();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: FILES - 1 }), fc.nat(), fc.nat({ max: 7 }), async (file, place, bit) => {
        const path = fileAt(folder, file);
        const whole = await readFile(path);
        const at = place % (whole.length - 1); // the newline at the very end is for the torn line
        const flipped = Buffer.from(whole);
        flipped[at] = (whole[at] ?? 0) ^ (1 << bit);
        await writeFile(path, flipped);
        const check = await verifyAudit(folder);
        await writeFile(path, whole);
        const line = whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
        expect(check).toMatchObject({ ok: false, exitCode: 1, problems: [{ file: auditFileName(file * PER_FILE), line }] });
      }),
      { numRuns: 150 },
    );
  });

  it('is refused for a line that was dropped, doubled, swapped or inserted, with its place', async () => {
    const anyFile = fc.nat({ max: FILES - 1 });
    const anyLine = fc.nat({ max: PER_FILE - 2 });
    await fc.assert(
      fc.asyncProperty(anyFile, anyLine, fc.constantFrom('drop', 'double', 'swap', 'insert'), async (file, at, act) => {
        const check = await after(file, (own) => {
          const line = own[at] ?? '';
          if (act === 'drop') return own.toSpliced(at, 1);
          if (act === 'double') return own.toSpliced(at, 0, line);
          if (act === 'swap') return own.toSpliced(at, 2, own[at + 1] ?? '', line);
          return own.toSpliced(at, 0, '{"type":"request"}');
        });
        const place = act === 'double' ? at + 2 : at + 1;
        expect(check).toMatchObject({
          exitCode: 1,
          problems: [{ file: auditFileName(file * PER_FILE), line: place, seq: file * PER_FILE + place - 1 }],
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when a whole line was forged with a hash that fits', async () => {
    const check = await after(1, (own) => {
      const { seq, prev, at } = JSON.parse(own[4] ?? '') as { seq: number; prev: string; at: string };
      const forged = auditLine({ at, type: 'request', actor: 'store', data: '{}' }, { seq, prev }, sha256Text);
      return own.with(4, forged.line);
    });
    expect(check).toMatchObject({ exitCode: 1, problems: [{ line: 6, seq: 15 }] });
    expect(check.problems[0]?.what).toContain('prev is not the hash of event 14');
  });

  it('names the events that are missing with a file, and proves the rest', async () => {
    const folder = await lay();
    await unlink(fileAt(folder, 1));
    const check = await verifyAudit(folder);
    expect(check).toMatchObject({ exitCode: 1, events: 30, problems: [{ file: auditFileName(20), line: null, seq: 10 }] });
    expect(check.problems[0]?.what).toContain('events 10 to 19 are missing');
  });

  it('names both gaps when two files are missing, and two files that claim the same events', async () => {
    const folder = await lay();
    await unlink(fileAt(folder, 1));
    await writeFile(join(folder, auditFileName(35)), textOf(lines.slice(35)));
    const { problems } = await verifyAudit(folder);
    expect(problems.map(({ file, what }) => [file, what])).toEqual([
      [auditFileName(20), expect.stringContaining('events 10 to 19 are missing')],
      [auditFileName(35), expect.stringContaining('claims event 35, which the file before holds already')],
    ]);
  });

  it('is refused when a file in the middle lost its end, even at a line', async () => {
    const cut = await after(1, (own) => own.slice(0, 6));
    expect(cut.problems[0]).toMatchObject({ file: auditFileName(20), seq: 16 });
    const folder = await lay();
    await writeFile(fileAt(folder, 1), textOf(lines.slice(10, 20)).slice(0, -1));
    const torn = await verifyAudit(folder);
    expect(torn.problems[0]).toMatchObject({
      file: auditFileName(10),
      line: 10,
      what: expect.stringContaining('not ended by a newline') as string,
    });
    expect((await after(1, () => [])).problems[0]?.what).toBe('the file is empty');
  });

  it('is refused when a file was exchanged for one of another log, or renamed', async () => {
    const other = chained(20, () => 'request').slice(10);
    expect((await after(1, () => other)).problems[0]).toMatchObject({
      file: auditFileName(10),
      line: 1,
      what: expect.stringContaining('one of the two files was exchanged') as string,
    });
    const folder = await lay();
    await rename(fileAt(folder, 3), join(folder, auditFileName(31)));
    expect((await verifyAudit(folder)).problems.map(({ seq }) => seq)).toEqual([30, 31]);
  });

  it('is refused for what does not belong there: another file, a folder, a link', async () => {
    const folder = await lay();
    await writeFile(join(folder, 'audit-1.jsonl'), '');
    await mkdir(join(folder, 'lost+found'));
    await symlink(fileAt(folder, 3), join(folder, auditFileName(40)));
    const { problems, events } = await verifyAudit(folder);
    expect(problems.map(({ file }) => file)).toEqual([auditFileName(40), 'audit-1.jsonl', 'lost+found']);
    expect(events).toBe(40);
  });
});

describe('what is no audit log', () => {
  it('cannot be verified, which is another answer than no', async () => {
    const empty = await temporaryFolder();
    expect(await verifyAudit(empty)).toMatchObject({
      exitCode: 2,
      summary: expect.stringContaining('not an audit log') as string,
    });
    expect(await verifyAudit(join(empty, 'nowhere'))).toMatchObject({
      exitCode: 2,
      summary: expect.stringContaining('it is not there') as string,
    });
    await writeFile(join(empty, auditFileName(0)), '');
    expect(await verifyAudit(empty)).toMatchObject({ exitCode: 2, summary: expect.stringContaining('no event') as string });
  });
});
