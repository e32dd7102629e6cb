import fc from 'fast-check';
import { bookingDialog } from '../../dialogs/booking-dialog';
import type { BookingState } from '../../dialogs/booking-state';
import type { DialogTurn } from '../../dialogs/dialog';
import { BOOKING_WORDING } from '../../src/booking/wording';
import { DialogChat, shippedWording, testContext } from './dialog-chat';

const CLOSED_WEDNESDAYS = {
  hours: { 1: [{ opens: '09:00', closes: '17:00' }], 6: [{ opens: '10:00', closes: '14:00' }] },
};
const contexts = [testContext(), testContext(CLOSED_WEDNESDAYS)];

const messages = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'yes',
      'no',
      'skip',
      'back',
      'start over',
      'why?',
      'help',
      'keep it',
      'send it',
      'add a note',
      'change the email',
      'change the name',
      'change the phone number',

      'Ann Lee',
      "no, it's Ann",
      '410 555 0134',
      '123 456 7890',
      'ann@gmial.com',
      'ann@example.com',
      'ann@gmail',
      'phone',
      'email',
      '12345',

      'next friday',
      'wednesday at 3',
      '12/11',
      'yesterday',
      'asap',
      'friday march 3',
      'at 5',
      'make it saturday instead',
      'how much is it?',
      'hmm',
      '',
      '张伟',
      'withdraw my request',

      'no thanks',
      'ok send it',
      "don't send it yet",
      'wait',
      '@ann_lee',
      'neither',
      'the first',
      'ann@a.example or ann@b.example',
      '410 555 0134 after 6pm',
      'tell them I come by bus',
      'I want an appointment',
      'change the question',
      'change the day and time',
      'friday is bad',
      'or thursday',
      'what?',
      'just call me',
      'https://spam.example.com',

      "I'm Ann Lee, 410 555 0134, next friday morning please",
      'for my husband Tom',
      'the number is wrong',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  // The button of this place under the last reply, where there is one.
  { weight: 4, arbitrary: fc.nat(7) },
);

type Message = string | number;
function send(
  turn: DialogTurn<BookingState>,
  message: Message,
  context = contexts[0]!,
): DialogTurn<BookingState> {
  const state = bookingDialog.revive(JSON.parse(JSON.stringify(turn.state)));
  if (!state) throw new Error(`Not read back: ${JSON.stringify(turn.state)}`);
  const reply = turn.replies.at(-1);
  const taps = [...(reply?.quickReplies ?? []), ...(reply?.summary ?? []).map((row) => row.change)];
  const text = typeof message === 'string' ? message : (taps[message]?.value ?? 'yes');
  bookingDialog.readsAsReply(state, text, context);
  expect(bookingDialog.reprompt(state, context)).not.toEqual([]);
  return bookingDialog.continue(state, text, context);
}

/** What holds of every turn, `before` being the state that the message met. */
function checkTurn(turn: DialogTurn<BookingState>, before?: BookingState): void {
  expect(turn.replies.length).toBeGreaterThan(0);
  if (turn.state) checkState(turn.state);
  // Nothing is sent that the visitor has not seen whole and said yes to.
  if (turn.request) {
    expect(['summary', 'change']).toContain(before?.asking);
    const { name, phone, email, contact, forWhom, note } = turn.request;
    expect({ name, phone, email, contact, forWhom, note }).toEqual({
      ...EMPTY,
      ...before?.draft,
      wish: undefined,
    });
  }
  if (turn.withdrawn !== undefined) expect(before?.asking).toBe('withdraw');
  for (const { text, quickReplies = [] } of turn.replies) {
    expect(text.trim()).not.toBe('');
    for (const { title } of quickReplies) expect(title.length).toBeLessThanOrEqual(20);
  }
  if (!turn.request) return;
  const { name, phone, email, contact, consent, reference } = turn.request;
  expect(name.trim()).not.toBe('');
  expect(phone?.e164 ?? email ?? contact).toBeTruthy();
  expect(phone?.e164 ?? '+10000000').toMatch(/^\+\d{5,15}$/);
  expect(consent.version).not.toBe('');
  expect(reference).toBe('SA-7K4QX');
}

const EMPTY = {
  name: undefined,
  phone: undefined,
  email: undefined,
  contact: undefined,
  forWhom: undefined,
  note: undefined,
};

/** Nothing personal before the consent; no step skipped but by the visitor. */
function checkState(state: BookingState): void {
  const { asking, consent, draft, skipped, kind } = state;
  if (!consent) expect([asking, draft]).toEqual(['consent', {}]);
  if (!['summary', 'change', 'withdraw'].includes(asking)) return;
  expect(draft.name).toBeTruthy();
  expect(draft.phone ?? draft.email ?? draft.contact).toBeTruthy();
  if (kind === 'question' || asking === 'withdraw') return;
  expect(draft.wish !== undefined || skipped.includes('when')).toBe(true);
  expect(draft.note !== undefined || skipped.includes('note')).toBe(true);
}

/** What a willing visitor would answer to the waiting prompt. */
const WILLING: Record<BookingState['asking'], string> = {
  consent: 'yes',
  name: 'Ann Lee',
  contact: '410 555 0134',
  phone: '410 555 0134',
  email: 'ann@example.com',
  'email-offer': 'yes',
  when: 'skip',
  note: 'skip',
  summary: 'send it',
  question: 'keep it',
  change: 'send it',
  withdraw: 'no',
};

test('after any messages and taps a willing visitor finishes, and "cancel" is a way out', () => {
  const begin = fc.record({
    kind: fc.constantFrom('consultation' as const, 'question' as const),
    said: fc.constantFrom('book', "I'm Ann, 410 555 0134, next wednesday", 'ann@gmial.com please call'),
    changing: fc.boolean(),
    context: fc.constantFrom(...contexts),
  });
  const sent = new DialogChat().visitor('yes', 'Ann', '410 555 0134', 'friday', 'skip', 'yes').request;
  fc.assert(
    fc.property(
      begin,
      fc.array(messages, { maxLength: 25 }),
      ({ kind, said, changing, context }, sequence) => {
        let turn = bookingDialog.begin({ kind, said, ...(changing && { existing: sent }) }, context);
        checkTurn(turn);
        for (const message of sequence) {
          if (!turn.state) return;
          const before = turn.state;
          turn = send(turn, message, context);
          checkTurn(turn, before);
        }
        if (!turn.state) return;
        expect(bookingDialog.cancel(turn.state, context).state).toBeUndefined();
        expect(send(turn, 'cancel', context)).toMatchObject({ state: undefined });
        for (let answers = 0; turn.state && answers < 10; answers++) {
          const before: BookingState = turn.state;
          turn = send(turn, WILLING[before.asking], context);
          checkTurn(turn, before);
        }
        expect(turn.request).toBeDefined();
      },
    ),
    { numRuns: 1500 },
  );
});

test('the same useless answer for ever is not asked about for ever', () => {
  for (const useless of ['hmm', '???', 'how much is it?', '<>', '7']) {
    let turn = new DialogChat().turn;
    let asked = 0;
    for (; turn.state && turn.state.asking !== 'summary' && asked < 20; asked++) turn = send(turn, useless);
    expect(asked).toBeLessThan(10);
  }
});

test('every sentence of the booking is in the wording file, with only the places it may use, and buttons fit', () => {
  const shipped = [...shippedWording.keys()].filter((key) => key.startsWith('booking.'));
  expect(shipped.sort()).toEqual(Object.keys(BOOKING_WORDING).sort());
  for (const key of shipped) {
    const text = shippedWording.get(key) ?? '';
    const places = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(BOOKING_WORDING[key]).toEqual(expect.arrayContaining(places));
    if (/^booking\.(?:button|changeButton)\./.test(key)) expect(text.length).toBeLessThanOrEqual(20);
  }
});
