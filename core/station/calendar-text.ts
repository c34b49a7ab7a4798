import type { CalendarEntry } from '../contract/calendar';

/** An entry as an iCalendar file (RFC 5545) with an alarm at the day to begin. Lines end with CRLF and are folded at 75 octets. */
export function calendarText(entry: CalendarEntry, now: Date): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Keyrite//Keyrite//EN',
    'BEGIN:VEVENT',
    `UID:${escaped(entry.id)}`,
    `DTSTAMP:${stamp(now.toISOString())}`,
    `DTSTART:${stamp(entry.due)}`,
    `SUMMARY:${escaped(`${entry.rehearsal ? 'REHEARSAL: ' : ''}${entry.title}`)}`,
    `DESCRIPTION:${escaped(`Owner: ${entry.owner}\n${entry.about}\nCeremony ${entry.ceremonyId}`)}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `TRIGGER;VALUE=DATE-TIME:${stamp(entry.beginBy)}`,
    `DESCRIPTION:${escaped(`Begin now: ${entry.title}`)}`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

/** RFC 5545, 3.3.5, form 2: UTC without punctuation. */
function stamp(instant: string): string {
  return `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** RFC 5545, 3.3.11 */
function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}

/** RFC 5545, 3.1: no line is longer than 75 octets; the rest goes on after CRLF and a space. Never inside a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const character of line) {
    if (Buffer.byteLength(part + character) > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part].join('\r\n ');
}
