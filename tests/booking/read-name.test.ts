import { introducedName, readName } from '../../src/booking/read-name';

test.each([
  "O'Brien-Smith Jr.",
  '张伟',
  'Cher',
  'Zoë 🌸',
  '🦄',
  'Jean-Luc de la Cruz',
  'Dr. J.',
  'علي حسن',
  'Nguyễn Văn A',
  'X Æ A-12',
  'Will',
])('the name %s is kept sign by sign', (name) => expect(readName(`  ${name} `)).toEqual({ ok: true, name }));

test.each([
  ['my name is ann lee', 'ann lee'],
  ["hi, I'm Ann Lee!", 'Ann Lee'],
  ["no, it's Ann with no e", 'Ann'],
  ['call me Al please', 'Al'],
  ['Bob.', 'Bob'],
  ['sure, Ann', 'Ann'],
  ["It's me, Karen", 'Karen'],
  ['my husband Tom Lee', 'Tom Lee'],
  ['me llamo José', 'José'],
  ['sono Giulia Bianchi', 'Giulia Bianchi'],
  ['ich bin Jürgen', 'Jürgen'],
  ['sou o João', 'João'],
])('"%s" names %s', (text, name) => expect(readName(text)).toEqual({ ok: true, name }));

test.each([
  ['', 'blank'],
  ['  ...  ', 'blank'],
  ['12345', 'digits'],
  ['yes', 'sentence'],
  ['how long does it take?', 'sentence'],
  ['I want to book', 'sentence'],
  ["i'll tell him", 'sentence'],
  ['she is my daughter', 'sentence'],
  ['see https://example.com', 'sentence'],
  ['x'.repeat(101), 'too-long'],
])('%j is no name: %s', (text, problem) => expect(readName(text)).toEqual({ ok: false, problem }));

test.each([
  ["I'm Ann Lee, 410 555 0134", 'Ann Lee'],
  ['my name is ann and I want a quote', 'ann'],
  ['This is José de la Cruz calling', 'José de la Cruz'],
  ['name: bob jones, phone below', 'bob jones'],
  ["hi i'm ann lee, i'd like to book", 'ann lee'],
  ["book for friday, i'm ann lee 410 555 0134", 'ann lee'],
  ["the name's wrong, it's Anna Lee", 'Anna Lee'],
])('"%s" introduces %s', (text, name) => expect(introducedName(text)?.name).toBe(name));

test('beside a number a family name may be a common word', () => {
  expect(introducedName("i'm marcus bell ,", true)?.name).toBe('marcus bell');
  expect(introducedName("i'm marcus bell")).toBeUndefined();
  expect(introducedName("i'm bald now ,", true)).toBeUndefined();
});

test.each([
  "I'm losing my hair",
  'i am interested',
  "I'm American",
  "Hi I'm Interested in SMP",
  'his name is Tom',
  'what is the name of it',
  "i'm severely allergic",
  "i'm diabetic, can i book",
  "i'm hiv positive",
  'i am post op, is it ok',
  "i'm bald, 410 555 0134",
])('"%s" introduces nobody', (text) => expect(introducedName(text)).toBeUndefined());
