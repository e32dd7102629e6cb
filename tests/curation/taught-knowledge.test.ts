import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAnswerFinder } from '../../src/answers/find-answer';
import { mergeDrafts, mergeTaught, withPhrase } from '../../src/curation/merge-taught';
import { readKnowledge } from '../../src/curation/read-knowledge';
import { teach } from '../../src/curation/taught-knowledge';
import { tryChange } from '../../src/curation/try-change';
import { knowledgeOf } from '../support/knowledge';
import { smallClinic } from '../support/small-clinic';

const LABELLED = readFileSync(path.resolve(__dirname, '..', 'answers', 'questions', 'labelled.jsonl'), 'utf8')
  .split('\n')
  .flatMap((line) => (line === '' ? [] : [String(JSON.parse(line).text)]));
const SHIPPED = path.resolve(__dirname, '..', '..', 'knowledge');

test('what staff have taught is a phrasing like any other, under another version', () => {
  const knowledge = knowledgeOf([
    { id: 'parking', phrasings: ['where can I park'] },
    { id: 'pain', phrasings: ['does it hurt'] },
  ]);
  const taught = teach(knowledge, [
    { text: 'wheels where', entry: 'parking' },
    { text: 'do you sell cars', entry: null },
    { text: 'gone', entry: 'an-entry-that-was-deleted' },
  ]);
  expect(taught.entries[0]?.phrasings).toEqual(['where can I park', 'wheels where']);
  expect(taught.entries[1]).toBe(knowledge.entries[1]);
  expect(taught.background).toEqual(['do you sell cars']);
  expect(taught.version).toMatch(/^[0-9a-f]{12}$/);
  expect(taught.version).not.toBe(knowledge.version);
  expect(teach(knowledge, [])).toBe(knowledge);
  expect(createAnswerFinder(taught).decide('wheels where').candidates[0]?.entry).toBe('parking');
});

test('trying a phrase answers with and without it, and changes nothing', () => {
  const knowledge = smallClinic();
  const text = 'is the dot thing on my noggin ouchy';
  const { before, after } = tryChange({
    knowledge,
    change: { text, entry: 'pain' },
    questions: [text, 'How long does one session take?'],
  });
  expect(before[0]?.entry).toBeNull();
  // Understood; whether it is answered is the clinic's approval, which no phrase changes.
  expect(after[0]?.entry).toBe('pain');
  expect(after[1]).toMatchObject({ decision: 'answer', entry: 'session-length' });
  expect(knowledge.entries.some((entry) => entry.phrasings.includes(text))).toBe(false);
});

test('what a draft does is told apart from what learning the confidence anew does', () => {
  const knowledge = readKnowledge(SHIPPED).knowledge;
  const change = {
    entry: 'gift-cards',
    title: 'Gift cards',
    phrasings: ['do you sell gift cards', 'gift voucher'],
  };
  const questions = ['gift voucher?', ...LABELLED];
  const { before, after, asSureAsBefore } = tryChange({ knowledge, change, questions });
  const saying = (decision?: { decision: string; entry: string | null }) => [
    decision?.decision,
    decision?.entry,
  ];
  expect(saying(asSureAsBefore[0])).toEqual(['handoff', 'gift-cards']);
  const differing = (changed: typeof after) =>
    questions.filter((_, index) => String(saying(before[index])) !== String(saying(changed[index])));
  const unlearnt = differing(asSureAsBefore);
  // The labelled questions have nothing to do with gift cards.
  expect(unlearnt).toContain('gift voucher?');
  expect(unlearnt.length).toBeLessThan(5);
  for (const text of unlearnt) expect(differing(after)).toContain(text);
}, 60_000);

test('merging adds lines and touches nothing else: comments, order and every other line stay', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'enquiry-knowledge-'));
  try {
    cpSync(SHIPPED, folder, { recursive: true });
    const before = readFileSync(path.join(folder, 'smp.yaml'), 'utf8').split('\n');
    const phrases = [
      { text: 'is the dot thing ouchy', entry: 'pain' },
      { text: 'yes: or "no"?', entry: 'pain' },
      { text: 'do you sell quokkas', entry: null },
      { text: 'nowhere', entry: 'no-such-entry' },
    ];
    const result = mergeTaught(folder, phrases);
    expect(new Set(result.merged)).toEqual(new Set(phrases.slice(0, 3)));
    expect(result.homeless).toEqual(phrases.slice(3));
    const after = readFileSync(path.join(folder, 'smp.yaml'), 'utf8').split('\n');
    expect(after.filter((line) => !before.includes(line))).toHaveLength(2);
    expect(after.filter((line) => before.includes(line))).toEqual(before);
    const { knowledge } = readKnowledge(folder);
    const pain = knowledge.entries.find(({ id }) => id === 'pain')?.phrasings ?? [];
    expect(pain.slice(-2)).toEqual(['is the dot thing ouchy', 'yes: or "no"?']);
    expect(knowledge.background).toContain('do you sell quokkas');
    expect(mergeTaught(folder, phrases).files).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a drafted entry is added at the end, recognised and not approved, and nothing else is touched', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'enquiry-knowledge-'));
  try {
    cpSync(SHIPPED, folder, { recursive: true });
    const before = readFileSync(path.join(folder, 'smp.yaml'), 'utf8');
    const draft = {
      entry: 'gift-cards',
      title: 'Gift cards: all kinds',
      phrasings: ['do you sell gift cards', 'is it "yes" or no?'],
      answer: 'Yes: at the desk.',
    };
    const known = { ...draft, entry: 'pain' };
    expect(mergeDrafts(folder, [draft, known])).toEqual({ merged: [draft, known], files: ['smp.yaml'] });
    const after = readFileSync(path.join(folder, 'smp.yaml'), 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after).toContain('#   Yes: at the desk.');
    const { knowledge, warnings } = readKnowledge(folder);
    const entry = knowledge.entries.find(({ id }) => id === 'gift-cards');
    expect(entry).toMatchObject({ title: draft.title, phrasings: draft.phrasings, approval: 'none' });
    expect(warnings.map(({ message }) => message).join()).not.toContain('error');
    expect(mergeDrafts(folder, [draft]).files).toEqual([]);
    // A phrase for it finds its place like any other.
    expect(mergeTaught(folder, [{ entry: 'gift-cards', text: 'vouchers?' }]).files).toEqual(['smp.yaml']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a drafted entry stands behind the last one also where other lists follow', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'enquiry-knowledge-'));
  try {
    const file = path.join(folder, 'a.yaml');
    const tail = '\n# the rest\nbackground:\n- hello\n';
    writeFileSync(file, `entries:\n- id: a\n  phrasings: [one] # why\n${tail}`);
    mergeDrafts(folder, [{ entry: 'b', title: 'B', phrasings: ['two'], answer: '' }]);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(
      /- id: a\n {2}phrasings: \[one\] # why\n\n# Drafted[^]*- id: b\n[^]*approval: none\n/,
    );
    expect(text.endsWith(tail)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  [
    'a list below',
    'entries:\n  - id: a\n    phrasings:\n      - one # why\n      - two\n\n    answer: x\n',
    '      - two\n      - new\n',
  ],
  [
    'a list in a line',
    'entries:\n  - id: a\n    phrasings: [one, two] # why\n    answer: x\n',
    '[one, two, new] # why\n',
  ],
  [
    'the end of the file without a line break',
    'entries:\n  - id: a\n    phrasings:\n      - one',
    '- one\n      - new',
  ],
  [
    'Windows line ends',
    'entries:\r\n  - id: a\r\n    phrasings:\r\n      - one\r\n    answer: x\r\n',
    '- one\r\n      - new\r\n    answer',
  ],
])('a phrase is added to %s', (_what, text, expected) => {
  const merged = withPhrase(text, { entry: 'a', text: 'new' });
  expect(merged).toContain(expected);
  expect(withPhrase(merged ?? '', { entry: 'a', text: 'new' })).toBe(merged);
  expect(withPhrase(text, { entry: 'b', text: 'new' })).toBeUndefined();
});

test('a merge is whole or not at all: no half-written file is left beside the folder’s', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'enquiry-knowledge-'));
  try {
    writeFileSync(path.join(folder, 'a.yaml'), 'entries:\n  - id: a\n    phrasings: [one]\n');
    mergeTaught(folder, [{ entry: 'a', text: '- [not: yaml' }]);
    expect(readFileSync(path.join(folder, 'a.yaml'), 'utf8')).toContain('"- [not: yaml"');
    expect(() => readFileSync(path.join(folder, 'a.yaml.new'))).toThrow(/ENOENT/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
