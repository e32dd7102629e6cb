import { DateTime } from 'luxon';
import { isOnlyWhen } from '../../src/booking/read-details';

const zone = 'America/New_York';
const onlyWhen = (text: string): boolean =>
  isOnlyWhen(text, { now: DateTime.fromISO('2026-03-02T10:00', { zone }), clinic: { timeZone: zone } });

test.each([
  'saturday 10ish',
  'around 10ish on saturday pls',
  'hmm saturday would be easier for me',
  'early next week',
  'end of the month',
  'can we do thursday',
  'the 14th works better',
  'mornings are best',
  'i want to come in the evening',
  '10 am works',
])('"%s" says a day or a time, and nothing besides', (text) => expect(onlyWhen(text)).toBe(true));

test.each([
  "I'm away on saturday, call me after",
  'I work until 5',
  'I work on saturdays',
  'please call me after 5',
  'I may be late on friday',
  'my wife comes on saturday too',
  'wedding on march 14',
  'it is my first time',
  '2 hours',
  'about 10 years',
])('"%s" says something else', (text) => expect(onlyWhen(text)).toBe(false));
