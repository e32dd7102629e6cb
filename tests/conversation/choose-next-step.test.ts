import type { Decision } from '../../src/answers/decision';
import type { Entry } from '../../src/answers/knowledge';
import { type Situation, chooseNextStep } from '../../src/conversation/choose-next-step';
import { NEW_CONVERSATION, type Waiting } from '../../src/conversation/conversation-state';
import { entryOf } from '../support/knowledge';

const ENTRIES = new Map(
  [
    entry('longevity', 'full'),
    entry('length', 'full'),
    entry('price', 'none'),
    entry('candidates', 'full'),
    { ...entry('booking', 'partial'), kind: 'booking' as const },
    { ...entry('greeting', 'full'), kind: 'small-talk' as const },
    { ...entry('feelings', 'full'), kind: 'care' as const },
  ].map((made) => [made.id, made]),
);

describe('the rules, in their order', () => {
  test('danger comes before everything, even before a command and in the middle of a booking', () => {
    const step = next({
      text: 'cancel',
      decision: decided('safety', { safety: 'crisis' }),
      inDialog: 'surely',
    });
    expect(step).toEqual({ do: 'say-safety', kind: 'crisis' });
  });

  test('a word that must always work is obeyed while a dialog waits', () => {
    expect(next({ text: 'never mind', decision: decided('none'), inDialog: 'maybe' })).toEqual({
      do: 'obey',
      command: 'cancel',
    });
  });

  test.each([
    ['I lost my reference number', 'pass-on-change'],
    ['I never got the booking code', 'pass-on-change'],
    ["I don't have a promo code", 'fall-back'],
    ['I forgot the zip code', 'fall-back'],
  ])('"%s": the code of a request, or another', (text, step) => {
    expect(next({ text, decision: decided('none') }).do).toBe(step);
  });

  test('a reply to the waiting dialog goes to the dialog', () => {
    expect(next({ text: 'Ann Lee', decision: decided('none'), inDialog: 'maybe' })).toEqual({
      do: 'continue-dialog',
    });
  });

  test('a clear question in the middle of a dialog is answered first', () => {
    const step = next({
      text: 'how long does it last?',
      decision: decided('answer', { entry: 'longevity' }),
      inDialog: 'no',
    });
    expect(step).toEqual({ do: 'answer-then-reprompt', answer: { do: 'answer', entries: ['longevity'] } });
  });

  test('what is surely a reply stays one, question mark or not', () => {
    const step = next({
      text: 'is friday ok?',
      decision: decided('answer', { entry: 'longevity' }),
      inDialog: 'surely',
    });
    expect(step).toEqual({ do: 'continue-dialog' });
  });

  test('free text that could be a reply is only taken for a question that we know', () => {
    expect(
      next({ text: 'is my cousin allowed to join?', decision: decided('none'), inDialog: 'maybe' }),
    ).toEqual({ do: 'continue-dialog' });
    expect(
      next({
        text: 'what does it cost?',
        decision: decided('handoff', { entry: 'price' }),
        inDialog: 'maybe',
      }),
    ).toEqual({
      do: 'answer-then-reprompt',
      answer: { do: 'hand-off', entries: ['price'] },
    });
  });

  test('a wish to book begins the booking', () => {
    expect(
      next({ text: 'I want an appointment', decision: decided('booking', { entry: 'booking' }) }),
    ).toEqual({ do: 'book', kind: 'consultation' });
  });

  test('sure: the answer; two questions in one message: two answers in order', () => {
    expect(next({ text: 'how long', decision: decided('answer', { entry: 'length' }) })).toEqual({
      do: 'answer',
      entries: ['length'],
    });
    const second = { entry: 'longevity', topic: 'longevity', confidence: 0.9 };
    expect(next({ text: 'both', decision: decided('answer', { entry: 'length', second }) })).toEqual({
      do: 'answer',
      entries: ['length', 'longevity'],
    });
  });

  test('nearly sure: at most three to choose from', () => {
    const candidates = ['longevity', 'length', 'price', 'greeting'].map((id) => ({
      entry: id,
      topic: id,
      confidence: 0.2,
    }));
    expect(next({ text: 'how', decision: decided('clarify', { candidates }) })).toEqual({
      do: 'offer-choices',
      entries: ['longevity', 'length', 'price'],
    });
  });

  test('a choice has neither greetings nor what is hardly meant in it', () => {
    const candidates = Object.entries({ greeting: 0.6, price: 0.2, longevity: 0.05, length: 0.01 }).map(
      ([id, confidence]) => ({ entry: id, topic: id, confidence }),
    );
    expect(next({ text: 'yo money', decision: decided('clarify', { candidates }) })).toEqual({
      do: 'offer-choices',
      entries: ['price', 'longevity'],
    });
  });

  test('of a third question it is said that it is still open, or that it has no approved answer', () => {
    const ask = (id: string) => ({ entry: id, topic: id, confidence: 0.9 });
    const withThird = (third: string) =>
      next({
        text: 'how long, how many, and who for',
        decision: {
          ...decided('answer', { entry: 'longevity' }),
          second: ask('length'),
          unanswered: [ask(third)],
        },
      });
    expect(withThird('candidates')).toEqual({
      do: 'answer',
      entries: ['longevity', 'length'],
      unanswered: ['candidates'],
    });
    expect(withThird('price')).toEqual({ do: 'hand-off', entries: ['longevity', 'length', 'price'] });
  });

  test('who tells something and asks nothing is invited to ask', () => {
    const decision = { ...decided('none'), asksNothing: true as const };
    expect(next({ text: 'just browsing', decision })).toEqual({ do: 'invite' });
    expect(next({ text: 'is this dominos?', decision })).toEqual({ do: 'fall-back' });
    expect(next({ text: '...', decision: decided('none') })).toEqual({ do: 'let-be' });
    expect(next({ text: '??', decision: decided('none') })).toEqual({ do: 'obey', command: 'help' });
  });

  test('a greeting in the middle of a booking brings the same prompt again', () => {
    const decision = decided('answer', { entry: 'greeting' });
    expect(next({ text: 'hi', decision, inDialog: 'maybe' })).toEqual({ do: 'reprompt' });
  });

  test('distress in the middle of a booking is answered, and the booking waits', () => {
    const decision = decided('answer', { entry: 'feelings' });
    expect(next({ text: 'i feel worthless', decision, inDialog: 'maybe' })).toEqual({
      do: 'answer-then-reprompt',
      answer: { do: 'answer', entries: ['feelings'] },
    });
  });

  test('recognised but not approved: handed off', () => {
    expect(next({ text: 'how much', decision: decided('handoff', { entry: 'price' }) })).toEqual({
      do: 'hand-off',
      entries: ['price'],
    });
  });

  test('not sure at all: a way on', () => {
    expect(next({ text: 'asdf', decision: decided('none') })).toEqual({ do: 'fall-back' });
  });
});

describe("replies to the bot's own questions", () => {
  const choice: Waiting = { for: 'choice', entries: ['longevity', 'price'], question: 'how' };

  test.each([
    ['Question of longevity', { do: 'answer', entries: ['longevity'] }],
    ['label of longevity', { do: 'answer', entries: ['longevity'] }],
    ['1', { do: 'answer', entries: ['longevity'] }],
    ['the second one', { do: 'hand-off', entries: ['price'] }],
    ['None of these', { do: 'fall-back' }],
  ])('"%s" picks from what was offered', (text, step) => {
    expect(next({ text, decision: decided('none'), waiting: choice })).toEqual(step);
  });

  test('another question instead of a choice is simply answered', () => {
    expect(
      next({
        text: 'how long is a session',
        decision: decided('answer', { entry: 'length' }),
        waiting: choice,
      }),
    ).toEqual({ do: 'answer', entries: ['length'] });
  });

  const passOn: Waiting = { for: 'pass-on', question: 'do you take dogs?' };

  test.each(['yes', 'Yes please', 'sure', 'ok', '👍', 'go ahead', 'Yes, pass it on'])(
    '"%s" passes the question on',
    (text) => {
      expect(next({ text, decision: decided('none'), waiting: passOn })).toEqual({
        do: 'book',
        kind: 'question',
        question: 'do you take dogs?',
      });
    },
  );

  test.each(['no', 'No thanks', 'nah'])('"%s" lets it be', (text) => {
    expect(next({ text, decision: decided('none'), waiting: passOn })).toEqual({ do: 'let-be' });
  });

  test('data is deleted only after a yes', () => {
    expect(next({ text: 'yes', decision: decided('none'), waiting: { for: 'delete-data' } })).toEqual({
      do: 'delete-data',
    });
    expect(next({ text: 'no', decision: decided('none'), waiting: { for: 'delete-data' } })).toEqual({
      do: 'let-be',
    });
  });

  test('the booking button books whatever the answers think of its words', () => {
    expect(next({ text: 'Book a visit', decision: decided('none') })).toEqual({
      do: 'book',
      kind: 'consultation',
    });
  });
});

function next(given: {
  text: string;
  decision: Decision;
  inDialog?: Situation['dialogReads'];
  waiting?: Waiting;
}) {
  return chooseNextStep({
    text: given.text,
    decision: given.decision,
    entries: ENTRIES,
    buttons: new Map([['book a visit', 'book']]),
    state: {
      ...NEW_CONVERSATION,
      ...(given.waiting && { waiting: given.waiting }),
      ...(given.inDialog && { dialog: { id: 'booking' as const, state: {} } }),
    },
    ...(given.inDialog && { dialogReads: given.inDialog }),
  });
}

function decided(decision: Decision['decision'], more: Partial<Decision> = {}): Decision {
  const why = { corrections: [], phrasing: null, terms: [], unknownWords: [], sentence: '' };
  return { text: '', decision, entry: null, topic: null, confidence: 0.9, candidates: [], why, ...more };
}

function entry(id: string, approval: Entry['approval']): Entry {
  return entryOf({
    id,
    title: `Title of ${id}`,
    label: `Label of ${id}`,
    question: `Question of ${id}`,
    approval,
    answer: approval === 'none' ? '' : `Answer of ${id}`,
  });
}

test('a message in another language is answered with what the bot says to that', () => {
  expect(next({ text: 'cuanto cuesta', decision: decided('none', { language: 'es' }) })).toEqual({
    do: 'fall-back',
    language: 'es',
  });
});
