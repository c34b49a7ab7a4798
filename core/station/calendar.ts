import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { failure, success, type Result } from '../contract/result';
import { calendarEntry, type CalendarEntry } from '../contract/calendar';
import { diskFailure, errnoOf } from '../pack/disk-failure';
import { replaceFile } from '../pack/durable';

const file = z.strictObject({ format: z.literal('keyrite-calendar-1'), entries: z.array(calendarEntry).max(10_000) });

/** What must not be forgotten at this station: when material expires, and who owns it. One JSON file. */
export interface Calendar {
  /** By date, the next first. `file.damaged` where the file is none of ours: it is never overwritten then. */
  readonly list: () => Promise<Result<readonly CalendarEntry[]>>;
  /** Adds, or replaces the entry with the same id: entering twice leaves one entry. */
  readonly enter: (entry: CalendarEntry) => Promise<Result<null>>;
  readonly remove: (id: string) => Promise<Result<null>>;
}

export function openCalendar(path: string): Calendar {
  async function list(): Promise<Result<readonly CalendarEntry[]>> {
    const text = await readFile(path, 'utf8').catch((error: unknown) =>
      errnoOf(error) === 'ENOENT' ? null : Promise.reject(error as Error),
    );
    if (text === null) return success([]);
    try {
      const { entries } = file.parse(JSON.parse(text));
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
    enter: (entry) => change((entries) => [...entries.filter(({ id }) => id !== entry.id), entry]),
    remove: (id) => change((entries) => entries.filter((entry) => entry.id !== id)),
  };
}
