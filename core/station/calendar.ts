import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { failure, success, type Result } from '../contract/result';
import { calendarEntry, type CalendarEntry } from '../contract/calendar';
import { diskFailure } from '../pack/disk-failure';
import { replaceFile } from '../pack/durable';
import { readSmallFile } from '../pack/small-file';

const file = z.strictObject({ format: z.literal('keyrite-calendar-1'), entries: z.array(calendarEntry).max(10_000) });

/** What must not be forgotten at this station: when material expires, and who owns it. One JSON file. */
export interface Calendar {
  /** By date, the next first. `file.damaged` where the file is none of ours (or a pipe, a folder, a link, larger than 4 MiB): it is never overwritten then. */
  readonly list: () => Promise<Result<readonly CalendarEntry[]>>;
  /** Adds, or replaces the entry with the same id: entering twice leaves one entry. */
  readonly enter: (entry: CalendarEntry) => Promise<Result<null>>;
  readonly remove: (id: string) => Promise<Result<null>>;
}

/** The last change of each file that is under way: several calendars of one path are open in one process. */
const tails = new Map<string, Promise<unknown>>();

/** Runs after every change of the same file that was begun before, or the later one would write what it read too early. */
async function inTurn<T>(path: string, body: () => Promise<T>): Promise<T> {
  const key = resolve(path);
  const turn = (tails.get(key) ?? Promise.resolve()).then(body);
  const tail = turn.catch(() => null); // whoever asked gets the rejection; the next in line goes on
  tails.set(key, tail);
  try {
    return await turn;
  } finally {
    if (tails.get(key) === tail) tails.delete(key);
  }
}

export function openCalendar(path: string): Calendar {
  async function list(): Promise<Result<readonly CalendarEntry[]>> {
    const found = await readSmallFile(path).catch((error: unknown) => diskFailure(error, path));
    if ('ok' in found) return found;
    if (found.kind === 'none') return success([]);
    if (found.kind === 'unfit') return failure('file.damaged', { path });
    try {
      const { entries } = file.parse(JSON.parse(found.text));
      return success(entries.toSorted((a, b) => a.due.localeCompare(b.due)));
    } catch {
      return failure('file.damaged', { path });
    }
  }

  async function change(body: (entries: readonly CalendarEntry[]) => readonly CalendarEntry[]): Promise<Result<null>> {
    const known = await list();
    if (!known.ok) return known;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const text = JSON.stringify({ format: 'keyrite-calendar-1', entries: body(known.value) }, null, 2);
      await replaceFile(path, new TextEncoder().encode(`${text}\n`));
      return success(null);
    } catch (error) {
      return diskFailure(error, path);
    }
  }

  return {
    list,
    enter: (entry) => inTurn(path, () => change((entries) => [...entries.filter(({ id }) => id !== entry.id), entry])),
    remove: (id) => inTurn(path, () => change((entries) => entries.filter((entry) => entry.id !== id))),
  };
}
