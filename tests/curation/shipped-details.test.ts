import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../../src/answers/knowledge';
import { readKnowledge } from '../../src/curation/read-knowledge';

/** What a clinic gets for filling in a detail of the shipped clinic.yaml: the very sentence that visitors read. */

const SHIPPED = join(__dirname, '..', '..', 'knowledge');
const folder = mkdtempSync(join(tmpdir(), 'details-'));
cpSync(SHIPPED, folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

const clinicFile = readFileSync(join(SHIPPED, 'clinic.yaml'), 'utf8');

function entriesWith(clinic: string): { entries: Map<string, Entry>; warnings: string[] } {
  writeFileSync(join(folder, 'clinic.yaml'), clinic);
  const { knowledge, warnings } = readKnowledge(folder);
  return {
    entries: new Map(knowledge.entries.map((entry) => [entry.id, entry])),
    warnings: warnings.map(({ message }) => message),
  };
}

/** As knowledge/README.md says: the text goes between the quotes. */
function filledIn(clinic: string, detail: string, text: string): string {
  const line = `  ${detail}: ""`;
  if (!clinic.includes(line)) throw new Error(`clinic.yaml has no line ${line}`);
  return clinic.replace(line, `  ${detail}: "${text}"`);
}

/** As knowledge/README.md says: the "# " goes. */
const hoursFilledIn = (clinic: string) =>
  clinic.replaceAll(/^# (hours:|  (?:mon|tues|wednes|thurs|fri|satur|sun)day:.*)$/gmu, '$1');

const DETAILS: [detail: string, text: string, entry: string, answer: string][] = [
  [
    'price',
    'Every head is different, so a quote is given at the consultation, which is free.',
    'price',
    'This is what the clinic says about its prices: Every head is different, so a quote is given at the consultation, which is free.',
  ],
  [
    'payment',
    'We take all major cards and cash. A deposit of 100 dollars holds your date.',
    'financing-payment',
    'This is what the clinic says about payment: We take all major cards and cash. A deposit of 100 dollars holds your date.',
  ],
  [
    'insurance',
    'Insurance plans do not usually pay for it; we give you an itemized receipt.',
    'insurance',
    'This is what the clinic says about insurance: Insurance plans do not usually pay for it; we give you an itemized receipt. Please ask your insurer too.',
  ],
  ['phone', '+1 410 555 0134', 'phone-contact', 'You can reach the clinic by phone at +1 410 555 0134.'],
  ['email', 'hello@clinic.example', 'email-contact', 'You can write to the clinic at hello@clinic.example.'],
  [
    'address',
    '12 Example Road, Suite 4, Bethesda, MD 20814',
    'exact-address',
    'Scalp Allure is at 12 Example Road, Suite 4, Bethesda, MD 20814.',
  ],
  [
    'parking',
    'There is free parking behind the building, and an elevator.',
    'parking-travel',
    'This is what the clinic says about parking and getting there: There is free parking behind the building, and an elevator.',
  ],
  [
    'photos',
    'https://clinic.example/photos',
    'before-after-photos',
    "I can't show pictures here, but you can look at the clinic's work at https://clinic.example/photos",
  ],
  [
    'reviews',
    'https://clinic.example/reviews',
    'reviews',
    "I can't show reviews here, but you can read them at https://clinic.example/reviews",
  ],
];

test.each(DETAILS)('%s: filling it in unlocks its answer and nothing else', (detail, text, id, answer) => {
  const before = entriesWith(clinicFile).entries;
  const { entries, warnings } = entriesWith(filledIn(clinicFile, detail, text));
  expect(warnings).toEqual([]);
  expect(before.get(id)).toMatchObject({ approval: 'none', missing: [detail] });
  expect(entries.get(id)).toMatchObject({ approval: 'full', answer, missing: [] });
  expect([...entries.values()].filter((entry) => entry.answer !== before.get(entry.id)?.answer)).toHaveLength(
    1,
  );
});

test('hours: filled in, they are told in plain words', () => {
  const { entries, warnings } = entriesWith(hoursFilledIn(clinicFile));
  expect(warnings).toEqual([]);
  expect(entries.get('opening-hours')).toMatchObject({
    approval: 'full',
    answer:
      "The clinic's opening hours: Monday and Tuesday 9 am to 5 pm, Wednesday 9 am to noon and 1 pm to 5 pm, Thursday and Friday 9 am to 5 pm; closed on Saturday and Sunday.",
  });
});

test('with every detail filled in, no answer waits for one any more', () => {
  const all = DETAILS.reduce(
    (clinic, [detail, text]) => filledIn(clinic, detail, text),
    hoursFilledIn(clinicFile),
  );
  const { entries } = entriesWith(all);
  expect([...entries.values()].filter(({ missing }) => missing.length > 0).map(({ id }) => id)).toEqual([]);
});

test('only the details that are for own answers have no entry that waits for them', () => {
  const { entries } = entriesWith(clinicFile);
  const awaited = new Set([...entries.values()].flatMap(({ missing }) => missing));
  const { unknown } = readKnowledge(folder).knowledge.clinic;
  expect(unknown.filter((detail) => !awaited.has(detail))).toEqual(['website', 'bookingUrl']);
});
