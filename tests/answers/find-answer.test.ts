import fc from 'fast-check';
import { readCalibration } from '../../src/answers/calibration';
import { createAnswerFinder } from '../../src/answers/find-answer';
import { knowledgeOf } from '../support/knowledge';
import { smallClinic } from '../support/small-clinic';

const finder = createAnswerFinder(smallClinic());
const first = (text: string) => finder.decide(text).candidates[0]?.entry;

describe('what a message means', () => {
  test.each([
    ['how long does a session take', 'session-length'],
    ['how many sessions', 'sessions-count'],
    ['does it last forever or is it permanent', 'longevity'],
    ['what are you charging', 'price'],
    ['is it going to be painful', 'pain'],
    ['Do you treat women?', 'women'],
  ])('%s -> %s', (text, entry) => {
    expect(first(text)).toBe(entry);
  });

  test.each([
    ['how long dose one sesion take', 'session-length'],
    ['how mcuh does it cots', 'price'],
    ['is it permanant', 'longevity'],
    ['howmany treatmnets in totl', 'sessions-count'],
    ['is the treatement painfull', 'pain'],
  ])('typing mistakes do not matter: %s', (text, entry) => {
    expect(first(text)).toBe(entry);
  });

  test('a question with an approved answer is answered, one without is recognised and handed on', () => {
    expect(finder.decide('how long does one session take')).toMatchObject({
      decision: 'answer',
      entry: 'session-length',
    });
    expect(finder.decide('how much does it cost')).toMatchObject({
      decision: 'handoff',
      entry: 'price',
      topic: 'price',
    });
  });

  test('a wish to book goes to the booking', () => {
    expect(finder.decide('i want to book an appointment')).toMatchObject({
      decision: 'booking',
      entry: 'booking',
    });
  });

  test('a greeting is returned, but never beats a question', () => {
    expect(finder.decide('hi there')).toMatchObject({ decision: 'answer', entry: 'greeting' });
    expect(first('hi there, how much does it cost?')).toBe('price');
    expect(first('Good morning! Is it permanent? Thanks a lot')).toBe('longevity');
  });

  test('a question is found in chatter', () => {
    expect(
      first(
        'My brother told me about you last week. He looks great now. So how much does it cost? We might come together.',
      ),
    ).toBe('price');
  });

  test.each([
    ['How long does one session take? Is it permanent?', 'session-length', 'longevity'],
    ['Is it permanent? How long does one session take?', 'longevity', 'session-length'],
    ['is it permanent and how long does one session take', 'longevity', 'session-length'],
  ])('"%s": two questions are answered in the order they were asked', (text, first, second) => {
    const decision = finder.decide(text);
    expect([decision.entry, decision.second?.entry]).toEqual([first, second]);
  });

  test('a greeting does not answer a request that was not understood', () => {
    expect(finder.decide('Hello! Which planet has the tallest mountain? Thanks').decision).toBe('none');
    expect(finder.decide('Hello! Thanks').decision).toBe('answer');
  });

  test.each(['asdf qwer', 'zork the glimmer fnord'])('"%s" goes on from nothing', (text) => {
    expect(finder.decide(text, { lastEntry: 'session-length' }).decision).toBe('none');
  });

  test('the topic is the one the entry belongs to', () => {
    const other = createAnswerFinder(
      knowledgeOf([{ id: 'parking-fee', topic: 'parking', phrasings: ['is parking free'] }]),
    );
    expect(other.decide('is parking free').candidates[0]).toMatchObject({
      entry: 'parking-fee',
      topic: 'parking',
    });
  });
});

describe('what no entry may answer', () => {
  test.each(['what is the weather in boston', 'tell me another joke', 'asdf qwer zxcv', 'order two pizzas'])(
    '%s',
    (text) => {
      expect(['none', 'clarify']).toContain(finder.decide(text).decision);
      expect(finder.decide(text).entry).toBeNull();
    },
  );

  test.each(['', '   ', '?!', '20814', '+1 410 555 0134', '\u{1F642}\u{1F642}'])(
    '"%s" has no word in it',
    (text) => {
      expect(finder.decide(text)).toMatchObject({ decision: 'none', entry: null, candidates: [] });
    },
  );

  test('words nobody knows make it less sure', () => {
    const known = finder.decide('how much does it cost').confidence;
    expect(finder.decide('how much does it cost to spay a budgerigar').confidence).toBeLessThan(known);
  });

  test('candidates are the best five, best first, with confidences that add up to no more than one', () => {
    const { candidates, confidence } = finder.decide('how long is it');
    const confidences = candidates.map((candidate) => candidate.confidence);
    expect(candidates).toHaveLength(5);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    expect(confidences[0]).toBe(confidence);
    expect(confidences.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1.001);
  });
});

describe('health comes first', () => {
  test.each([
    'I have lupus, can I get it',
    'can i get it, i have psoriasis',
    'i take blood thinners, am i a good candidate',
    'im pregnant, would it work for me',
    'is it right for me with diabetes',
  ])('"%s" never gets a yes', (text) => {
    const decision = finder.decide(text);
    expect(decision.entry).not.toBe('candidates');
    expect(decision.candidates[0]?.entry).toBe('medical-conditions');
  });

  test('who names no condition still gets the answer', () => {
    expect(first('am i a good candidate')).toBe('candidates');
  });
});

describe('danger', () => {
  test.each([
    ['i want to kill myself', 'crisis'],
    ['i just want to die', 'crisis'],
    ['i will kil myslef', 'crisis'],
    ['i have had a fever since the session, how long does it last', 'emergency'],
    ['my head is full of pus', 'emergency'],
  ] as const)('"%s" gets the fixed text', (text, kind) => {
    expect(finder.decide(text)).toMatchObject({ decision: 'safety', safety: kind, entry: null });
  });

  test('the emergency number is no other number', () => {
    const clinic = smallClinic({
      safety: [
        {
          kind: 'emergency',
          phrases: ['calling 911'],
          together: [],
          except: [],
          notAfter: [],
          past: [],
          text: 'Call 911.',
        },
      ],
    });
    const careful = createAnswerFinder(clinic);
    expect(careful.decide('should i be calling 911').decision).toBe('safety');
    expect(careful.decide('can someone call me at 410-555-0134?').decision).not.toBe('safety');
  });

  test('a figure of speech is not a crisis', () => {
    expect(finder.decide('i want to die to get this done').decision).not.toBe('safety');
    expect(finder.decide('i want to die to get this done, no really i want to die').decision).toBe('safety');
  });
});

describe('going on from the last answer', () => {
  test('a short message that is sure by itself means what it says', () => {
    expect(finder.decide('is it permanent', { lastEntry: 'price' }).candidates[0]?.entry).toBe('longevity');
  });

  test('"and how many?" after the length of a session is the number of sessions', () => {
    const alone = finder.decide('and how many?');
    const after = finder.decide('and how many?', { lastEntry: 'session-length' });
    const confidenceIn = (decision: typeof alone) =>
      decision.candidates.find(({ entry }) => entry === 'sessions-count')?.confidence ?? 0;
    expect(after.candidates[0]?.entry).toBe('sessions-count');
    expect(confidenceIn(after)).toBeGreaterThan(confidenceIn(alone));
  });

  test('"and for women?" is understood after another answer', () => {
    expect(
      finder
        .decide('and for women?', { lastEntry: 'longevity' })
        .candidates.slice(0, 2)
        .map(({ entry }) => entry),
    ).toContain('women');
  });

  test('an entry that is gone is no context', () => {
    expect(finder.decide('and how many?', { lastEntry: 'gone' })).toEqual(finder.decide('and how many?'));
  });
});

describe('every decision explains itself', () => {
  test('corrections, nearest phrasing, what counted, and what is unknown', () => {
    const { why } = finder.decide('how long dose one sesion take, roughly');
    expect(why.corrections).toContainEqual(['sesion', 'session']);
    expect(why.phrasing).toBe('How long does one session take?');
    expect(why.terms.map(([term]) => term)).toContain('session');
    expect(why.terms.every(([, share]) => share > 0 && share <= 1)).toBe(true);
    expect(why.unknownWords).toEqual(['roughly']);
  });

  test('one sentence names the first, the runner-up and the limit', () => {
    const { why, candidates } = finder.decide('how much does it cost');
    expect(why.sentence).toContain('"price"');
    expect(why.sentence).toContain(`"${candidates[1]!.entry}"`);
  });
});

describe('any text, any knowledge', () => {
  test('nothing a visitor can type makes it throw, and the same text gets the same decision', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        expect(finder.decide(text)).toEqual(finder.decide(text));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['a lone surrogate', 'how much \ud800 does it cost'],
    ['a NUL', 'how much\u0000 does it cost'],
    ['a ligature of eighteen letters', '\ufdfa'.repeat(1000)],
    ['one endless word', 'x'.repeat(100_000)],
    [
      'words nobody can correct',
      Array.from({ length: 140 }, (_, at) => `sess${at.toString(36)}on`).join(' '),
    ],
    ['nothing but commas and questions', 'how, much. '.repeat(100)],
    ['single letters', 'a '.repeat(500)],
  ])('%s is read in at most 50 ms', (_name, text) => {
    // A new finder each time, since corrections are remembered; the processor's time, since the machine may be busy.
    const times = [1, 2, 3].map(() => {
      const fresh = createAnswerFinder(smallClinic());
      const before = process.cpuUsage();
      fresh.decide(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });

  test('only the first 1,000 characters are read', () => {
    const long = 'how much does it cost '.padEnd(1000, '. ');
    expect({ ...finder.decide(`${long} is it permanent`), text: '' }).toEqual({
      ...finder.decide(long),
      text: '',
    });
  });

  test('a second finder of the same knowledge decides the same', () => {
    const again = createAnswerFinder(smallClinic());
    expect(again.limits).toEqual(finder.limits);
    expect(again.decide('how long is it')).toEqual(finder.decide('how long is it'));
  });

  test('a finder that was handed the calibration of an earlier one decides the same', () => {
    const kept = readCalibration(JSON.stringify(finder.calibration));
    const again = createAnswerFinder(smallClinic(), kept);
    expect(kept).toEqual(finder.calibration);
    for (const text of ['how long is it', 'i have lupus, can i get it', 'what is the weather in boston'])
      expect(again.decide(text)).toEqual(finder.decide(text));
  });

  test('what it was handed rules: at limits nobody reaches, nothing is answered', () => {
    const { calibration } = finder;
    const timid = { ...calibration, limits: { ...calibration.limits, answer: 1, offer: 1 } };
    expect(createAnswerFinder(smallClinic(), timid).decide('how much does it cost').decision).toBe('none');
  });

  test('no entry, one entry, one phrasing: it loads and answers what it can', () => {
    expect(createAnswerFinder(knowledgeOf([])).decide('hello').decision).toBe('none');
    const single = createAnswerFinder(knowledgeOf([{ id: 'only', phrasings: ['where do i park'] }]));
    expect(single.decide('where do i park').candidates[0]?.entry).toBe('only');
    expect(single.decide('completely different matter').entry).toBeNull();
  });

  test('an entry without a single sentence disturbs nobody', () => {
    const thin = createAnswerFinder(
      knowledgeOf([{ id: 'empty' }, { id: 'park', phrasings: ['where do i park', 'is there a garage'] }]),
    );
    expect(thin.decide('where to park').candidates[0]?.entry).toBe('park');
  });
});
