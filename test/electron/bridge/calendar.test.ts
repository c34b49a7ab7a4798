import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CalendarEntry } from '../../../core/contract/calendar';
import { calendarItem } from '../../../core/contract/calendar-values';
import { failure, success } from '../../../core/contract/result';
import { openCalendar } from '../../../core/station/calendar';

const picked = vi.hoisted(() => ({ path: null as string | null }));
vi.mock('../../../electron/dialogs', () => ({ dialogs: { newFile: () => Promise.resolve(picked.path) } }));
const { calendarFunctions } = await import('../../../electron/bridge/calendar');

const NOW = new Date('2026-11-22T10:00:00Z');
const entry = (id: string, due: string, beginBy: string): CalendarEntry => ({
  id,
  kind: 'materialExpiry',
  title: `Key material expires: ${id}`,
  due,
  beginBy,
  owner: 'Ada',
  about: 'arn:aws:kms:eu-central-1:111122223333:key/x',
  ceremonyId: 'byok-20261122-090000',
  rehearsal: false,
});

let folder = '';
const file = (): string => join(folder, 'calendar.json');
const open = () => calendarFunctions({ calendar: openCalendar(file()), now: () => NOW });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-calendar-'));
  await openCalendar(file()).enter(entry('later', '2027-11-01T00:00:00.000Z', '2027-10-01T00:00:00.000Z'));
  await openCalendar(file()).enter(entry('late', '2026-11-20T00:00:00.000Z', '2026-10-20T00:00:00.000Z'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the calendar behind the bridge', () => {
  it('lists what is overdue first, and says so', async () => {
    expect(await open().list()).toMatchObject({
      value: [
        { id: 'late', nearness: 'overdue', daysLeft: -3 },
        { id: 'later', nearness: 'later' },
      ],
    });
  });

  it('answers what is left when an entry is removed; one that is not there changes nothing', async () => {
    expect(await open().remove({ id: 'nobody' })).toMatchObject({ value: [{ id: 'late' }, { id: 'later' }] });
    expect(await open().remove({ id: 'late' })).toMatchObject({ value: [{ id: 'later' }] });
  });

  it('writes one entry as a calendar file to where the person says', async () => {
    picked.path = join(folder, 'x.ics');
    expect(await open().exportIcs({ id: 'late' })).toEqual(success({ name: 'x.ics' }));
    expect(readFileSync(picked.path, 'utf8')).toContain('DTSTART:20261120T000000Z');
    picked.path = null;
    expect(await open().exportIcs({ id: 'late' })).toEqual(failure('input.cancelled'));
    expect(await open().exportIcs({ id: 'nobody' })).toMatchObject({ error: { code: 'file.notFound' } });
  });

  it('says that its file is damaged, and leaves it as it is', async () => {
    writeFileSync(file(), '{"format":"other"}');
    expect(await open().list()).toMatchObject({ error: { code: 'file.damaged' } });
    expect(await open().remove({ id: 'late' })).toMatchObject({ error: { code: 'file.damaged' } });
    expect(readFileSync(file(), 'utf8')).toBe('{"format":"other"}');
  });
});

describe('how near an entry is', () => {
  const at = (due: string, beginBy: string) => calendarItem(entry('x', due, beginBy), NOW);
  it.each([
    ['overdue', -1, '2026-11-22T09:59:59.000Z', '2026-10-01T00:00:00.000Z'],
    ['begin', 8, '2026-12-01T00:00:00.000Z', '2026-11-22T10:00:00.000Z'],
    ['soon', 44, '2027-01-05T12:00:00.000Z', '2026-12-06T10:00:00.000Z'],
    ['later', 44, '2027-01-05T12:00:00.000Z', '2026-12-06T10:00:01.000Z'],
  ])('is %s, %i days', (nearness, daysLeft, due, beginBy) => {
    expect(at(due, beginBy)).toMatchObject({ nearness, daysLeft });
  });
});
