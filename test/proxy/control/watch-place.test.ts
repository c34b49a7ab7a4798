import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchPlace } from '../../../proxy/control/watch-place';

const OFTEN_MS = 2;

describe('the place of a proxy', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyrite-place-'));
    path = join(folder, 'lock');
    writeFileSync(path, 'mine');
    writeFileSync(join(folder, 'other'), 'mine');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['a file is removed', () => rmSync(path)],
    ['another file is put in its place', () => renameSync(join(folder, 'other'), path)],
    ['the whole folder is gone', () => rmSync(folder, { recursive: true })],
  ])('is lost when %s, which is told once', async (_, take) => {
    const lost: string[] = [];
    const first = new Promise((resolve) => {
      void watchPlace([path], (which) => resolve(lost.push(which)), OFTEN_MS).then(take);
    });
    await first;
    await new Promise((resolve) => setTimeout(resolve, 10 * OFTEN_MS));
    expect(lost).toEqual([path]);
  });

  it('is not lost while its content changes, nor after the end of the watch', async () => {
    const lost: string[] = [];
    const watch = await watchPlace([path], (which) => void lost.push(which), OFTEN_MS);
    writeFileSync(path, 'mine, still');
    await new Promise((resolve) => setTimeout(resolve, 10 * OFTEN_MS));
    watch.close();
    rmSync(path);
    await new Promise((resolve) => setTimeout(resolve, 10 * OFTEN_MS));
    expect(lost).toEqual([]);
  });
});
