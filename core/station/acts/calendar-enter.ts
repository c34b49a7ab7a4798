import { success } from '../../contract/result';
import type { CalendarEntry } from '../../contract/calendar';
import { NEVER, NOBODY, readExpiry } from '../../keys/expiry';
import { calendarText } from '../calendar-text';
import { check, facts, outcome, type Act } from './act';
import { kmsKeyArn } from './kms-plan';

/** Begin a re-import this long before the material expires. Days. */
const LEAD_DAYS = 30;
const DAY_MS = 86_400_000;

/** An expiry goes into the station's calendar with its owner, and as a file for theirs. Nothing that expires is left without both. */
export const calendarEnter: Act = async ({ state, calendar, now }) => {
  const spoken = state.values['expiry'] ?? '';
  const expiry = readExpiry(spoken, now());
  if (!expiry.ok) return expiry;
  if (expiry.value.model === 'never')
    return success(
      outcome({
        checks: [check('CER-CALENDAR', true, 'nothing that expires', NEVER)],
        show: [facts('Calendar', [['Expiry', 'The material never expires. Nothing is entered.']])],
      }),
    );
  const { ceremonyId } = state.genesis.data;
  const about = kmsKeyArn(state);
  const due = expiry.value.validTo;
  const entry: CalendarEntry = {
    id: `material-expiry ${about}`,
    kind: 'materialExpiry',
    title: `Key material expires: ${state.genesis.data.inputs['keyLabel'] ?? about}`,
    due,
    beginBy: new Date(Math.max(now().getTime(), Date.parse(due) - LEAD_DAYS * DAY_MS)).toISOString(),
    owner: state.values['owner'] ?? '',
    about,
    ceremonyId,
    rehearsal: state.runMode === 'rehearsal',
  };
  const entered = await calendar.enter(entry);
  if (!entered.ok) return entered;
  return success(
    outcome({
      data: { due, owner: entry.owner },
      checks: [
        check('CER-CALENDAR', entry.owner !== '' && entry.owner !== NOBODY, 'an entry with an owner', `${due}, ${entry.owner}`),
      ],
      show: [
        facts('Calendar', [
          ['Expires', due],
          ['Begin the re-import by', entry.beginBy],
          ['Owner', entry.owner],
          ['Key', about, true],
        ]),
      ],
      artefacts: [{ name: 'expiry.ics', bytes: new TextEncoder().encode(calendarText(entry, now())) }],
    }),
  );
};
