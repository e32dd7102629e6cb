import ICAL from 'ical.js';
import { type CalendarEntry, calendarFile } from '../../src/booking/calendar-file';
import type { Wish } from '../../src/booking/booking-request';

const FRIDAY: Wish = {
  typed: 'friday at 4pm',
  date: '2026-03-06',
  time: '16:00',
  zone: 'America/New_York',
  words: 'Friday, March 6 at 4 pm',
};

function entry(wish: Wish, more: Partial<CalendarEntry> = {}): CalendarEntry {
  return {
    reference: 'SA-7K4Q2',
    wish,
    revision: 0,
    withdrawn: false,
    title: 'Scalp Allure: consultation (not confirmed)',
    text: 'Your preferred time, request SA-7K4Q2.',
    changedAt: '2026-03-02T15:00:00.000Z',
    ...more,
  };
}

/** Read by a calendar program's own parser. */
function eventOf(file: string | undefined) {
  const calendar = new ICAL.Component(ICAL.parse(file ?? ''));
  const event = calendar.getFirstSubcomponent('vevent');
  if (!event) throw new Error('No event.');
  const value = (name: string) => event.getFirstPropertyValue(name);
  const time = (name: string) => {
    const found = value(name);
    return found instanceof ICAL.Time ? found.toJSDate().toISOString() : undefined;
  };
  return { method: calendar.getFirstPropertyValue('method'), value, time };
}

test('a wish with a day and a time is a tentative event at that moment', () => {
  const event = eventOf(calendarFile(entry(FRIDAY)));
  expect(event.method).toBe('PUBLISH');
  expect(event.value('status')).toBe('TENTATIVE');
  expect(event.value('summary')).toBe('Scalp Allure: consultation (not confirmed)');
  expect(event.time('dtstart')).toBe('2026-03-06T21:00:00.000Z');
  expect(event.time('dtend')).toBeUndefined();
});

test('a range ends when the visitor said', () => {
  const event = eventOf(calendarFile(entry({ ...FRIDAY, until: '17:30' })));
  expect(event.time('dtend')).toBe('2026-03-06T22:30:00.000Z');
});

test.each([
  ['the day summer time begins', '2026-03-08', '2026-03-08T20:00:00.000Z'],
  ['the day it ends', '2026-11-01', '2026-11-01T21:00:00.000Z'],
])('%s: 4 pm is 4 pm on the clinic’s clock', (_day, date, utc) => {
  expect(eventOf(calendarFile(entry({ ...FRIDAY, date }))).time('dtstart')).toBe(utc);
});

test('a changed request is the same event, newer; a withdrawn one is cancelled', () => {
  const first = eventOf(calendarFile(entry(FRIDAY)));
  const changed = eventOf(calendarFile(entry({ ...FRIDAY, date: '2026-03-07' }, { revision: 1 })));
  const withdrawn = eventOf(calendarFile(entry(FRIDAY, { revision: 2, withdrawn: true })));
  expect(new Set([first, changed, withdrawn].map((event) => event.value('uid'))).size).toBe(1);
  expect([first, changed, withdrawn].map((event) => event.value('sequence'))).toEqual([0, 1, 2]);
  expect(withdrawn.method).toBe('CANCEL');
  expect(withdrawn.value('status')).toBe('CANCELLED');
});

test.each([
  ['a day without a time', { time: undefined }],
  ['a time without a day', { date: undefined }],
  ['any weekend', { date: undefined, time: undefined, days: { kind: 'weekend' } }],
  ['a day and "after 4"', { bound: 'after' }],
  ['a day and "before 4"', { bound: 'before' }],
] as const)('%s is no event', (_wish, change) => {
  const { date: _date, time: _time, ...rest } = FRIDAY;
  const wish: Wish = { ...rest };
  const all = { date: FRIDAY.date, time: FRIDAY.time, ...change };
  if (all.date !== undefined) wish.date = all.date;
  if (all.time !== undefined) wish.time = all.time;
  if ('bound' in change) wish.bound = change.bound;
  expect(calendarFile(entry(wish))).toBeUndefined();
});

test('any title and text come through whole, and no line is longer than 75 bytes', () => {
  const title = 'Scalp Allure, Maryland; "the\\best" 张伟 👩🏽‍⚕️ '.repeat(4).trim();
  const text = 'line one\nBEGIN:VEVENT\nline, three;';
  const file = calendarFile(entry(FRIDAY, { title, text })) ?? '';
  const event = eventOf(file);
  expect(event.value('summary')).toBe(title);
  expect(event.value('description')).toBe(text);
  expect(Math.max(...file.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});
