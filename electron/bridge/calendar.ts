import { basename } from 'node:path';
import type { BridgeFunctions } from '../../core/contract/bridge';
import { calendarItem, type CalendarItem } from '../../core/contract/calendar-values';
import { failure, success, type Result } from '../../core/contract/result';
import { diskFailure } from '../../core/pack/disk-failure';
import { replaceFile } from '../../core/pack/durable';
import type { Calendar } from '../../core/station/calendar';
import { calendarText } from '../../core/station/calendar-text';
import { dialogs } from '../dialogs';
import { TEXT } from '../text';

export function calendarFunctions({ calendar, now }: { calendar: Calendar; now: () => Date }): BridgeFunctions['calendar'] {
  const list = async (): Promise<Result<readonly CalendarItem[]>> => {
    const entries = await calendar.list();
    return entries.ok ? success(entries.value.map((entry) => calendarItem(entry, now()))) : entries;
  };
  return {
    list,
    remove: async ({ id }) => {
      const removed = await calendar.remove(id);
      return removed.ok ? list() : removed;
    },
    exportIcs: async ({ id }) => {
      const entries = await calendar.list();
      if (!entries.ok) return entries;
      const entry = entries.value.find((each) => each.id === id);
      if (entry === undefined) return failure('file.notFound', { what: 'calendar entry' });
      const path = await dialogs.newFile(TEXT.exportIcs, `${entry.kind}-${entry.due.slice(0, 10)}.ics`);
      if (path === null) return failure('input.cancelled');
      try {
        await replaceFile(path, new TextEncoder().encode(calendarText(entry, now())));
        return success({ name: basename(path) });
      } catch (error) {
        return diskFailure(error, path);
      }
    },
  };
}
