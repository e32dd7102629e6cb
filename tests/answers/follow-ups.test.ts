import { shippedAnswers } from '../support/shipped-answers';

/** What a short message means after an answer: the entry answered, the message, what it is understood as. */

const { finder } = shippedAnswers();

test.each([
  ['longevity-touchups', 'and for women?', 'women'],
  ['longevity-touchups', 'how long does it take?', 'session-length'],
  ['longevity-touchups', 'what about the price', 'price'],
  ['longevity-touchups', 'will it fade?', 'fading-colour'],
  ['what-is-smp', 'is that permanent?', 'longevity-touchups'],
  ['what-is-smp', 'how long does it last', 'longevity-touchups'],
  ['what-is-smp', 'does it hurt?', 'pain'],
  ['what-is-smp', 'is it safe?', 'side-effects-safety'],
  ['what-is-smp', 'so is it like a tattoo?', 'vs-tattoo'],
  ['what-is-smp', 'who does it?', 'practitioner-credentials'],
  ['what-is-smp', 'where are you?', 'clinic-identity-where'],
  ['session-length', 'and how many?', 'sessions-count'],
  ['session-length', 'and the price?', 'price'],
  ['sessions-count', 'how long is each?', 'session-length'],
  ['sessions-count', 'how far apart?', 'session-spacing'],
  ['sessions-count', 'and between them?', 'session-spacing'],
  ['alopecia', 'and scars?', 'scars'],
  ['scars', 'and alopecia?', 'alopecia'],
  ['price', 'and insurance?', 'insurance'],
  ['price', 'can i pay monthly?', 'financing-payment'],
  ['clinic-identity-where', 'and parking?', 'parking-travel'],
  ['clinic-identity-where', 'what are the hours?', 'opening-hours'],
  ['healing-downtime', 'when can i shower?', 'gym-swim-sun'],
  ['healing-downtime', 'and the gym?', 'gym-swim-sun'],
  ['healing-downtime', 'what about swimming', 'gym-swim-sun'],
  ['hair-transplant', 'is it cheaper?', 'price'],
])('after "%s", "%s" is about %s', (lastEntry, text, entry) => {
  const { decision, candidates } = finder.decide(text, { lastEntry });
  expect(candidates[0]?.entry).toBe(entry);
  expect(decision).not.toBe('none');
});

test.each([
  ['longevity-touchups', 'lol'],
  ['longevity-touchups', 'and bananas?'],
  ['longevity-touchups', 'what about pizza?'],
  ['price', 'what about the weather'],
  ['price', 'asdf qwer zxcv'],
  ['women', 'why?'],
  ['women', 'how so?'],
])('after "%s", "%s" goes on from nothing', (lastEntry, text) => {
  expect(finder.decide(text, { lastEntry })).toMatchObject({ decision: 'none', entry: null });
});

test('a question of its own is not bent by the last answer', () => {
  const text = 'how many sessions will i need';
  expect(finder.decide(text, { lastEntry: 'longevity-touchups' })).toEqual(finder.decide(text));
});
