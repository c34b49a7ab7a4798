import type { CalendarItem, Nearness } from '../../../core/contract/calendar-values';

const kinds: Readonly<Record<CalendarItem['kind'], string>> = {
  materialExpiry: 'Key material expires',
  keyDeletion: 'A KMS key is deleted',
  certificate: 'A certificate expires',
  credential: 'A credential is to be renewed',
  drill: 'A drill is due',
};

const nearness: Readonly<Record<Nearness, string>> = {
  overdue: 'Overdue',
  begin: 'Begin now',
  soon: 'Soon',
  later: 'Later',
};

const days = (count: number): string => (count === 1 ? '1 day' : `${String(count)} days`);

export const calendarText = {
  title: 'Calendar',
  desk: 'What must not be forgotten',
  all: 'Whole calendar',
  back: 'Back to the Desk',
  intro: 'Entered by ceremonies. Each has an owner, who also got it as a calendar file.',
  none: 'Nothing is due.',
  noneHint: 'A ceremony that imports material with an expiry enters it here, with its owner.',
  damaged: 'The calendar cannot be read.',
  damagedHint:
    'Nothing reminds anybody of an expiry until it can. No key and no evidence is touched. Keyrite leaves the file as it is: put it back from a backup, or move it away to begin a new one.',
  kinds,
  nearness,
  due: (left: number) =>
    left < -1 ? `was due ${days(-left)} ago` : left < 0 ? 'was due today' : left === 0 ? 'due today' : `due in ${days(left)}`,
  what: 'What',
  when: 'When',
  owner: 'Owner',
  nobody: 'nobody',
  about: 'About',
  actions: 'Actions',
  dueOn: 'Due',
  beginBy: 'Begin by',
  rehearsal: 'Rehearsal',
  export: 'Calendar file',
  exportOne: (title: string) => `Calendar file of: ${title}`,
  exported: (name: string) => `Written to ${name}.`,
  remove: 'Remove',
  removeOne: (title: string) => `Remove: ${title}`,
  removeHint: 'Only what is done, or what another entry replaces. Nobody is reminded of it here any more.',
  removed: 'Removed.',
  more: (count: number) => (count === 1 ? '1 more entry' : `${String(count)} more entries`),
};
