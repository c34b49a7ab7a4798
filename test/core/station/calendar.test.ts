import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CalendarEntry } from '../../../core/contract/calendar';
import { SMALL_FILE_MAX_BYTES } from '../../../core/pack/small-file';
import { openCalendar } from '../../../core/station/calendar';

let folder = '';
const file = (): string => join(folder, 'calendar.json');

function entry(id: string): CalendarEntry {
  const due = '2027-01-01T00:00:00.000Z';
  const about = { title: 't', owner: 'o', about: 'a', ceremonyId: 'byok-1', rehearsal: false };
  return { id, kind: 'materialExpiry', due, beginBy: due, ...about };
}

async function idsIn(path: string): Promise<readonly string[]> {
  const listed = await openCalendar(path).list();
  if (!listed.ok) throw new Error(listed.error.code);
  return listed.value.map(({ id }) => id).toSorted();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrite-calendar-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a calendar', () => {
  it('loses nothing when two of one path change it at once', async () => {
    const [one, other] = [openCalendar(file()), openCalendar(join(folder, '.', 'calendar.json'))];
    await one.enter(entry('old'));
    const changes = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : other).enter(entry(`new-${i}`)));
    const answers = await Promise.all([...changes, other.remove('old')]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await idsIn(file())).toEqual(Array.from({ length: 20 }, (_, i) => `new-${i}`).toSorted());
  });

  it('goes on after a change that could not be made', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const refused = openCalendar(join(folder, 'a-file', 'calendar.json'));
    const answers = await Promise.all([refused.enter(entry('a')), refused.enter(entry('b'))]);
    expect(answers.map(({ ok }) => ok)).toEqual([false, false]);
  });

  const unfit: readonly (readonly [name: string, make: (path: string) => unknown])[] = [
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a folder', (path) => mkdir(path)],
    ['a link', (path) => symlink('/dev/zero', path)],
    ['larger than 4 MiB', (path) => writeFile(path, ' '.repeat(SMALL_FILE_MAX_BYTES + 1))],
  ];

  it.skipIf(process.platform === 'win32').each(unfit)('whose file is %s is damaged, and is not written', async (_name, make) => {
    await make(file());
    const damaged = { ok: false, error: { code: 'file.damaged' } };
    expect(await openCalendar(file()).list()).toMatchObject(damaged);
    expect(await openCalendar(file()).enter(entry('a'))).toMatchObject(damaged);
  });
});
