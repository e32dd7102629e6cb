import { readName } from '../../src/booking/read-name';
import { DialogChat } from '../dialogs/dialog-chat';

/** Parts of names that naive code breaks: apostrophes, particles, one letter, other scripts and directions, emoji. */
const FIRST = [
  'Ann',
  'Seán',
  'Zoë',
  "D'Andre",
  'Jean-Luc',
  'X',
  'Nguyễn',
  '张',
  'علي',
  'Ольга',
  'Ἀλέξανδρος',
  'मोहन',
  'בן',
  '김',
  'Ng',
  'Björk',
  'Łukasz',
  'İbrahim',
  '李',
  'Ñoño',
  'April',
  'Will',
  'Null',
  'True',
  '🦄',
];
const LAST = [
  '',
  'Lee',
  "O'Brien-Smith Jr.",
  "d'Arc",
  'de la Cruz',
  'van der Berg III',
  'Müller-Lüdenscheidt',
  '伟',
  'حسن',
  'Иванова',
  'कुमार',
  'Þórðarson',
  'MacDonald, PhD',
  'St. John',
  'Å',
  'A-12',
  'Test <b>bold</b>',
  '"Bobby" Tables',
  '=HYPERLINK(1)',
  '{clinic}',
];
const NAMES = FIRST.flatMap((first) => LAST.map((last) => `${first} ${last}`.trim()));

test('there are 500 names', () => expect(new Set(NAMES).size).toBe(500));

test.each(NAMES)('%s is kept sign by sign, from the prompt to the request', (name) => {
  expect(readName(name)).toEqual({ ok: true, name });
  const chat = new DialogChat().visitor('yes', name, '410 555 0134', 'skip', 'skip');
  expect(chat.lastReply.text).toContain(name);
  expect(chat.visitor('yes').request.name).toBe(name);
  expect(chat.said()).toContain(name.replace(/\.$/, ''));
});
