import type { BookingRequest } from '../booking/booking-request';
import type { Letter } from './mail-sender';
import type { BookingNotice } from './ports';

export interface LetterSettings {
  to: string[];
  clinicName: string;
  /** Where staff read the request. */
  link: string;
  /** Only where the clinic has switched it on in clinic.yaml. */
  personalData: boolean;
}

/** What staff are mailed about a request: its reference and a link; who wrote only where the clinic wants that. */
export function noticeLetter(notice: BookingNotice, settings: LetterSettings): Letter {
  const what = NEWS[notice.request.kind][notice.change];
  const { email } = notice.request;
  return {
    to: settings.to,
    subject: `${what}: ${notice.reference}`,
    text: [
      `${what} at ${settings.clinicName}.`,
      '',
      `Reference: ${notice.reference}`,
      ...(notice.joins === undefined ? [] : [`The same person as ${notice.joins}, within a day.`]),
      ...(settings.personalData ? personalLines(notice.request) : []),
      '',
      'Read it and work through it in the staff console:',
      settings.link,
      '',
    ].join('\n'),
    ...(settings.personalData && email !== undefined && { replyTo: email }),
  };
}

const NEWS: Record<BookingRequest['kind'], Record<BookingNotice['change'], string>> = {
  consultation: {
    new: 'New booking request',
    changed: 'Booking request changed',
    withdrawn: 'Booking request withdrawn',
  },
  question: {
    new: 'New question',
    changed: 'Question changed',
    withdrawn: 'Question withdrawn',
  },
};

function personalLines(request: BookingRequest): string[] {
  const { name, forWhom, phone, email, contact, wish, question, note } = request;
  const rows: [string, string | undefined][] = [
    ['Name', name],
    ['For', forWhom],
    ['Phone', phone && `${phone.e164}${phone.extension ? ` ext. ${phone.extension}` : ''}`],
    ['E-mail', email],
    ['Contact, in their words', contact],
    ['Wish', wish?.words],
    ['Their words', question],
    ['Note', note],
  ];
  return rows.flatMap(([label, value]) => (value ? [`${label}: ${oneLine(value)}`] : []));
}

/** A visitor's line break must not look like a line of ours. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
