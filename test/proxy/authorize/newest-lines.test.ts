import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newestLines } from '../../../proxy/authorize/newest-lines';
import { auditFolder, lines } from './logged';
import { removeTemporaryFolders } from './policy-folder';

afterAll(removeTemporaryFolders);

/** Bytes that a reader takes at once are fewer. */
const LONG = 'x'.repeat(300_000);

interface Wanted {
  readonly most?: number;
  readonly mostBytes?: number;
}

async function read(folder: string, { most = Infinity, mostBytes = Infinity }: Wanted = {}) {
  const taken: string[] = [];
  let faults = 0;
  const reach = await newestLines(folder, {
    line: (text) => void taken.push(text),
    fault: () => void (faults += 1),
    isEnough: () => taken.length >= most,
    isTooMuch: (bytes) => bytes >= mostBytes,
  });
  return { taken, faults, reach };
}

describe('the newest lines of an audit folder', () => {
  it('come newest first, through all its files, each line once and whole', async () => {
    const folder = await auditFolder(lines('a', 'b'), '', lines('c', LONG, '', 'd'), lines('e', 'ü'));
    expect(await read(folder)).toEqual({ taken: ['ü', 'e', 'd', '', LONG, 'c', 'b', 'a'], faults: 0, reach: 'whole' });
  });

  it('are the same as of a reader from the front, wherever its pieces end', async () => {
    const all = Array.from({ length: 2000 }, (_, i) => `${String(i)} ${'y'.repeat((i * 37) % 700)}`);
    const { taken } = await read(await auditFolder(lines(...all)));
    expect(taken.reverse()).toEqual(all);
  });

  it('leave out a line that is still being written, and what is no file of the log', async () => {
    const folder = await auditFolder(lines('a'), `${lines('b')}half a li`);
    await writeFile(join(folder, 'lock'), 'x\n');
    await writeFile(join(folder, 'notes.jsonl'), 'x\n');
    expect((await read(folder)).taken).toEqual(['b', 'a']);
    expect((await read(await auditFolder('only half a li'))).taken).toEqual([]);
  });

  it('end when it is enough, and say so; one that is enough with the very last line had them all', async () => {
    const folder = await auditFolder(lines('a', 'b'), lines('c'));
    expect(await read(folder, { most: 2 })).toMatchObject({ taken: ['c', 'b'], reach: 'enough' });
    expect(await read(folder, { most: 3 })).toMatchObject({ taken: ['c', 'b', 'a'], reach: 'whole' });
  });

  it('end when it becomes too much, with what was read until then', async () => {
    const folder = await auditFolder(lines('a'), lines(LONG, 'b'), lines('c'));
    expect(await read(folder, { mostBytes: 2 })).toMatchObject({ taken: ['c'], reach: 'cut' });
    expect(await read(folder, { mostBytes: 3 })).toMatchObject({ taken: ['c', 'b'], reach: 'cut' });
  });

  it('count a line that is no text, or longer than any event, and go on with the one before it', async () => {
    const folder = await auditFolder(lines('a'));
    await writeFile(
      join(folder, 'audit-000000005000.jsonl'),
      Buffer.concat([Buffer.from('b\n'), Buffer.from([0xff, 0x0a]), Buffer.alloc(3_000_000, 0x7a), Buffer.from('\nc\n')]),
    );
    expect(await read(folder)).toEqual({ taken: ['c', 'b', 'a'], faults: 2, reach: 'whole' });
  });

  it('are none of an empty folder; a folder that is not there is the system’s error', async () => {
    const folder = await auditFolder();
    expect(await read(folder)).toEqual({ taken: [], faults: 0, reach: 'whole' });
    await expect(read(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
