import type { CalendarEntry } from './calendar';

/** How near an entry is: past its day; past the day to begin; within two weeks of that day; later. */
export type Nearness = 'overdue' | 'begin' | 'soon' | 'later';

export interface CalendarItem extends CalendarEntry {
  readonly nearness: Nearness;
  /** whole days to `due`, negative when it is past */
  readonly daysLeft: number;
}

const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;

/** Judges an entry at a moment. */
export function calendarItem(entry: CalendarEntry, now: Date): CalendarItem {
  const time = now.getTime();
  const [due, beginBy] = [Date.parse(entry.due), Date.parse(entry.beginBy)];
  const nearness = due <= time ? 'overdue' : beginBy <= time ? 'begin' : beginBy - SOON_MS <= time ? 'soon' : 'later';
  return { ...entry, nearness, daysLeft: Math.floor((due - time) / DAY_MS) };
}
