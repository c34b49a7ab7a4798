import { success, type Result } from '../../contract/result';
import type { Outcome } from '../../keys/evidence';
import type { CalendarEntry } from '../../contract/calendar';
import { calendarText } from '../calendar-text';
import { check, outcome, type Act, type ActContext } from './act';
import { kmsKeyArn } from './kms-plan';
import { storeIdOf, storePlan } from './store-plan';
import { certificateEnd } from './tls-certificate';

const DAY_MS = 86_400_000;
/** A credential is replaced once a year, a drill held every quarter (docs/guides/xks-store.md). Days. */
export const CREDENTIAL_DAYS = 365;
const DRILL_DAYS = 90;
/** Begin so long before. Days. */
const LEAD_DAYS = { certificate: 30, credential: 30, drill: 14 } as const;

type Kind = keyof typeof LEAD_DAYS;

/** What runs out and what has to be practised, each with its day and its owner, into the calendar of this station and as files for theirs. */
export const storeCalendar: Act = (context) => {
  const due = dueOf(context);
  return enter(
    context,
    (Object.keys(due) as Kind[]).map((kind) => entryOf(context, kind, due[kind])),
  );
};

/** The day of the next drill, in place of the last one's. */
export const drillCalendar: Act = (context) => enter(context, [entryOf(context, 'drill', dueOf(context).drill)]);

async function enter(context: ActContext, entries: readonly CalendarEntry[]): Promise<Result<Outcome>> {
  for (const entry of entries) {
    const entered = await context.calendar.enter(entry);
    if (!entered.ok) return entered;
  }
  const owner = context.state.values['datesOwner'] ?? '';
  return success(
    outcome({
      data: { owner, ...Object.fromEntries(entries.map(({ kind, due }) => [kind, due])) },
      checks: [check('CER-CALENDAR', owner !== '', 'an owner for each date', owner === '' ? 'no owner' : owner)],
      show: [
        {
          kind: 'table',
          title: 'Calendar',
          columns: ['What', 'By', 'Begin', 'Owner'],
          rows: entries.map(({ title, due: day, beginBy }) => [title, day, beginBy, owner]),
          empty: 'Nothing.',
        },
      ],
      artefacts: entries.map((entry) => ({
        name: `${entry.kind}.ics`,
        bytes: new TextEncoder().encode(calendarText(entry, context.now())),
      })),
    }),
  );
}

function dueOf(context: ActContext): Readonly<Record<Kind, string>> {
  const inDays = (days: number): string => new Date(context.now().getTime() + days * DAY_MS).toISOString();
  return { certificate: certificateEnd(context), credential: inDays(CREDENTIAL_DAYS), drill: inDays(DRILL_DAYS) };
}

function entryOf({ state, now }: ActContext, kind: Kind, due: string): CalendarEntry {
  const { storeName, host } = storePlan(state);
  const titles: Readonly<Record<Kind, string>> = {
    certificate: `Certificate of ${host} ends`,
    credential: `Replace the credential of ${storeName}`,
    drill: `Kill drill of ${storeName}`,
  };
  const begin = Math.max(now().getTime(), Date.parse(due) - LEAD_DAYS[kind] * DAY_MS);
  return {
    id: `${kind} ${storeIdOf(state)}`,
    kind,
    title: titles[kind].slice(0, 200),
    due,
    beginBy: new Date(begin).toISOString(),
    owner: state.values['datesOwner'] ?? '',
    about: kmsKeyArn(state),
    ceremonyId: state.genesis.data.ceremonyId,
    rehearsal: state.runMode === 'rehearsal',
  };
}
