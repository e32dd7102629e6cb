import { createAnswerFinder } from '../../src/answers/find-answer';
import { plainKnowledge } from '../../src/answers/plain-knowledge';

/** Files with ids and phrasings only, as other programs bring them: no background, no lexicon, no titles. */

const shop = plainKnowledge([
  {
    id: 'cancel-order',
    phrasings: [
      'i want to cancel my order',
      'please cancel what i ordered',
      'cancel the order from yesterday',
      'can an order be cancelled',
      'how do i cancel',
    ],
  },
  {
    id: 'delivery-time',
    phrasings: [
      'when will my parcel arrive',
      'how long does delivery take',
      'is the parcel on its way',
      'my delivery is late',
      'when do you deliver',
    ],
  },
  {
    id: 'opening-hours',
    phrasings: [
      'when are you open',
      'opening hours of the shop',
      'are you open on sunday',
      'when do you close',
      'until when are you open today',
    ],
  },
  {
    id: 'refund',
    phrasings: [
      'i want my money back',
      'how do i get a refund',
      'where is my refund',
      'do you refund the postage',
      'can i return it for a refund',
    ],
  },
]);
const finder = createAnswerFinder(shop);

test.each([
  ['please call off my purchase', 'cancel-order'],
  ['has my package been dispatched', 'delivery-time'],
  ['can you reimburse me', 'refund'],
])('everyday synonyms are understood: "%s"', (text, entry) => {
  expect(finder.decide(text).candidates[0]?.entry).toBe(entry);
});

test('what its phrasings nearly say is answered, what they do not is not', () => {
  expect(finder.decide('how do i cancel my order')).toMatchObject({
    decision: 'answer',
    entry: 'cancel-order',
  });
  expect(finder.decide('what is the meaning of life').decision).toBe('none');
});
