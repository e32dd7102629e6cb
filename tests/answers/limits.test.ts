import { createAnswerFinder } from '../../src/answers/find-answer';
import { smallClinic } from '../support/small-clinic';

const usual = { wrongAnswer: 3, answeredOutOfScope: 4, offer: 0.8, uselessOffer: 1, missedAnswer: 1.5 };

test('the dearer a wrong answer, the surer the bot must be before it answers', () => {
  const bold = createAnswerFinder(
    smallClinic({ costs: { ...usual, wrongAnswer: 1, answeredOutOfScope: 1 } }),
  );
  const timid = createAnswerFinder(
    smallClinic({ costs: { ...usual, wrongAnswer: 50, answeredOutOfScope: 50 } }),
  );
  expect(timid.limits.answer).toBeGreaterThan(bold.limits.answer);
});

test('the dearer a useless offer, the surer the bot must be before it offers', () => {
  const free = createAnswerFinder(smallClinic({ costs: { ...usual, uselessOffer: 0.1 } }));
  const dear = createAnswerFinder(smallClinic({ costs: { ...usual, uselessOffer: 5 } }));
  expect(dear.limits.offer).toBeGreaterThan(free.limits.offer);
});
