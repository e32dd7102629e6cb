import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnowledgeFileError } from '../../src/curation/knowledge-problem';
import { readKnowledge } from '../../src/curation/read-knowledge';
import {
  changed,
  knowledgeFolder,
  problemsIn,
  removeFolders,
  SOUND_FILES,
  WORDING,
} from './knowledge-folder';

afterAll(removeFolders);

describe('a sound folder', () => {
  const { knowledge, warnings } = readKnowledge(knowledgeFolder(), WORDING);

  test('has no warnings', () => {
    expect(warnings).toEqual([]);
  });

  test('is read whole', () => {
    expect(knowledge.version).toMatch(/^[0-9a-f]{12}$/);
    expect(knowledge.entries.map(({ id }) => id)).toEqual(['session-length', 'price']);
    expect(knowledge.entries[0]).toMatchObject({
      topic: 'session-length',
      approval: 'full',
      kind: 'question',
      danger: [],
    });
    expect(knowledge.facts.get('F6')).toBe('One session lasts about three to five hours.');
    expect(knowledge.concepts).toEqual([{ name: 'cost', words: ['price', 'how much'] }]);
    expect(knowledge.background).toEqual(['what is the weather like']);
    expect(knowledge.safety).toEqual([
      {
        kind: 'crisis',
        phrases: ['hurt myself'],
        together: [[['gun', 'rifle'], ['loaded']]],
        except: [],
        notAfter: [],
        past: [],
        text: 'Please call 988.',
      },
    ]);
    expect(knowledge.costs.offer).toBe(0.3);
    expect(knowledge.clinic.retention).toEqual({ unfinishedChats: 30, transcripts: 180, requests: 730 });
  });

  test('variables of the clinic are filled in, places of the wording stay open', () => {
    expect(knowledge.wording.get('chat.hello')).toBe('Hello {name}, this is Test Clinic.');
    expect(knowledge.clinic.consent.text).toBe('Is it all right if Test Clinic keeps your details?');
  });

  test('an answer that waits for a detail is not approved until the detail is filled in', () => {
    const price = knowledge.entries[1];
    expect(price).toMatchObject({ approval: 'none', answer: '', missing: ['price'] });
    expect(knowledge.clinic.unknown).toEqual(['hours', 'price']);

    const filled = readKnowledge(
      knowledgeFolder(changed('clinic.yaml', 'price: ""', 'price: 0400')),
      WORDING,
    );
    expect(filled.knowledge.entries[1]).toMatchObject({
      approval: 'full',
      answer: 'The price is 0400.',
      missing: [],
    });
  });

  test('the version changes with the content and with the name of any file', () => {
    const versionOf = (files: Record<string, string | undefined>): string =>
      readKnowledge(knowledgeFolder(files), WORDING).knowledge.version;
    expect(versionOf({})).toBe(knowledge.version);
    expect(versionOf(changed('facts.yaml', 'hours', 'hours!'))).not.toBe(knowledge.version);
    expect(versionOf({ 'smp.yaml': undefined, 'smp2.yaml': SOUND_FILES['smp.yaml'] })).not.toBe(
      knowledge.version,
    );
  });

  test('entries may be spread over several files', () => {
    const more = 'entries:\n  - {id: parking, phrasings: [where can i park], approval: none}\n';
    const read = readKnowledge(knowledgeFolder({ 'more.yaml': more }), WORDING);
    expect(read.knowledge.entries.map(({ id }) => id)).toEqual(['parking', 'session-length', 'price']);
  });

  test('folders in it, hidden files and files of editors are not read', () => {
    const folder = knowledgeFolder({ '.#smp.yaml': 'x', 'smp.yaml~': 'x', 'notes.txt': 'x' });
    mkdirSync(join(folder, 'old'));
    writeFileSync(join(folder, 'old', 'smp.yaml'), 'x');
    expect(problemsIn(folder)).toEqual([]);
  });

  test('windows line ends, a byte order mark and other alphabets are fine', () => {
    const files = changed('smp.yaml', 'how long is one session', 'сколько длится сеанс 🕒');
    const text = `\uFEFF${files['smp.yaml']}`.replaceAll('\n', '\r\n');
    const read = readKnowledge(knowledgeFolder({ 'smp.yaml': text }), WORDING);
    expect(read.knowledge.entries[0]?.phrasings[0]).toBe('сколько длится сеанс 🕒');
    expect(read.knowledge.entries[0]?.answer).toBe('One session takes about 3 to 5 hours.');
  });
});

/** A word that is wrong in a sound file, what stands there instead, and every problem that follows. */
type Break = [what: string, changes: Record<string, string | Uint8Array | undefined>, problems: unknown[]];

const edit = changed;

test.each<Break>([
  [
    'an unknown key',
    edit('smp.yaml', '    phrasings:', '    phrasing:'),
    [
      'E smp.yaml:2:5: "phrasings" is missing: add it.',
      'E smp.yaml:6:5: unknown key "phrasing": did you mean "phrasings"?',
    ],
  ],
  [
    'a key that nothing resembles',
    edit('smp.yaml', '    approval: full', '    colour: red\n    approval: full'),
    [expect.stringMatching(/^E smp\.yaml:19:5: unknown key "colour"\. Known here: id, topic, title,/)],
  ],
  [
    'an unknown key of the clinic',
    edit('clinic.yaml', 'timeZone', 'timezone'),
    [
      'E clinic.yaml:1:1: "timeZone" is missing: add it.',
      'E clinic.yaml:3:1: unknown key "timezone": did you mean "timeZone"?',
    ],
  ],
  [
    'an unknown day',
    edit('clinic.yaml', 'details:', 'hours:\n  munday: closed\ndetails:'),
    ['E clinic.yaml:6:3: unknown key "munday": did you mean "monday"?'],
  ],
  [
    'an id twice',
    edit('smp.yaml', '- id: price', '- id: session-length'),
    [
      'E smp.yaml:22:17: no entry has the id "price": correct it, or delete it.',
      expect.stringMatching(
        /^E smp\.yaml:23:9: the id "session-length" is already that of .*smp\.yaml:2\. Give this entry another\.$/,
      ),
    ],
  ],
  [
    'an id with capitals',
    edit('smp.yaml', '- id: price', '- id: Price'),
    [
      'E smp.yaml:22:17: no entry has the id "price": did you mean "Price"?',
      'E smp.yaml:23:9: the id "Price" must be lower-case words joined by hyphens, such as session-length.',
    ],
  ],
  [
    'an approved entry without an answer',
    edit('smp.yaml', '    answer: One session takes about 3 to 5 hours.\n', ''),
    [
      'E smp.yaml:2:5: entry "session-length" has no answer: write it under "answer:", or put "approval: none".',
    ],
  ],
  [
    'an empty answer',
    edit('smp.yaml', 'One session takes about 3 to 5 hours.', ''),
    [
      'E smp.yaml:20:5: entry "session-length" has no answer: write it under "answer:", or put "approval: none".',
    ],
  ],
  [
    'a fact that does not exist',
    edit('smp.yaml', '[F6]', '[F7]'),
    [
      'W smp.yaml:20:13: says 3, which none of its facts has: cite the fact, or leave the number out.',
      'W smp.yaml:20:13: says 5, which none of its facts has: cite the fact, or leave the number out.',
      'E smp.yaml:21:13: facts.yaml has no fact "F7": add it there, or correct the number.',
    ],
  ],
  [
    'an unknown follow-up',
    edit('smp.yaml', '[price]', '[price, session-lenght]'),
    ['E smp.yaml:22:24: no entry has the id "session-lenght": did you mean "session-length"?'],
  ],
  [
    'an unknown id in danger',
    edit('smp.yaml', 'followUps: [price]', 'danger: [xyz]'),
    ['E smp.yaml:22:14: no entry has the id "xyz": correct it, or delete it.'],
  ],
  [
    'an unknown variable',
    edit('smp.yaml', '{{clinic.price}}', '{{clinic.prise}}'),
    ['E smp.yaml:40:13: unknown variable "clinic.prise": did you mean "clinic.price"?'],
  ],
  [
    'something else in double braces',
    edit('smp.yaml', '{{clinic.price}}', '{{price}}'),
    [
      expect.stringMatching(
        /^E smp\.yaml:40:13: unknown variable "price": add it under "details:" in clinic\.yaml, or use one of clinic\./,
      ),
    ],
  ],
  [
    'an unknown need',
    edit('smp.yaml', 'needs: [clinic.price]', 'needs: [clinic.phone, clinic.pirce]'),
    ['E smp.yaml:41:27: unknown variable "clinic.pirce": did you mean "clinic.price"?'],
  ],
  [
    'a detail that is always said and not filled in',
    edit('wording.yaml', '{{clinic.name}}', '{{clinic.price}}'),
    [
      'E wording.yaml:2:10: "clinic.price" is not filled in in clinic.yaml: fill it in, or leave it out here.',
    ],
  ],
  [
    'an approval that does not exist',
    edit('smp.yaml', 'approval: full', 'approval: ful'),
    ['E smp.yaml:19:15: "approval" must be full, partial, none: did you mean "full"?'],
  ],
  [
    'a list that is none',
    edit('smp.yaml', 'facts: [F6]', 'facts: F6'),
    ['E smp.yaml:21:12: "facts" must be a list: put it in brackets, [F6].'],
  ],
  [
    'a list without dashes',
    edit(
      'smp.yaml',
      '      - how much is it\n      - what do you charge',
      '      how much is it\n      -what do you charge',
    ),
    expect.arrayContaining([
      'E smp.yaml:28:7: "phrasings" must be a list: every line of it starts with a dash and a space, "- ".',
    ]),
  ],
  [
    'a variable in single braces',
    edit('smp.yaml', 'about 3 to 5 hours.', 'about 3 to 5 hours. Call {clinic.phone}.'),
    ['E smp.yaml:20:13: "{clinic.phone}" needs two braces on each side to be filled in: {{clinic.phone}}.'],
  ],
  [
    'a phrasing with a colon',
    edit('smp.yaml', '- minutes or hours', '- time: minutes or hours'),
    ['E smp.yaml:18:9: item 12 of "phrasings" must be text. If it contains ": ", put quotes around it.'],
  ],
  [
    'a phrasing that is empty',
    edit('smp.yaml', '- minutes or hours', '-'),
    ['E smp.yaml:18:8: item 12 of "phrasings" is empty: write it, or delete the line.'],
  ],
  [
    'entries that are no list',
    { 'smp.yaml': 'entries: all\n' },
    ['E smp.yaml:1:10: "entries" must be a list: each item starts with "- ", two spaces further in.'],
  ],
  [
    'a file of entries without its first line',
    { 'more.yaml': '- id: parking\n' },
    ['E more.yaml:1:1: "entries:" is missing: the file must begin with this line.'],
  ],
  [
    'an empty file',
    { 'more.yaml': '' },
    ['E more.yaml:1:1: "entries:" is missing: the file must begin with this line.'],
  ],
  [
    'a file whose name is mistyped',
    { 'clinic.yaml': undefined, 'klinic.yaml': 'name: x\n' },
    [
      'E clinic.yaml:1:1: is missing: put it back, or begin with the one that was shipped.',
      'E klinic.yaml:1:1: unknown key "name". Known here: entries.',
    ],
  ],
  [
    'a sentence that is missing',
    { 'wording.yaml': 'chat:\n  helo: Hi\n' },
    [
      'E wording.yaml:2:3: nothing says "chat.helo": did you mean "chat.hello"?',
      'E wording.yaml:2:3: the sentence "chat.hello" is missing: write it. It may use {name}.',
    ],
  ],
  [
    'a place that is not filled',
    edit('wording.yaml', '{name}', '{nmae}'),
    ['E wording.yaml:2:10: unknown place "{nmae}": did you mean "{name}"?'],
  ],
  [
    'a sentence that is empty',
    { 'wording.yaml': 'chat:\n  hello:\n' },
    ['E wording.yaml:2:3: "chat.hello" must be a sentence, and is empty.'],
  ],
  [
    'a time zone that does not exist',
    edit('clinic.yaml', 'America/New_York', 'Maryland'),
    ['E clinic.yaml:3:11: "timeZone" is not a time zone: write one such as America/New_York.'],
  ],
  [
    'hours that run backwards',
    edit('clinic.yaml', 'details:', 'hours:\n  monday: 17:00-09:00\ndetails:'),
    [expect.stringMatching(/^E clinic\.yaml:6:11: "monday" must be closed, or times such as 09:00-17:00/)],
  ],
  ...['2026-02-30', '2027-01-02 to 2026-12-31', '2026-01-01 to 2026-12-31', 'Christmas'].map(
    (stretch): [string, ReturnType<typeof edit>, unknown[]] => [
      `a holiday that is none: ${stretch}`,
      edit('clinic.yaml', 'details:', `closedOn:\n  - ${stretch}\ndetails:`),
      [expect.stringMatching(/^E clinic\.yaml:6:5: .*must be a day such as 2026-12-25/)],
    ],
  ),
  [
    'a retention that is no number',
    edit('clinic.yaml', '180', 'half a year'),
    ['E clinic.yaml:13:16: "transcripts" must be a whole number of days.'],
  ],
  [
    'a privacy notice without https',
    edit('clinic.yaml', 'retention:', 'privacyUrl: http://example.com\nretention:'),
    ['E clinic.yaml:11:13: "privacyUrl" must be empty or a whole address that starts with https://.'],
  ],
  [
    'a safety text of an unknown kind',
    edit('safety.yaml', 'crisis', 'crysis'),
    ['E safety.yaml:2:11: "kind" must be crisis, emergency: did you mean "crisis"?'],
  ],
  [
    'a combination of words that are not there',
    edit('safety.yaml', '[weapon, ready]', '[wepon, ready]'),
    ['E safety.yaml:5:17: item 1 names "wepon", which "words" does not have. It has: weapon, ready.'],
  ],
  [
    'a cost that is none',
    edit('costs.yaml', '0.3', 'little'),
    ['E costs.yaml:4:10: "offer" must be a number of at least 0.'],
  ],
  [
    'a concept without words',
    edit('lexicon.yaml', '[Price, how much]', '[]'),
    ['E lexicon.yaml:2:9: "cost" is an empty list.'],
  ],
  [
    'facts as a list',
    { 'facts.yaml': 'facts: [F6]\n' },
    [
      'E facts.yaml:1:8: "facts" must have lines of the form "key: text" below it, two spaces further in.',
      'W smp.yaml:20:13: says 3, which none of its facts has: cite the fact, or leave the number out.',
      'W smp.yaml:20:13: says 5, which none of its facts has: cite the fact, or leave the number out.',
      'E smp.yaml:21:13: facts.yaml has no fact "F6": add it there, or correct the number.',
    ],
  ],
  [
    'files that the engine can do without',
    { 'lexicon.yaml': undefined, 'background.yaml': undefined, 'costs.yaml': undefined },
    [
      'W background.yaml:1:1: is missing: put it back, or begin with the one that was shipped.',
      'W costs.yaml:1:1: is missing: put it back, or begin with the one that was shipped.',
      'W lexicon.yaml:1:1: is missing: put it back, or begin with the one that was shipped.',
    ],
  ],
  [
    'no entries at all',
    { 'smp.yaml': undefined },
    ['E smp.yaml:1:1: is missing: no file with "entries:" is in the folder.'],
  ],
])('reported at its place: %s', (_, changes, problems) => {
  expect(problemsIn(knowledgeFolder(changes))).toEqual(problems);
});

test.each<Break>([
  [
    'a tab as indentation',
    { 'more.yaml': 'entries:\n\t- id: x\n' },
    ['E more.yaml:2:1: a tab indents this line. Replace it with spaces: YAML allows no tabs there.'],
  ],
  [
    'a merge of two versions that was left open',
    edit(
      'smp.yaml',
      '    answer: One session takes about 3 to 5 hours.\n',
      '<<<<<<< HEAD\n    answer: About 3 to 5 hours.\n=======\n    answer: 3 to 5 hours.\n>>>>>>> clinic\n',
    ),
    [
      'E smp.yaml:20:1: "<<<<<<<" stands where two versions of the file were merged. Keep the lines of one version, and delete the others and every such line.',
      expect.stringMatching(/^E smp\.yaml:22:1: "=======" stands where two versions/),
      expect.stringMatching(/^E smp\.yaml:24:1: ">>>>>>>" stands where two versions/),
    ],
  ],
  [
    'the same inside a text of several lines, where YAML sees nothing wrong',
    edit(
      'smp.yaml',
      'answer: One session takes about 3 to 5 hours.',
      'answer: >-\n      About 3\n      =======\n      to 5 hours.',
    ),
    [expect.stringMatching(/^E smp\.yaml:22:1: "=======" stands where two versions/)],
  ],
  [
    'a space from a web page',
    edit('smp.yaml', '    label: Price', '\u00a0   label: Price'),
    [expect.stringMatching(/^E smp\.yaml:25:1: a special space.*Delete it and type ordinary spaces\.$/)],
  ],
  [
    'quotes from a word processor',
    edit('clinic.yaml', 'phone: "+1 555 010 0000"', 'phone: “+1 555 010 0000”'),
    ['E clinic.yaml:7:10: curly quotes stand around this text. Type straight ones (") instead, or none.'],
  ],
  [
    'an indentation that does not fit',
    edit('smp.yaml', '    label: Price', '   label: Price'),
    [
      expect.stringMatching(/^E smp\.yaml:25:1: something is missing here.* Check the indentation, too\.$/),
      expect.stringMatching(/^E smp\.yaml:26:/),
      expect.stringMatching(/^E smp\.yaml:40:1: the indentation does not fit the lines above/),
      expect.stringMatching(/^E smp\.yaml:41:1: the indentation does not fit the lines above/),
    ],
  ],
  [
    'a second colon',
    edit('smp.yaml', 'title: What it costs', 'title: Money: what it costs'),
    [expect.stringMatching(/^E smp\.yaml:24:12: a second ": " stands in this line.*quotes/)],
  ],
  [
    'a quote that is not closed',
    { 'facts.yaml': 'facts:\n  F6: "One session\n' },
    [expect.stringMatching(/^E facts\.yaml:\d:\d+: something is missing here: the colon/)],
  ],
  [
    'a bracket that is not closed',
    edit('smp.yaml', '[F6]', '[F6'),
    [expect.stringMatching(/^E smp\.yaml:2[12]:\d+: /)],
  ],
  [
    'an alias',
    { 'background.yaml': 'background:\n  - &joke why\n  - *joke\n' },
    [
      expect.stringMatching(
        /^E background\.yaml:2:11: "&joke" names this place for reuse, which is not allowed here/,
      ),
      expect.stringMatching(
        /^E background\.yaml:3:5: "\*joke" refers to another place of the file, which is not allowed here/,
      ),
    ],
  ],
  [
    'a tag',
    { 'background.yaml': 'background:\n  - !!binary aGk=\n' },
    [
      'E background.yaml:2:14: starts with a YAML tag, which is not allowed here. Put the text in quotes if it starts with !.',
    ],
  ],
  [
    'a key twice',
    edit('smp.yaml', 'label: Price', 'title: Price'),
    ['E smp.yaml:25:5: "title" stands here a second time. Keep one of the two.'],
  ],
  [
    'a second document',
    { 'background.yaml': 'background:\n  - a\n---\nbackground:\n  - b\n' },
    ['E background.yaml:3:1: "---" starts a second document here. Delete that line.'],
  ],
  [
    'a key that would change every object',
    { 'facts.yaml': 'facts:\n  __proto__: {polluted: yes}\n' },
    ['E facts.yaml:2:3: "__proto__" cannot be a key.'],
  ],
  [
    'a file in another encoding',
    { 'background.yaml': Buffer.from('background:\n  - caf\xe9\n', 'latin1') },
    ['E background.yaml:2:8: is not UTF-8 text from here on: save the file as UTF-8.'],
  ],
  [
    'a control character',
    { 'background.yaml': 'background:\n  - a\u0000b\n' },
    ['E background.yaml:2:6: an invisible control character stands here: delete it and type the text again.'],
  ],
  [
    'a control character in disguise',
    { 'background.yaml': 'background:\n  - "a\\u0000b"\n' },
    [
      'E background.yaml:2:5: this text contains an invisible control character (written with a backslash): delete it.',
    ],
  ],
  [
    'two megabytes',
    { 'background.yaml': `background:\n${'  - a\n'.repeat(350_000)}` },
    ['E background.yaml:1:1: is 2.0 MB, and more than 1 MB is not read: split the file.'],
  ],
])('dangers of YAML are refused: %s', (_, changes, problems) => {
  // What hangs on the facts is another test's.
  const own = problemsIn(knowledgeFolder(changes)).filter((line) => !/says [35]|no fact "F6"/.test(line));
  expect(own).toEqual(problems);
});

test('a text of thousands of brackets, and one of aliases of aliases, are refused at once', () => {
  const doubling = 'bcdefghij'.replaceAll(/./gu, (name) => {
    const before = String.fromCharCode(name.charCodeAt(0) - 1);
    return `${name}: &${name} [*${before}, *${before}]\n`;
  });
  const bomb = `a: &a [x, x]\n${doubling}`;
  const started = performance.now();
  for (const text of [
    `background: ${'['.repeat(20_000)}`,
    `${bomb}background: [*j]\n`,
    `${'{a: '.repeat(20_000)}`,
  ]) {
    expect(
      problemsIn(knowledgeFolder({ 'background.yaml': text })).filter((line) =>
        line.startsWith('E background'),
      ),
    ).not.toEqual([]);
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('the problems of all files are reported together, top to bottom', () => {
  const folder = knowledgeFolder({
    ...edit('smp.yaml', '[F6]', '[F6, F9]'),
    ...edit('clinic.yaml', 'country: US', 'country: USA'),
    'background.yaml': 'background:\n\t- a\n',
  });
  expect(problemsIn(folder).map((line) => line.split(': ')[0])).toEqual([
    'E background.yaml:2:1',
    'E clinic.yaml:4:10',
    'E smp.yaml:21:17',
  ]);
});

test('the message of the error is one line for each, with file, line and column', () => {
  const folder = knowledgeFolder(edit('smp.yaml', '[F6]', '[F6, F9]'));
  expect(() => readKnowledge(folder, WORDING)).toThrow(
    new KnowledgeFileError([
      {
        file: join(folder, 'smp.yaml'),
        line: 21,
        column: 17,
        severity: 'error',
        message: 'facts.yaml has no fact "F9": add it there, or correct the number.',
      },
    ]),
  );
});

test('a folder that does not exist is said to be missing', () => {
  expect(problemsIn(join(knowledgeFolder(), 'nowhere'))).toEqual([
    expect.stringContaining('nowhere:1:1: cannot be opened (ENOENT): check that it exists and may be read.'),
  ]);
});

test.each<Break>([
  [
    'too few phrasings',
    edit('smp.yaml', '      - minutes or hours\n', ''),
    ['W smp.yaml:7:7: entry "session-length" has 11 phrasings: write at least 12, as visitors really ask.'],
  ],
  [
    'the same phrasing again',
    edit('smp.yaml', '- minutes or hours', '- How long is one session?'),
    [
      'W smp.yaml:18:9: "How long is one session?" is nearly "how long is one session" of the same entry: delete one, or ask it in other words.',
    ],
  ],
  ['nearly the same phrasing', edit('smp.yaml', '- minutes or hours', '- how long are one sesion'), []],
  [
    'the same phrasing with a typing error',
    edit('smp.yaml', '- minutes or hours', '- how long is one sesion'),
    [
      'W smp.yaml:18:9: "how long is one sesion" is nearly "how long is one session" of the same entry: delete one, or ask it in other words.',
    ],
  ],
  [
    'the same phrasing in another entry',
    edit('smp.yaml', '- ballpark figure', '- Hours in the chair!'),
    [
      expect.stringMatching(
        /^W smp\.yaml:39:9: "Hours in the chair!" is also a phrasing of "session-length" \(.*smp\.yaml:8\): delete it in one of them\.$/,
      ),
    ],
  ],
  [
    'a label that does not fit',
    edit('smp.yaml', 'label: Price', 'label: What the treatment costs'),
    ['W smp.yaml:25:12: "What the treatment costs" has 24 characters: quick replies are cut after 20.'],
  ],
  [
    'a number that no fact has',
    edit('smp.yaml', '3 to 5 hours', '3 to 5 hours, for 1,000 dollars'),
    ['W smp.yaml:20:13: says 1000, which none of its facts has: cite the fact, or leave the number out.'],
  ],
  [
    'an answer without facts',
    edit('smp.yaml', '    facts: [F6]\n', ''),
    [
      'W smp.yaml:20:13: cites no fact: name those it rests on under "facts:".',
      'W smp.yaml:20:13: says 3, which none of its facts has: cite the fact, or leave the number out.',
      'W smp.yaml:20:13: says 5, which none of its facts has: cite the fact, or leave the number out.',
    ],
  ],
  [
    'a text that is too long for buttons',
    edit('smp.yaml', 'One session', `${'Well, '.repeat(105)}one session`),
    ['W smp.yaml:20:13: has 667 characters: Messenger shows buttons below at most 640. Shorten it.'],
  ],
  [
    'a text that is too long for one message',
    edit('smp.yaml', 'One session', `${'Well, '.repeat(340)}one session`),
    ['W smp.yaml:20:13: has 2077 characters: Messenger takes at most 2000 in one message. Shorten it.'],
  ],
  [
    'a link that is not safe',
    edit('smp.yaml', 'hours.\n', 'hours. See http://example.com\n'),
    ['W smp.yaml:20:13: has a link that starts with http://: use https://.'],
  ],
  [
    'a sentence of the wording that is too long',
    edit('wording.yaml', 'Hello', 'Hello '.repeat(120)),
    ['W wording.yaml:2:10: has 753 characters: Messenger shows buttons below at most 640. Shorten it.'],
  ],
  [
    'a detail with a link that is not safe',
    edit('clinic.yaml', '"+1 555 010 0000"', 'http://example.com'),
    ['W clinic.yaml:7:10: has a link that starts with http://: use https://.'],
  ],
  [
    'an answer that is never said',
    edit('smp.yaml', 'approval: full', 'approval: none'),
    ['W smp.yaml:20:13: is never said, since approval is none: approve it, or delete it.'],
  ],
])('warned of: %s', (_, changes, problems) => {
  expect(problemsIn(knowledgeFolder(changes))).toEqual(problems);
});

test('warned of: a button of the wording whose text does not fit', () => {
  const folder = knowledgeFolder({
    'wording.yaml': 'chat:\n  button:\n    book: Book a free consultation\n',
  });
  const { warnings } = readKnowledge(folder, { 'chat.button.book': [] });
  expect(warnings.map(({ line, column, message }) => [line, column, message])).toEqual([
    [3, 11, '"Book a free consultation" has 24 characters: quick replies are cut after 20.'],
  ]);
});

describe('one file of entries', () => {
  const fileWith = (text: string): string => {
    const file = join(knowledgeFolder(), 'questions.yaml');
    writeFileSync(file, text);
    return file;
  };

  test('loads with nothing but ids and phrasings, whatever the ids look like', () => {
    const { knowledge } = readKnowledge(
      fileWith('entries:\n  - id: Card_arrival?\n    phrasings: [where is my card, 123]\n'),
    );
    expect(knowledge.entries).toEqual([
      {
        id: 'Card_arrival?',
        topic: 'Card_arrival?',
        title: 'Card arrival?',
        label: 'Card arrival?',
        question: 'where is my card',
        phrasings: ['where is my card', '123'],
        approval: 'full',
        answer: '',
        related: '',
        facts: [],
        followUps: [],
        danger: [],
        missing: [],
        kind: 'question',
      },
    ]);
    expect(knowledge.clinic.timeZone).toBe('UTC');
  });

  test('may also be an entry in full, without the folder it came from', () => {
    const { knowledge } = readKnowledge(fileWith(SOUND_FILES['smp.yaml'] ?? ''));
    expect(knowledge.entries[0]).toMatchObject({ approval: 'full', facts: ['F6'], followUps: ['price'] });
    expect(knowledge.entries[1]).toMatchObject({ approval: 'none', missing: ['price'] });
  });

  test('still has to be right: ids once, and an answer where it says that there is one', () => {
    const text = 'entries:\n  - {id: a, phrasings: [x], approval: full}\n  - {id: a, phrasings: [y]}\n';
    expect(() => readKnowledge(fileWith(text))).toThrow(
      /questions\.yaml:2:5: entry "a" has no answer.*\n.*questions\.yaml:3:10: the id "a"/,
    );
  });

  test('may be JSON, which is YAML too', () => {
    const entries = [{ id: 'a', phrasings: ['x: y', 'https://example.com'] }];
    expect(readKnowledge(fileWith(JSON.stringify({ entries }))).knowledge.entries[0]?.phrasings).toEqual(
      entries[0]?.phrasings,
    );
  });
});

test('whatever stands in a file, it loads or its problems have a place in it', () => {
  const folder = knowledgeFolder();
  const file = join(folder, 'smp.yaml');
  const sound = SOUND_FILES['smp.yaml'] ?? '';
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '- ',
      ': ',
      '\n',
      '\n  ',
      '\t',
      '{',
      '[',
      '"',
      "'",
      '&a ',
      '*a',
      '!!x ',
      '%',
      '---\n',
      '? ',
      '| ',
      '>-\n',
      'entries:',
      'id',
    ),
  );
  const damaged = fc
    .tuple(fc.nat(sound.length), fc.nat(40), fc.array(piece, { maxLength: 6 }))
    .map(([at, gone, pieces]) => sound.slice(0, at) + pieces.join('') + sound.slice(at + gone));
  const anything = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.oneof(damaged, anything), (text) => {
      writeFileSync(file, text);
      const lines = text.split(/\r\n|\n|\r/u);
      for (const line of problemsIn(folder).filter((each) => each.includes('smp.yaml:'))) {
        const [, row, column, message] = /smp\.yaml:(\d+):(\d+): (.+)$/su.exec(line) ?? [];
        expect(Number(row)).toBeGreaterThanOrEqual(1);
        expect(Number(row)).toBeLessThanOrEqual(lines.length);
        expect(Number(column)).toBeGreaterThanOrEqual(1);
        expect(Number(column)).toBeLessThanOrEqual((text.split('\n')[Number(row) - 1] ?? '').length + 2);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 250 },
  );
});
