import { speakPhone } from '../src/booking/read-phone';
import type { Field } from '../src/booking/read-reply';
import { speakDate, speakWish } from '../src/booking/speak-wish';
import type { QuickReply, Reply, SummaryRow } from '../src/conversation/reply';
import type { BookingState } from './booking-state';
import type { DialogContext } from './dialog';

/** The prompt that waits in this state. */
export function promptFor(state: BookingState, context: DialogContext): Reply[] {
  const { say } = context;
  switch (state.asking) {
    case 'consent':
      return [consentPrompt(state, context)];
    case 'name':
      return [
        state.draft.forWhom !== undefined && state.draft.name === undefined
          ? { text: say('booking.askOwnName') }
          : prompt(context, 'Name', state.draft.name),
      ];
    case 'contact':
      return [{ text: say('booking.askContact'), asks: 'contact' }];
    case 'phone':
      return [
        {
          ...prompt(
            context,
            'Phone',
            state.draft.phone && speakPhone(state.draft.phone, context.clinic.country),
          ),
          asks: 'phone',
        },
      ];
    case 'email':
      return [{ ...prompt(context, 'Email', state.draft.email), asks: 'email' }];
    case 'email-offer':
      return [emailOffer(state, context)];
    case 'when':
      return [whenPrompt(state, context)];
    case 'note':
      return [{ ...prompt(context, 'Note', state.draft.note), quickReplies: buttons(context, ['skip']) }];
    case 'question':
      return [{ text: say('booking.askNewQuestion', { current: state.question ?? '' }) }];
    case 'summary':
      return [summary(state, context)];
    case 'change':
      return [
        {
          text: say('booking.whatToChange'),
          quickReplies: [
            ...changeButtons(state, context),
            ...buttons(context, missing(state)),
            ...buttons(context, ['send', state.reference ? 'leave' : 'cancel']),
          ],
        },
      ];
    case 'withdraw':
      return [
        {
          text: say('booking.askWithdraw', { reference: state.reference ?? '' }),
          quickReplies: buttons(context, ['yes', 'no']),
        },
      ];
  }
}

/** What a tap sends: words that readReply knows, whatever the clinic writes on the button. */
const SENDS = {
  yes: 'yes',
  no: 'no',
  yesThatOne: 'yes',
  keepTyped: 'keep what I typed',
  skip: 'skip',
  send: 'send it',
  addNote: 'add a note',
  addPhone: 'add a phone number',
  addEmail: 'add an email address',
  cancel: 'cancel',
  withdraw: 'withdraw my request',
  leave: 'leave it as it is',
  byPhone: 'by phone',
  byEmail: 'by email',
  first: 'the first',
  second: 'the second',
};

export function buttons({ say }: DialogContext, names: readonly (keyof typeof SENDS)[]): QuickReply[] {
  return names.map((name) => ({ title: say(`booking.button.${name}`), value: SENDS[name] }));
}

const SENDS_CHANGE: Record<Field, string> = {
  name: 'change the name',
  phone: 'change the phone number',
  email: 'change the email',
  contact: 'change the contact details',
  when: 'change the day and time',
  note: 'change the note',
  question: 'change the question',
};

/** "Change name" for every field that has something in it. */
function changeButtons(state: BookingState, context: DialogContext): QuickReply[] {
  return rows(state, context).flatMap((row) => (row.value === '' ? [] : [row.change]));
}

function prompt({ say }: DialogContext, field: string, current: string | undefined): Reply {
  return {
    text: current === undefined ? say(`booking.ask${field}`) : say(`booking.askNew${field}`, { current }),
  };
}

function consentPrompt(state: BookingState, context: DialogContext): Reply {
  const { clinic, links, say } = context;
  const isForeign = state.language !== undefined && state.language !== 'other';
  const intro = isForeign
    ? say(`conversation.otherLanguageBooking.${state.language}`)
    : say(state.kind === 'question' ? 'booking.introQuestion' : 'booking.intro', { clinic: clinic.name });
  const url = clinic.privacyUrl || links?.privacy;
  // The text above has named the notice, in the visitor's language.
  const notice = url ? [isForeign ? url : say('booking.privacy', { url })] : [];
  return {
    text: [intro, consentText(state, context), ...notice].join('\n\n'),
    quickReplies: buttons(context, ['yes', 'no']),
  };
}

/** What is agreed to, in the visitor's language where the clinic has it. */
export function consentText({ language }: BookingState, { clinic: { consent } }: DialogContext): string {
  return (language && consent.elsewhere?.[language]) ?? consent.text;
}

function emailOffer(state: BookingState, context: DialogContext): Reply {
  const { email = '', suggestion = '' } = state.offer ?? {};
  const quickReplies = buttons(context, ['yesThatOne', 'keepTyped']);
  return { text: context.say('booking.askEmailOffer', { typed: email, suggestion }), quickReplies };
}

function whenPrompt(state: BookingState, context: DialogContext): Reply {
  const offered = (state.dates ?? []).map((date) => {
    const spoken = speakDate(date, context.now);
    // "Wednesday, September 23" is longer than a button; the day alone says enough.
    return { title: spoken.replace(/^\w+, /, '').slice(0, 20), value: spoken.replace(/^\w+, /, '') };
  });
  const current = state.draft.wish && speakWish(state.draft.wish, context.now, context.say);
  return {
    ...prompt(context, 'When', current),
    quickReplies: [...offered, ...buttons(context, ['skip'])],
  };
}

function summary(state: BookingState, context: DialogContext): Reply {
  const { say } = context;
  const asked = (state.asked ?? []).map((value) => ({ label: say('booking.label.question'), value }));
  const all = [...asked, ...rows(state, context)]
    .filter((row) => row.value !== '')
    .map((row) => ({ ...row, value: row.value.replace(/\s+/g, ' ') }));
  const lines = all.map(({ label, value }) => `- ${say('booking.row', { label, value })}`);
  const opening = state.reference
    ? say('booking.summaryAgain', { reference: state.reference })
    : say(state.kind === 'question' ? 'booking.summaryQuestion' : 'booking.summary');
  return {
    text: [opening, lines.join('\n'), say(state.reference ? 'booking.askSendAgain' : 'booking.askSend')].join(
      '\n\n',
    ),
    summary: all,
    quickReplies: [
      ...buttons(context, ['send']),
      ...buttons(context, missing(state)),
      ...buttons(context, state.reference ? ['withdraw', 'leave'] : ['cancel']),
    ],
  };
}

/** What was understood so far, in words; nothing where that is nothing. */
export function soFar(state: BookingState, context: DialogContext): Reply[] {
  const { say } = context;
  if (state.asking === 'summary') return [];
  const lines = rows(state, context)
    .filter(({ value }) => value !== '' && value !== say('booking.noWish'))
    .map(({ label, value }) => `- ${say('booking.row', { label, value: value.replace(/\s+/g, ' ') })}`);
  return lines.length > 0 ? [{ text: [say('booking.summary'), lines.join('\n')].join('\n\n') }] : [];
}

/** What can still be added, as buttons. */
function missing({ kind, draft }: BookingState): ('addPhone' | 'addEmail' | 'addNote')[] {
  return [
    ...(draft.phone ? [] : ['addPhone' as const]),
    ...(draft.email === undefined ? ['addEmail' as const] : []),
    ...(kind === 'consultation' && draft.note === undefined ? ['addNote' as const] : []),
  ];
}

/** What was understood, field by field; an empty value where nothing was said. */
function rows({ kind, draft, question }: BookingState, context: DialogContext): Required<SummaryRow>[] {
  const { clinic, now, say } = context;
  const row = (field: Field, value: string | undefined): Required<SummaryRow> => {
    const change = { title: say(`booking.changeButton.${field}`), value: SENDS_CHANGE[field] };
    return { label: say(`booking.label.${field}`), value: value ?? '', change };
  };
  const forWhom = draft.forWhom
    ? say('booking.nameFor', { name: draft.name ?? '', other: draft.forWhom })
    : draft.name;
  const found = [
    row('name', forWhom),
    row('phone', draft.phone && speakPhone(draft.phone, clinic.country)),
    row('email', draft.email),
    ...(draft.contact === undefined ? [] : [row('contact', draft.contact)]),
  ];
  const wish = draft.wish && speakWish(draft.wish, now, say);
  if (kind === 'question')
    return [row('question', question), ...found, ...(wish === undefined ? [] : [row('when', wish)])];
  return [...found, row('when', wish ?? say('booking.noWish')), row('note', draft.note)];
}
