import { DateTime } from 'luxon';
import type { Wish } from './booking-request';

export interface CalendarEntry {
  reference: string;
  wish: Wish;
  /** 0, then one more at each change: calendars replace an older entry by a newer one. */
  revision: number;
  withdrawn: boolean;
  title: string;
  text: string;
  /** When the request was last changed, ISO 8601 UTC. */
  changedAt: string;
}

/** Whether a wish names one day and one time, so that it can stand in a calendar. */
export function fitsCalendar(wish: Wish | undefined): wish is Wish & { date: string; time: string } {
  return (
    wish?.date !== undefined && wish.time !== undefined && wish.bound !== 'after' && wish.bound !== 'before'
  );
}

/**
 * An iCalendar file (RFC 5545) with the wish as one tentative event; undefined where it names no day and time.
 * Times are in UTC, so it needs no table of zones. Without an end that was said, the event has none: how long a
 * consultation takes is the clinic's to say.
 */
export function calendarFile(entry: CalendarEntry): string | undefined {
  const { wish } = entry;
  if (!fitsCalendar(wish)) return undefined;
  const end = wish.until === undefined ? [] : [`DTEND:${utc(wish.date, wish.until, wish.zone)}`];
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//scalp-enquiry-bot//EN',
    'CALSCALE:GREGORIAN',
    `METHOD:${entry.withdrawn ? 'CANCEL' : 'PUBLISH'}`,
    'BEGIN:VEVENT',
    `UID:${entry.reference}@scalp-enquiry-bot`,
    `SEQUENCE:${entry.revision}`,
    `DTSTAMP:${DateTime.fromISO(entry.changedAt).toUTC().toFormat(UTC)}`,
    `DTSTART:${utc(wish.date, wish.time, wish.zone)}`,
    ...end,
    `STATUS:${entry.withdrawn ? 'CANCELLED' : 'TENTATIVE'}`,
    `SUMMARY:${escaped(entry.title)}`,
    `DESCRIPTION:${escaped(entry.text)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

const UTC = "yyyyMMdd'T'HHmmss'Z'";

function utc(date: string, time: string, zone: string): string {
  return DateTime.fromISO(`${date}T${time}`, { zone }).toUTC().toFormat(UTC);
}

function escaped(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ');
}

/** Lines end after 75 bytes and go on after a space (RFC 5545 3.1), never inside a character. */
function folded(line: string): string {
  const lines = [''];
  let bytes = 0;
  for (const character of line) {
    const size = utf8Bytes(character.codePointAt(0) ?? 0);
    if (bytes + size > MOST_BYTES) {
      lines.push(' ');
      bytes = 1;
    }
    lines[lines.length - 1] += character;
    bytes += size;
  }
  return lines.join('\r\n');
}

const MOST_BYTES = 75;

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
