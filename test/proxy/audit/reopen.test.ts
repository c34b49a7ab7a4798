import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../core/pack/verify-audit';
import { auditFolder, clearGround, eventsOf, filesOf, openOn, record, requestIds } from './ground';

const FIRST = 'audit-000000000000.jsonl';

afterEach(clearGround);

async function logOf(count: number, fileBytes = 1_000_000): Promise<{ folder: string; path: string }> {
  const folder = await auditFolder();
  const audit = await openOn({ folder, settings: { fileBytes } });
  for (let i = 0; i < count; i++) await audit.request(record(`request-${i}`));
  await audit.close();
  return { folder, path: join(folder, (await filesOf(folder)).at(-1) ?? '') };
}

async function reopened(folder: string): Promise<Awaited<ReturnType<typeof eventsOf>>> {
  const audit = await openOn({ folder });
  await audit.act('started', {});
  await audit.close();
  return eventsOf(folder);
}

describe('a log that a crash left', () => {
  it('ends in any byte of its last write: what is torn is cut off and said, and the log holds', async () => {
    const { folder, path } = await logOf(3);
    const whole = await readFile(path);
    const ends = whole.reduce<number[]>((found, byte, i) => (byte === 0x0a ? [...found, i + 1] : found), [0]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        await writeFile(path, whole.subarray(0, length));
        const kept = ends.filter((end) => end <= length);
        const events = await reopened(folder);
        const isTorn = length !== kept.at(-1);
        expect(events.map(({ type }) => type)).toEqual([
          ...Array.from({ length: kept.length - 1 }, () => 'request'),
          ...(isTorn ? ['tornLineCut'] : []),
          'started',
        ]);
        expect(await verifyAudit(folder)).toMatchObject({ ok: true, events: events.length });
        if (isTorn) expect(events.at(-2)?.data).toMatchObject({ file: FIRST, bytes: length - (kept.at(-1) ?? 0) });
        if (isTorn) expect(whole.toString('utf8')).toContain(events.at(-2)?.data['text']);
      }),
      { numRuns: 40 },
    );
  });

  it('goes on behind the file before when the newest had no whole line yet', async () => {
    const { folder } = await logOf(6, 2000);
    const names = await filesOf(folder);
    await writeFile(join(folder, 'audit-000000000006.jsonl'), '');
    expect((await reopened(folder)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect((await filesOf(folder)).slice(0, 2)).toEqual(names);
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, notes: [] });
  });

  it('keeps binary rubbish at the end out of the log, and readable in what it says of it', async () => {
    const { folder, path } = await logOf(1);
    await appendFile(path, Buffer.from([0, 0, 0xff, 0xfe, 0x22]));
    const [, cut] = await reopened(folder);
    expect(cut).toMatchObject({ type: 'tornLineCut', data: { bytes: 5, text: '\0\0\ufffd\ufffd"' } });
    expect((await verifyAudit(folder)).ok).toBe(true);
  });
});

describe('a first start that was cut short', () => {
  it('is still a first start: no event was written', async () => {
    const folder = await auditFolder();
    await (await openOn({ folder })).close();
    const audit = await openOn({ folder });
    expect(audit.state).toMatchObject({ hadHistory: false, seq: 0, damage: '' });
    await audit.act('started', {});
    await audit.close();
    expect((await openOn({ folder })).state.hadHistory).toBe(true);
  });
});

describe('a log that was damaged while no proxy ran', () => {
  it('goes on in a new file that fixes what was found, and never verifies again', async () => {
    const { folder, path } = await logOf(4);
    const damaged = (await readFile(path, 'utf8')).replace('request-3', 'request-9');
    await writeFile(path, damaged);
    const events = await reopened(folder);
    expect(await readFile(path, 'utf8')).toBe(damaged);
    expect(events.slice(4)).toMatchObject([
      {
        seq: 3,
        type: 'chainBroken',
        prev: events[2]?.hash,
        data: { file: FIRST, goesOnBehind: 2, problem: expect.stringContaining('line 4') as string },
      },
      { seq: 4, type: 'started' },
    ]);
    const check = await verifyAudit(folder);
    expect(check).toMatchObject({ exitCode: 1, events: 5, problems: [{ file: FIRST, line: 4, seq: 3 }] });
    expect(check.notes).toEqual([{ file: FIRST, what: expect.stringContaining('it was not changed since') as string }]);
  });

  it('tells later damage from what the proxy found', async () => {
    const { folder, path } = await logOf(4);
    await writeFile(path, (await readFile(path, 'utf8')).replace('request-3', 'request-9'));
    await reopened(folder);
    await writeFile(path, (await readFile(path, 'utf8')).replace('request-0', 'request-8'));
    const { problems } = await verifyAudit(folder);
    expect(problems.map(({ file, line }) => [file, line])).toEqual([
      [FIRST, 1],
      [FIRST, null],
    ]);
    expect(problems[1]?.what).toContain('changed again since');
  });

  it('is seen by the count of lines when a line was taken out of the newest file', async () => {
    const { folder, path } = await logOf(4);
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, lines.toSpliced(1, 1).join('\n'));
    const events = await reopened(folder);
    expect(events.map(({ seq, type }) => [seq, type]).slice(3)).toEqual([
      [4, 'chainBroken'],
      [5, 'started'],
    ]);
    expect(await verifyAudit(folder)).toMatchObject({ exitCode: 1, problems: [{ file: FIRST, line: 2, seq: 1 }] });
  });

  it('goes on when nothing in the newest file can be read', async () => {
    const { folder, path } = await logOf(2);
    await writeFile(path, 'no event\n\u0000\n');
    expect((await openOn({ folder })).state).toMatchObject({
      isWritable: true,
      hadHistory: true,
      seq: 2,
      damage: expect.stringMatching(/^audit-000000000000\.jsonl, /),
    });
    expect(await filesOf(folder)).toEqual([FIRST, 'audit-000000000001.jsonl']);
    expect((await verifyAudit(folder)).exitCode).toBe(1);
  });

  it('cannot be fooled into huge numbers by a line that claims one', async () => {
    const { folder, path } = await logOf(1);
    await writeFile(join(folder, 'audit-000000000001.jsonl'), `${(await readFile(path, 'utf8')).trim()}\nno event\n`);
    expect((await openOn({ folder })).state.seq).toBe(3);
  });

  it('was pruned: old files are gone, and the log holds from the first that is left', async () => {
    const { folder } = await logOf(9, 2000);
    await rm(join(folder, FIRST));
    await reopened(folder);
    const check = await verifyAudit(folder);
    expect(check).toMatchObject({ ok: true, firstSeq: 3 });
    expect(check.notes[0]?.what).toContain('holds from event 3 on');
  });

  it('lost its end without a trace: only a head that was noted elsewhere shows that', async () => {
    const { folder, path } = await logOf(5);
    const noted = (await verifyAudit(folder)).head;
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, 3);
    await truncate(path, lines.join('\n').length + 1);
    await reopened(folder);
    expect((await verifyAudit(folder)).ok).toBe(true);
    expect((await eventsOf(folder)).some(({ hash }) => hash === noted)).toBe(false);
    expect(await requestIds(folder)).toHaveLength(3);
  });
});
