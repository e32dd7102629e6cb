import { createAnswerFinder } from '../../src/answers/find-answer';
import { shippedAnswers } from '../support/shipped-answers';
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

test('a bot that is known to be understood well is surer of the same message', () => {
  const measured = createAnswerFinder(smallClinic({ costs: { ...usual, understood: 0.95 } }));
  const unmeasured = createAnswerFinder(smallClinic({ costs: usual }));
  const text = 'what would it cost me';
  expect(measured.decide(text).confidence).toBeGreaterThan(unmeasured.decide(text).confidence);
});

// Eight knowledges are learnt, about a second each.
test('taking any one phrasing out of the knowledge hardly moves the limits', () => {
  const { knowledge, finder } = shippedAnswers();
  const all = knowledge.entries.flatMap(({ phrasings }) => phrasings);
  const taken = Array.from({ length: 8 }, (_, at) => all[Math.floor(((at + 0.5) * all.length) / 8)]!);
  for (const phrasing of taken) {
    const entries = knowledge.entries.map((entry) => ({
      ...entry,
      phrasings: entry.phrasings.filter((text) => text !== phrasing),
    }));
    const { limits, dangerFloor } = createAnswerFinder({ ...knowledge, entries });
    expect(Math.abs(limits.answer - finder.limits.answer)).toBeLessThan(0.03);
    expect(Math.abs(limits.offer - finder.limits.offer)).toBeLessThan(0.03);
    expect(Math.abs(dangerFloor - finder.dangerFloor)).toBeLessThan(0.03);
  }
}, 120_000);
