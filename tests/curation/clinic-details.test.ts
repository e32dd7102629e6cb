import { spokenHours } from '../../src/curation/clinic-details';
import { readKnowledge } from '../../src/curation/read-knowledge';
import { changed, knowledgeFolder, removeFolders, WORDING } from './knowledge-folder';

afterAll(removeFolders);

const NINE_TO_FIVE = [{ opens: '09:00', closes: '17:00' }];

test.each([
  [
    'Monday to Friday 9 am to 5 pm, Saturday 10 am to 2:30 pm; closed on Sunday',
    {
      1: NINE_TO_FIVE,
      2: NINE_TO_FIVE,
      3: NINE_TO_FIVE,
      4: NINE_TO_FIVE,
      5: NINE_TO_FIVE,
      6: [{ opens: '10:00', closes: '14:30' }],
    },
  ],
  [
    'Wednesday 9 am to noon and 1 pm to midnight; closed on Monday and Tuesday and Thursday to Sunday',
    {
      3: [
        { opens: '09:00', closes: '12:00' },
        { opens: '13:00', closes: '24:00' },
      ],
    },
  ],
  ['closed all week', {}],
])('opening hours are said as people say them: %s', (spoken, hours) => {
  expect(spokenHours(hours)).toBe(spoken);
});

test('hours that are filled in unlock the answer that says them', () => {
  const files = {
    ...changed(
      'clinic.yaml',
      'details:',
      'hours:\n  monday: 09:00-17:00\n  tuesday: "09:00-12:00, 13:00-17:00"\n  sunday: closed\ndetails:',
    ),
    'more.yaml':
      'entries:\n  - {id: opening-hours, phrasings: [when are you open], answer: "We are open {{clinic.hours}}.", needs: [clinic.hours]}\n',
  };
  const { knowledge } = readKnowledge(knowledgeFolder(files), WORDING);
  expect(knowledge.clinic.hours).toEqual({
    1: [{ opens: '09:00', closes: '17:00' }],
    2: [
      { opens: '09:00', closes: '12:00' },
      { opens: '13:00', closes: '17:00' },
    ],
  });
  expect(knowledge.entries[0]).toMatchObject({
    approval: 'full',
    answer:
      'We are open Monday 9 am to 5 pm, Tuesday 9 am to noon and 1 pm to 5 pm; closed on Wednesday to Sunday.',
  });
});

test('holidays are days and stretches of days', () => {
  const { knowledge } = readKnowledge(
    knowledgeFolder(
      changed('clinic.yaml', 'details:', 'closedOn:\n  - 2026-07-04\n  - 2026-12-31 to 2027-01-02\ndetails:'),
    ),
    WORDING,
  );
  expect(knowledge.clinic.closedOn).toEqual(['2026-07-04', '2026-12-31', '2027-01-01', '2027-01-02']);
});

test('while no day is filled in, the hours are unknown and not closed', () => {
  const { knowledge } = readKnowledge(
    knowledgeFolder(changed('clinic.yaml', 'details:', 'hours:\n  monday:\ndetails:')),
    WORDING,
  );
  expect(knowledge.clinic.hours).toBeUndefined();
  expect(knowledge.clinic.unknown).toContain('hours');
});

test.each([
  ['', undefined],
  ['notify:\n  personalData: true\n', { personalData: true }],
  ['notify:\n  personalData: false\n', { personalData: false }],
])('whether e-mails to staff may name the visitor: %j', (lines, notify) => {
  const { knowledge } = readKnowledge(
    knowledgeFolder(changed('clinic.yaml', 'details:', `${lines}details:`)),
    WORDING,
  );
  expect(knowledge.clinic.notify).toEqual(notify);
});
