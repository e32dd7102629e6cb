import { bookingDialog } from '../../dialogs/booking-dialog';
import type { BookingRequest } from '../../src/booking/booking-request';
import { DialogChat, say, testContext } from './dialog-chat';

const WEEKDAY_HOURS = {
  hours: {
    1: [{ opens: '09:00', closes: '17:00' }],
    2: [{ opens: '09:00', closes: '19:00' }],
    4: [{ opens: '09:00', closes: '17:00' }],
    5: [{ opens: '09:00', closes: '17:00' }],
  },
};
const agreed = (said = 'I want to book', context = testContext()): DialogChat =>
  new DialogChat({ said }, context).visitor('yes');
const atSummary = (context = testContext()): DialogChat =>
  agreed('I want to book', context).visitor('Ann Lee', '410 555 0134', 'next friday morning', 'skip');

/** What a visitor in a hurry would answer. */
const WILLING: Record<string, string> = {
  consent: 'yes',
  name: 'Ann Lee',
  contact: '410 555 0134',
  when: 'skip',
  note: 'skip',
  summary: 'send it',
};

describe('the plain path', () => {
  test('a booking takes six answers and ends with a reference, promising no slot', () => {
    const chat = new DialogChat();
    expect(chat.said()).toContain('Is that all right?');
    chat.visitor('yes').bot('booking.askName');
    chat.visitor('Ann Lee').bot('booking.askContact');
    chat.visitor('(410) 555-0134').bot('booking.askWhen');
    chat.visitor('next friday in the morning').bot('booking.askNote');
    chat.visitor('I would like to see photos').bot('booking.summary');
    expect(chat.said()).toContain('Friday, March 13 in the morning');
    chat.visitor('send it');
    expect(chat.said()).toContain('SA-7K4QX');
    expect(chat.said()).toContain('not an appointment yet');
    expect(chat.turn.state).toBeUndefined();
    expect(chat.request).toEqual({
      reference: 'SA-7K4QX',
      kind: 'consultation',
      name: 'Ann Lee',
      phone: { e164: '+14105550134', typed: '(410) 555-0134' },
      wish: {
        typed: 'next friday in the morning',
        date: '2026-03-13',
        part: 'morning',
        zone: 'America/New_York',
        words: 'Friday, March 13 in the morning',
      },
      note: 'I would like to see photos',
      question: 'I want to book',
      consent: {
        text: 'The clinic keeps your name and contact details to answer you. Is that all right?',
        version: '2026-11-01',
        at: '2026-03-02T15:00:00.000Z',
      },
    });
  });

  test.each([
    ["I'm Ann Lee, 410 555 0134, I'd like to come next friday morning", 3],
    ['book me for saturday at 2, ann@example.com, my name is Ann', 3],
    ["hi i'm ann lee, i want an appointment asap, call me at (410) 555-0134", 3],
    ["My husband Tom wants a consultation on Monday. I'm Ann Lee, ann@example.com", 3],
    ['uh my name is Ann Lee and my number is four ten five five five oh one three four, tomorrow at noon', 3],
  ])('after one rich sentence at most 3 more questions: "%s"', (said, most) => {
    const chat = new DialogChat({ said });
    let asked = 1;
    for (; chat.turn.state && asked < 10; asked++) chat.visitor(WILLING[chat.state.asking] ?? 'skip');
    expect(chat.request).toMatchObject({ name: expect.stringMatching(/^ann/i) });
    expect(asked - 1).toBeLessThanOrEqual(most);
  });

  test('day, time and note may be skipped', () => {
    const chat = agreed().visitor('Ann', 'ann@example.com', 'skip', 'no', 'yes');
    expect(chat.request).toMatchObject({ name: 'Ann', email: 'ann@example.com' });
    expect(chat.request.wish).toBeUndefined();
    expect(chat.request.note).toBeUndefined();
  });

  test('a question is passed on with a name and a contact only', () => {
    const chat = new DialogChat({ kind: 'question', said: 'yes please', question: 'Does it hurt?' });
    chat.visitor('ok').bot('booking.askName');
    chat.visitor('Bob').bot('booking.askContact');
    chat.visitor('bob@example.com').bot('booking.summaryQuestion');
    expect(chat.said()).toContain('Does it hurt?');
    chat.visitor('yes');
    expect(chat.request).toMatchObject({ kind: 'question', question: 'Does it hurt?', name: 'Bob' });
  });
});

describe('notice and consent', () => {
  test('before a yes nothing personal is kept as a field, and after it everything said is taken along', () => {
    const chat = new DialogChat({ said: "I'm Ann Lee, 410 555 0134, book me next friday morning please" });
    expect(chat.state.draft).toEqual({});
    chat.visitor('yes').bot('booking.askNote');
    expect(chat.state.draft).toMatchObject({
      name: 'Ann Lee',
      wish: { date: '2026-03-13', part: 'morning' },
    });
    chat.visitor('skip', 'yes');
    expect(chat.request.phone?.e164).toBe('+14105550134');
  });

  test('details instead of a yes are asked about, then taken', () => {
    const chat = new DialogChat().visitor('my name is Ann, ann@example.com').bot('booking.consentFirst');
    expect(chat.state.draft).toEqual({});
    chat.visitor('yes').bot('booking.askWhen');
    expect(chat.state.draft).toMatchObject({ name: 'Ann', email: 'ann@example.com' });
  });

  test('a yes with details beside it is a yes', () => {
    const chat = new DialogChat().visitor("yes, I'm Ann Lee").bot('booking.askContact');
    expect(chat.state.draft.name).toBe('Ann Lee');
  });

  test('a no ends politely and has the earlier messages redacted', () => {
    const chat = new DialogChat({ said: "I'm Ann, 410 555 0134" })
      .visitor('no thanks')
      .bot('booking.refused');
    expect(chat.turn).toMatchObject({ redact: true, state: undefined });
    expect(chat.turn.request).toBeUndefined();
  });

  test('"why" is answered and the notice comes again', () => {
    const chat = new DialogChat().visitor('why do you need that?').bot('booking.why.consent');
    expect(chat.state.asking).toBe('consent');
  });

  test('someone under age is asked to let a parent book', () => {
    const chat = new DialogChat().visitor("yes, I'm 16 years old").bot('booking.minor');
    expect(chat.turn.state).toBeUndefined();
  });
});

describe('taking what is said', () => {
  test('a phone number in reply to the name prompt is a phone number', () => {
    const chat = agreed().visitor('410-555-0134').bot('booking.askName');
    chat.visitor('Ann').bot('booking.askWhen');
  });

  test('name, number and day in one reply leave only the note to ask', () => {
    const chat = agreed().visitor('Ann Lee, 410 555 0134, next friday morning').bot('booking.askNote');
    expect(chat.state.draft).toMatchObject({
      name: 'Ann Lee',
      phone: { e164: '+14105550134' },
      wish: { date: '2026-03-13', part: 'morning' },
    });
  });

  test.each(["O'Brien-Smith Jr.", '张伟', 'Cher', 'Zoë 🌸', '<b>Bob</b>', '=1+1 Bob', 'Lee, Ann'])(
    'the name %s is kept sign by sign',
    (name) => {
      expect(agreed().visitor(name).state.draft.name).toBe(name);
    },
  );

  test('booking for somebody else keeps both names', () => {
    const chat = agreed('I want to book a consultation for my husband Tom').visitor(
      'Ann Lee',
      '410 555 0134',
      'skip',
      'skip',
    );
    expect(chat.said()).toContain('Ann Lee (for my husband Tom)');
    expect(chat.visitor('yes').request).toMatchObject({ name: 'Ann Lee', forWhom: 'my husband Tom' });
  });

  test('a mistyped mail provider is asked about and never changed silently', () => {
    const offer = agreed().visitor('Ann', 'ann@gmial.com');
    offer.bot('booking.askEmailOffer', { typed: 'ann@gmial.com', suggestion: 'ann@gmail.com' });
    expect(agreed().visitor('Ann', 'ann@gmial.com', 'yes').state.draft.email).toBe('ann@gmail.com');
    expect(agreed().visitor('Ann', 'ann@gmial.com', 'no').state.draft.email).toBe('ann@gmial.com');
    expect(agreed().visitor('Ann', 'ann@gmial.com', 'ann@yahoo.com').state.draft.email).toBe('ann@yahoo.com');
  });

  test('the note is kept exactly as typed', () => {
    const note = 'I work nights, please call late.\nNo Fridays :)';
    expect(agreed().visitor('Ann', '410 555 0134', 'skip', note).state.draft.note).toBe(note);
  });
});

describe('days and times', () => {
  const atDay = (context = testContext()): DialogChat =>
    agreed('I want to book', context).visitor('Ann', '410 555 0134');

  test('an ambiguous date is asked about, and the time said with it is kept', () => {
    const chat = atDay().visitor('12/11 at 3');
    chat.bot('booking.whenProblem.which', { first: 'Friday, December 11', second: 'Thursday, November 12' });
    const [first] = chat.lastReply.quickReplies ?? [];
    expect(first?.title).toBe('December 11');
    chat.visitor(first?.value ?? '');
    expect(chat.state.draft.wish).toMatchObject({ date: '2026-12-11', time: '15:00' });
  });

  test('a closed day is refused with the next open one once the hours are known', () => {
    const chat = atDay(testContext(WEEKDAY_HOURS)).visitor('wednesday at 2');
    chat.bot('booking.whenProblem.closed', { day: 'Wednesday, March 4', next: 'Thursday, March 5' });
    chat.visitor(chat.lastReply.quickReplies?.[0]?.value ?? '');
    expect(chat.state.draft.wish).toMatchObject({ date: '2026-03-05', time: '14:00' });
  });

  test('no day is refused while the hours are unknown', () => {
    expect(atDay().visitor('sunday at 9pm').state.draft.wish).toMatchObject({
      date: '2026-03-08',
      time: '21:00',
    });
  });

  test('a time that has passed is refused', () => {
    atDay().visitor('today at 9am').bot('booking.whenProblem.past');
  });

  test('what is not understood twice is kept as typed for a person to read', () => {
    const chat = atDay().visitor('when the moon is full').bot('booking.whenProblem.unclear');
    chat.visitor('full moon').bot('booking.keptAsTyped');
    expect(chat.visitor('skip').said()).toContain('full moon');
  });
});

describe('corrections', () => {
  test.each([
    ['a name, at the next prompt', "no, it's Ann with no e", { name: 'Ann' }],
    ['a name by its field', 'change my name to Ann Smith', { name: 'Ann Smith' }],
  ])('%s: "%s"', (_, message, expected) => {
    expect(agreed().visitor('Anne', message).state.draft).toMatchObject(expected);
  });

  test('a new number is taken at the summary', () => {
    const chat = atSummary().visitor('no, my number is 410 555 0199');
    chat.bot('booking.changedPhone', { phone: '(410) 555-0199' }).bot('booking.summary');
  });

  test('a wrong number is asked for again, then the summary comes back', () => {
    const chat = atSummary()
      .visitor("the number's wrong")
      .bot('booking.askNewPhone', { current: '(410) 555-0134' });
    chat.visitor('410 555 0199').bot('booking.summary');
    expect(chat.state.draft.phone?.e164).toBe('+14105550199');
  });

  test('another day keeps the time of day', () => {
    const chat = atSummary().visitor('actually make it next thursday instead');
    expect(chat.state.draft.wish).toMatchObject({ date: '2026-03-12', part: 'morning' });
    expect(chat.said()).toContain('Thursday, March 12 in the morning');
  });

  test('another day while the note is asked for is no note', () => {
    const chat = agreed().visitor('Ann', '410 555 0134', 'friday', 'actually make it saturday instead');
    expect(chat.state).toMatchObject({ asking: 'note', draft: { wish: { date: '2026-03-07' } } });
  });

  test('"no" at the summary asks what should be different, with a button for each field', () => {
    const chat = atSummary().visitor('no').bot('booking.whatToChange');
    expect(chat.lastReply.quickReplies?.map((each) => each.title)).toEqual(
      [
        'changeButton.name',
        'changeButton.phone',
        'changeButton.when',
        'button.addEmail',
        'button.addNote',
        'button.send',
        'button.cancel',
      ].map((key) => say(`booking.${key}`)),
    );
  });

  test('every change button of the summary leads to its field', () => {
    const chat = atSummary();
    const asked = chat.lastReply.summary?.map(
      (row) => atSummary().visitor(row.change?.value ?? '').state.asking,
    );
    expect(asked).toEqual(['name', 'phone', 'when']);
  });

  test('a change can be left as it was', () => {
    const chat = atSummary().visitor('change the name', 'oops, keep it').bot('booking.summary');
    expect(chat.state.draft.name).toBe('Ann Lee');
  });

  test('a change that fails twice costs nothing of the rest', () => {
    const chat = atSummary()
      .visitor('change the phone number', 'hmm')
      .visitor('dunno really')
      .bot('booking.leftUnchanged');
    chat.bot('booking.summary');
    expect(chat.state.draft.phone?.e164).toBe('+14105550134');
  });

  test('back returns to the previous question', () => {
    agreed().visitor('Ann', '410 555 0134', 'back').bot('booking.askNewPhone', { current: '(410) 555-0134' });
  });

  test('start over forgets the answers and keeps the consent', () => {
    const chat = atSummary().visitor('start over').bot('booking.startedOver').bot('booking.askName');
    expect(chat.state.draft).toEqual({});
  });
});

describe('ways out', () => {
  test.each(['cancel', 'never mind', 'forget it', 'Not now', 'stop', 'cancle'])(
    '"%s" cancels at every prompt',
    (word) => {
      const prompts = [
        new DialogChat(),
        agreed(),
        agreed().visitor('Ann'),
        agreed().visitor('Ann', '410 555 0134'),
        atSummary(),
      ];
      for (const chat of prompts) {
        expect(chat.visitor(word).turn).toMatchObject({ state: undefined });
        expect(chat.turn.request).toBeUndefined();
      }
    },
  );

  test('each field says why it is asked for, and asks again', () => {
    agreed().visitor('why do you need my name?').bot('booking.why.name').bot('booking.askName');
    agreed()
      .visitor('Ann', 'what do you need my number for?')
      .bot('booking.why.contact')
      .bot('booking.askContact');
  });

  test('a name that is missed twice is kept as typed', () => {
    const chat = agreed().visitor('12345').bot('booking.nameProblem.digits');
    chat.visitor('12345').bot('booking.keptAsTyped');
    expect(chat.state.draft.name).toBe('12345');
  });

  test('a number that looks right and is not is explained, then kept as typed', () => {
    const chat = agreed().visitor('Ann', '123 456 7890').bot('booking.phoneProblem.not-valid');
    chat.visitor('123 456 7890').bot('booking.keptAsTyped');
    expect(chat.visitor('skip', 'skip', 'yes').request).toMatchObject({ contact: '123 456 7890' });
  });

  test('without any way to reach the visitor the dialog stops asking after three tries', () => {
    const chat = agreed().visitor('Ann', 'hmm', 'dunno really').visitor('whatever').bot('booking.gaveUp');
    expect(chat.turn).toMatchObject({ state: undefined });
  });
});

describe('a request that was sent', () => {
  const sent: BookingRequest = atSummary().visitor('yes').request;
  const changing = (said: string): DialogChat => new DialogChat({ said, existing: sent });

  test('can be changed under the same reference, without a second consent', () => {
    const chat = changing('change my booking').bot('booking.summaryAgain', { reference: 'SA-7K4QX' });
    chat
      .visitor('make it thursday 5 march', 'yes')
      .bot('booking.changed', { name: 'Ann Lee', reference: 'SA-7K4QX', clinic: 'Scalp Allure' });
    expect(chat.request).toMatchObject({
      reference: 'SA-7K4QX',
      wish: { date: '2026-03-05', words: 'Thursday, March 5 in the morning' },
    });
  });

  test('takes the change from the first message', () => {
    expect(changing('can we make it thursday 5 march instead').state.draft.wish?.date).toBe('2026-03-05');
  });

  test('is withdrawn only after a yes', () => {
    const chat = changing('cancel my booking').bot('booking.askWithdraw', { reference: 'SA-7K4QX' });
    expect(chat.visitor('yes').turn).toMatchObject({ withdrawn: 'SA-7K4QX', state: undefined });
    changing('cancel my booking').visitor('no').bot('booking.summaryAgain', { reference: 'SA-7K4QX' });
  });

  test('stays as it was when the change is broken off', () => {
    expect(
      changing('change my booking').visitor('leave it as it is').bot('booking.leftAsItWas').turn.request,
    ).toBeUndefined();
  });
});

describe('what the router asks', () => {
  test.each<[string, DialogChat, string, 'surely' | 'maybe' | 'no']>([
    ['a question at the name prompt', agreed(), 'how long does it take?', 'no'],
    ['a question without its mark', agreed(), 'how much does it cost', 'no'],
    ['a lower-case name', agreed(), 'ann lee', 'maybe'],
    ['a number at the name prompt', agreed(), '410 555 0134', 'surely'],
    ['a yes to the notice', new DialogChat(), 'yes please', 'surely'],
    ['a question about the notice', new DialogChat(), 'does it hurt?', 'no'],
    ['a correction', agreed().visitor('Anne'), "no, it's Ann", 'surely'],
    ['a day', agreed().visitor('Ann', '410 555 0134'), 'next friday', 'surely'],
    ['a day as a question', agreed().visitor('Ann', '410 555 0134'), 'can I do friday at 3?', 'surely'],
    [
      'a question at the day prompt',
      agreed().visitor('Ann', '410 555 0134'),
      'how many sessions do I need?',
      'no',
    ],
    ['free text at the note', agreed().visitor('Ann', '410 555 0134', 'skip'), 'receding hairline', 'maybe'],
    ['a button of the summary', atSummary(), 'change the email', 'surely'],
    ['a question at the summary', atSummary(), 'what should I bring?', 'no'],
  ])('%s', (_, chat, text, expected) => {
    expect(bookingDialog.readsAsReply(chat.state, text, chat.context)).toBe(expected);
  });

  test('every button reads as surely a reply and is never a miss', () => {
    const prompts = [
      new DialogChat(),
      agreed().visitor('Ann', 'hm'),
      agreed().visitor('Ann', 'a@gmial.com'),
      atSummary(),
    ];
    for (const chat of prompts) {
      for (const { value } of chat.lastReply.quickReplies ?? []) {
        expect([value, bookingDialog.readsAsReply(chat.state, value, chat.context)]).toEqual([
          value,
          'surely',
        ]);
        const { state } = bookingDialog.continue(chat.state, value, chat.context);
        expect(state?.misses ?? 0).toBe(0);
      }
    }
  });

  test('the waiting prompt is repeated word for word', () => {
    const chat = agreed().visitor('Ann');
    expect(bookingDialog.reprompt(chat.state, chat.context)).toEqual(chat.turn.replies);
  });
});

test.each([
  undefined,
  null,
  7,
  'x',
  {},
  { version: 2 },
  { version: 1, kind: 'consultation', asking: 'summary' },
])('stored state that is none of ours is refused: %p', (stored) =>
  expect(bookingDialog.revive(stored)).toBeUndefined(),
);
