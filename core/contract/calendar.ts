import { z } from 'zod';

export const CALENDAR_KINDS = ['materialExpiry', 'keyDeletion', 'certificate', 'credential', 'drill'] as const;

/** One thing that must not be forgotten: what, when (ISO 8601 UTC), and the person who owns it. */
export const calendarEntry = z.strictObject({
  /** unique and stable: what is entered twice stands once */
  id: z.string().min(1).max(200),
  kind: z.enum(CALENDAR_KINDS),
  title: z.string().min(1).max(200),
  due: z.iso.datetime(),
  /** when to begin, ISO 8601 UTC */
  beginBy: z.iso.datetime(),
  owner: z.string().min(1).max(80),
  /** the key, store or certificate it is about, e.g. a key ARN */
  about: z.string().max(2048),
  ceremonyId: z.string().max(80),
  rehearsal: z.boolean(),
});

export type CalendarEntry = z.infer<typeof calendarEntry>;
