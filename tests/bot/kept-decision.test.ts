import { createReviewStore } from '../../src/storage/review-store';
import { createTeachingStore } from '../../src/storage/teaching-store';
import { startChat } from '../support/chat';

/** What each message of the visitor counts as in the console's figures; null: it was no question of its own. */
async function countedAs(messages: string[]) {
  const chat = await startChat();
  for (const message of messages) {
    await chat.visitor(message);
    chat.replies();
  }
  const rows = await chat.database.kysely
    .selectFrom('activities')
    .select(['text', 'decided'])
    .where('role', '=', 'user')
    .where('type', '=', 'message')
    .orderBy('sequence')
    .execute();
  return { chat, counted: rows.map(({ text, decided }) => [text, decided]) };
}

test.each<[string, string[], [string, string | null][]]>([
  [
    'a yes to the offer to pass a question on is no question',
    ['do you do eyebrows', 'yes please'],
    [
      ['do you do eyebrows', 'none'],
      ['yes please', null],
    ],
  ],
  [
    'nor is a contact left in place of the yes',
    ['how much does it cost', 'ann lee, 410 555 0134'],
    [
      ['how much does it cost', 'handoff'],
      ['ann lee, 410 555 0134', null],
    ],
  ],
  [
    'nor is which of the offered questions was meant',
    ['is the dot thing on my noggin ouchy', 'the first one'],
    [
      ['is the dot thing on my noggin ouchy', 'clarify'],
      ['the first one', null],
    ],
  ],
  [
    'an offered question that was tapped is that question',
    ['is the dot thing on my noggin ouchy', 'Does the treatment hurt?'],
    [
      ['is the dot thing on my noggin ouchy', 'clarify'],
      ['Does the treatment hurt?', 'handoff'],
    ],
  ],
  [
    'a wish to book counts as one, whatever else its words are near',
    ["I'm Ann Lee, 410 555 0134, can I book for friday at 4pm?"],
    [["I'm Ann Lee, 410 555 0134, can I book for friday at 4pm?", 'booking']],
  ],
])('%s', async (_rule, messages, expected) => {
  const { counted } = await countedAs(messages);
  expect(counted).toEqual(expected);
});

test('neither is there to be taught, and "none of these" waits as the question that was asked', async () => {
  const { chat } = await countedAs(['is the dot thing on my noggin ouchy', 'none of these']);
  const teachings = createTeachingStore(chat.database);
  const open = await teachings.openQuestions('2000-01-01T00:00:00.000Z', 10);
  expect(open.map(({ text }) => text)).toEqual(['is the dot thing on my noggin ouchy']);
  const { rows } = await createReviewStore(chat.database).conversations({ review: true }, 10);
  expect(rows.map(({ review, raisedBy }) => [review, raisedBy])).toEqual([
    ['unanswered', 'is the dot thing on my noggin ouchy'],
  ]);
});
