import { spawn } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { TranscriptEvent } from '../../../core/evidence/event';
import { createPack } from '../../../core/pack/folder';
import { createJournal, openJournal, type OpenJournal } from '../../../core/pack/journal';
import type { Result } from '../../../core/contract/result';
import { linesOf, sampleTranscript, SAMPLE_SCRIPT } from '../evidence/sample-transcript';
import { detach, mountTmpfs, mountWorks, remount, unmountAll } from '../tmpfs';
import { removeTemporaryFolders, temporaryFolder } from './sample-pack';

const { events } = sampleTranscript({ filler: 40 });
const id = 'hsm-key-2026-11-22-a1b2';
const open: OpenJournal[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ journal }) => journal.close()));
  unmountAll();
});
afterAll(removeTemporaryFolders);

async function newPack(evidence?: string): Promise<string> {
  return unwrap(await createPack(evidence ?? (await temporaryFolder()), id, SAMPLE_SCRIPT));
}

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function opened(result: Promise<Result<OpenJournal>>): Promise<OpenJournal> {
  const journal = unwrap(await result);
  open.push(journal);
  return journal;
}

async function closed(journal: OpenJournal): Promise<void> {
  open.splice(open.indexOf(journal), 1);
  await journal.journal.close();
}

function event(at: number): TranscriptEvent {
  const found = events[at];
  if (!found) throw new Error(`no event ${at}`);
  return found;
}

async function append(journal: OpenJournal, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) unwrap(await journal.journal.append(event(i)));
}

const transcriptOf = (folder: string) => readFile(join(folder, 'transcript.jsonl'), 'utf8');
const canMount = mountWorks();
if (!canMount)
  console.warn(
    'Skipped: the tests of a full, a read-only and a pulled-out medium need root on Linux, to mount a tmpfs of their own.',
  );

describe('a journal', () => {
  it('holds every event as one line when append resolves, and reads them back', async () => {
    const folder = await newPack();
    const first = await opened(createJournal(folder, ''));
    for (let i = 0; i < 5; i++) {
      expect(await first.journal.append(event(i))).toEqual({ ok: true, value: { mirror: 'none', alarm: null } });
      expect(await transcriptOf(folder)).toBe(linesOf(events.slice(0, i + 1)));
    }
    await closed(first);
    const again = await opened(openJournal(folder, ''));
    expect(again.events).toEqual(events.slice(0, 5));
    expect(again.notes).toEqual([]);
    await append(again, 5, events.length);
    expect(await transcriptOf(folder)).toBe(linesOf(events));
  });

  it('keeps the order of appends that were not waited for', async () => {
    const folder = await newPack();
    const { journal } = await opened(createJournal(folder, ''));
    const results = await Promise.all(events.map((one) => journal.append(one)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await transcriptOf(folder)).toBe(linesOf(events));
  });

  it('throws at an event that does not follow, and writes nothing of it', async () => {
    const folder = await newPack();
    const { journal } = await opened(createJournal(folder, ''));
    await journal.append(event(0));
    await expect(journal.append(event(2))).rejects.toThrow(RangeError);
    expect((await journal.append(event(1))).ok).toBe(true);
  });

  it('is readable by its owner only', async () => {
    const folder = await newPack();
    await opened(createJournal(folder, ''));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'transcript.jsonl'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'script.yaml'))).mode & 0o777).toBe(0o600);
  });

  it('is never begun twice', async () => {
    const folder = await newPack();
    await closed(await opened(createJournal(folder, '')));
    expect(await createJournal(folder, '')).toMatchObject({ ok: false, error: { code: 'file.exists' } });
    await opened(openJournal(folder, '')); // the refusal above gave its lock back
  });
});

describe('reopening', () => {
  async function packWith(text: string): Promise<string> {
    const folder = await newPack();
    await writeFile(join(folder, 'transcript.jsonl'), text);
    return folder;
  }

  it('cuts off a last line that was torn at any byte, says so, and goes on', async () => {
    const whole = linesOf(events.slice(0, 3));
    const next = linesOf(events.slice(3, 4));
    for (let torn = 1; torn < next.length; torn += 37) {
      const folder = await packWith(whole + next.slice(0, torn));
      const journal = await opened(openJournal(folder, ''));
      expect(journal.events).toHaveLength(3);
      expect(journal.notes).toMatchObject([{ event: 3, what: expect.stringContaining('cut off') }]);
      expect(await transcriptOf(folder)).toBe(whole);
      await append(journal, 3, 4);
      await closed(journal);
    }
  });

  it('cuts off bytes a crashed file system left, even NULs', async () => {
    const folder = await packWith(`${linesOf(events.slice(0, 3))}\0\0\0\0`);
    expect((await opened(openJournal(folder, ''))).events).toHaveLength(3);
  });

  it.each([
    ['a dropped event', () => linesOf(events.toSpliced(4, 1)), 4],
    ['a changed byte', () => linesOf(events).replace('"role":"CO1","seq":3', '"role":"CO2","seq":3'), 3],
    ['an empty line', () => linesOf(events.slice(0, 2)) + '\n', 2],
  ])('refuses %s with its place', async (_, text, at) => {
    const folder = await packWith(text());
    expect(await openJournal(folder, '')).toMatchObject({
      ok: false,
      error: { code: 'file.damaged', detail: { event: at, line: at + 1 } },
    });
  });

  it('opens an empty transcript, refuses a missing one and one behind a link', async () => {
    expect((await opened(openJournal(await packWith(''), ''))).events).toEqual([]);
    expect(await openJournal(await newPack(), '')).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
    const folder = await newPack();
    await writeFile(join(folder, '..', 'elsewhere'), '');
    await symlink(join(folder, '..', 'elsewhere'), join(folder, 'transcript.jsonl'));
    expect(await openJournal(folder, '')).toMatchObject({ ok: false, error: { code: 'file.foreign' } });
  });
});

describe('a disk that refuses', () => {
  it.skipIf(!canMount)(
    'full: the event is refused, nothing torn stays, and the same event goes in when there is room',
    async () => {
      const disk = mountTmpfs('64k');
      const folder = await newPack(disk);
      const journal = await opened(createJournal(folder, ''));
      await append(journal, 0, 3);
      const ballast = join(disk, 'ballast');
      await writeFile(ballast, Buffer.alloc(48 * 1024));
      let at = 3;
      let refused: Awaited<ReturnType<typeof journal.journal.append>> | null = null;
      for (; at < events.length && refused === null; at++) {
        const done = await journal.journal.append(event(at));
        if (!done.ok) refused = done;
      }
      at -= 1;
      expect(refused).toMatchObject({ ok: false, error: { code: 'file.diskFull', detail: { errno: 'ENOSPC' } } });
      expect(await transcriptOf(folder)).toBe(linesOf(events.slice(0, at)));
      expect(await journal.journal.append(event(at))).toMatchObject({ ok: false, error: { code: 'file.diskFull' } });
      await rm(ballast);
      await append(journal, at, events.length);
      expect(await transcriptOf(folder)).toBe(linesOf(events));
    },
  );

  it.skipIf(!canMount)('read-only: refused for the pack and for its creation', async () => {
    const disk = mountTmpfs('1m');
    const folder = await newPack(disk);
    remount(disk, 'ro');
    expect(await createJournal(folder, '')).toMatchObject({
      ok: false,
      error: { code: 'file.notWritable', detail: { errno: 'EROFS' } },
    });
    expect(await createPack(disk, 'another-ceremony', SAMPLE_SCRIPT)).toMatchObject({
      ok: false,
      error: { code: 'file.notWritable' },
    });
  });

  it.skipIf(process.getuid?.() === 0)('a folder without permission: refused', async () => {
    const evidence = await temporaryFolder();
    await chmod(evidence, 0o500);
    expect(await createPack(evidence, id, SAMPLE_SCRIPT)).toMatchObject({ ok: false, error: { code: 'file.notWritable' } });
  });

  it('a vanished folder is noticed, although the open file would still take the bytes', async () => {
    const folder = await newPack();
    const { journal } = await opened(createJournal(folder, ''));
    await journal.append(event(0));
    await rename(folder, `${folder}-moved`);
    expect(await journal.append(event(1))).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
    await rename(`${folder}-moved`, folder);
    expect((await journal.append(event(1))).ok).toBe(true);
    expect(await transcriptOf(folder)).toBe(linesOf(events.slice(0, 2)));
  });

  it('a transcript that somebody else wrote to is noticed', async () => {
    const folder = await newPack();
    const { journal } = await opened(createJournal(folder, ''));
    await journal.append(event(0));
    await appendFile(join(folder, 'transcript.jsonl'), 'x');
    expect(await journal.append(event(1))).toMatchObject({ ok: false, error: { code: 'file.changedUnderneath' } });
    await truncate(join(folder, 'transcript.jsonl'), linesOf(events.slice(0, 1)).length);
    expect(await journal.append(event(1))).toMatchObject({ ok: false });
  });
});

describe('the mirror', () => {
  const copyIn = (mirror: string) => readFile(join(mirror, id, 'transcript.jsonl'), 'utf8');

  it('is the same bytes', async () => {
    const mirror = await temporaryFolder();
    const journal = await opened(createJournal(await newPack(), mirror));
    await append(journal, 0, 4);
    expect(await journal.journal.append(event(4))).toEqual({ ok: true, value: { mirror: 'held', alarm: null } });
    expect(await copyIn(mirror)).toBe(linesOf(events.slice(0, 5)));
  });

  it('raises one alarm when it is lost, and catches up when it is back', async () => {
    const mirror = await temporaryFolder();
    const folder = await newPack();
    const journal = await opened(createJournal(folder, mirror));
    await append(journal, 0, 2);
    await rename(mirror, `${mirror}-out`);
    expect(await journal.journal.append(event(2))).toMatchObject({
      ok: true,
      value: { mirror: 'lost', alarm: { code: 'file.mirrorLost', detail: { because: 'file.notFound' } } },
    });
    expect(await journal.journal.append(event(3))).toEqual({ ok: true, value: { mirror: 'lost', alarm: null } });
    await rename(`${mirror}-out`, mirror);
    expect(await journal.journal.append(event(4))).toEqual({ ok: true, value: { mirror: 'back', alarm: null } });
    expect(await journal.journal.append(event(5))).toEqual({ ok: true, value: { mirror: 'held', alarm: null } });
    expect(await copyIn(mirror)).toBe(linesOf(events.slice(0, 6)));
    expect(await transcriptOf(folder)).toBe(linesOf(events.slice(0, 6)));
  });

  it('that is not there at the start is an alarm, not a refusal', async () => {
    const mirror = join(await temporaryFolder(), 'stick');
    const journal = await opened(createJournal(await newPack(), mirror));
    expect(journal.alarm).toMatchObject({ code: 'file.mirrorLost' });
    expect(await journal.journal.append(event(0))).toEqual({ ok: true, value: { mirror: 'lost', alarm: null } });
    await mkdir(mirror);
    expect(await journal.journal.append(event(1))).toMatchObject({ ok: true, value: { mirror: 'back' } });
    expect(await copyIn(mirror)).toBe(linesOf(events.slice(0, 2)));
  });

  it('that ends in the middle of a line is completed on reopening, and one that differs is left as it is', async () => {
    const mirror = await temporaryFolder();
    const folder = await newPack();
    const first = await opened(createJournal(folder, mirror));
    await append(first, 0, 4);
    await closed(first);
    await truncate(join(mirror, id, 'transcript.jsonl'), 100);
    const second = await opened(openJournal(folder, mirror));
    expect(second.alarm).toBeNull();
    expect(await copyIn(mirror)).toBe(linesOf(events.slice(0, 4)));
    await closed(second);
    await writeFile(join(mirror, id, 'transcript.jsonl'), 'something else');
    const third = await opened(openJournal(folder, mirror));
    expect(third.alarm).toMatchObject({ code: 'file.mirrorLost', detail: { because: 'file.damaged' } });
    await append(third, 4, 5);
    expect(await copyIn(mirror)).toBe('something else');
  });

  it.skipIf(!canMount)('on a medium that was pulled out is not looked for in the empty mount point', async () => {
    const mirror = mountTmpfs('1m');
    const journal = await opened(createJournal(await newPack(), mirror));
    await append(journal, 0, 1);
    detach(mirror);
    expect(await journal.journal.append(event(1))).toMatchObject({ ok: true, value: { mirror: 'lost' } });
    expect(await journal.journal.append(event(2))).toMatchObject({ ok: true, value: { mirror: 'lost', alarm: null } });
    expect(await readdir(mirror)).toEqual([]);
    await rmdir(mirror);
  });

  it.skipIf(!canMount)('on a full medium is lost; the ceremony goes on', async () => {
    const mirror = mountTmpfs('16k');
    const folder = await newPack();
    const journal = await opened(createJournal(folder, mirror));
    const states = new Set<string>();
    for (const one of events) states.add(unwrap(await journal.journal.append(one)).mirror);
    expect([...states]).toEqual(['held', 'lost']);
    expect(await transcriptOf(folder)).toBe(linesOf(events));
    expect(linesOf(events).startsWith(await copyIn(mirror))).toBe(true);
  });
});

describe('one writer', () => {
  it('a second one is refused while the first is alive, also within one process', async () => {
    const folder = await newPack();
    const first = await opened(createJournal(folder, ''));
    expect(await openJournal(folder, '')).toMatchObject({
      ok: false,
      error: { code: 'ceremony.alreadyRunning', detail: { pid: process.pid } },
    });
    await closed(first);
    await opened(openJournal(folder, ''));
  });

  it('leaves no lock behind, in the pack or beside it', async () => {
    const folder = await newPack();
    await closed(await opened(createJournal(folder, '')));
    expect(await readdir(dirname(folder))).toEqual([id]);
    expect((await readdir(folder)).sort()).toEqual(['artefacts', 'script.yaml', 'transcript.jsonl']);
  });

  it('takes over from a process killed in the middle of appending; every acknowledged event is there', async () => {
    const folder = await newPack();
    const child = spawn(process.execPath, [await bundledWriter(), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = -1;
    const enough = new Promise<void>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        acknowledged = Math.max(acknowledged, ...text.trim().split('\n').map(Number));
        if (acknowledged >= 20) resolve();
      });
    });
    await enough;
    expect(await openJournal(folder, '')).toMatchObject({
      ok: false,
      error: { code: 'ceremony.alreadyRunning', detail: { pid: child.pid } },
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const journal = await opened(openJournal(folder, ''));
    expect(journal.events.length).toBeGreaterThan(acknowledged);
    expect(journal.events.map(({ seq }) => seq)).toEqual(journal.events.map((_, i) => i));
  });
});

/** The child runs the real journal in a process of its own, so it needs it as plain JavaScript. */
async function bundledWriter(): Promise<string> {
  const { build } = await import('vite');
  const outDir = await temporaryFolder();
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, 'endless-writer.ts'),
      outDir,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'writer.mjs' } },
    },
    ssr: { noExternal: true },
  });
  return join(outDir, 'writer.mjs');
}
