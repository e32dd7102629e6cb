import type { Log } from '../http/logger';
import { createMailSender } from './mail-sender';
import { noticeLetter } from './notice-letter';
import type { AnswerLetter, BookingNotice, Sender, TakenMessage } from './ports';
import { createWebhookSender } from './webhook-sender';

export interface NoticeParts {
  mail: { smtpUrl: string; from: string; to: string[] } | undefined;
  webhook: { url: string; secret: string | undefined } | undefined;
  clinic: () => { name: string; notify?: { personalData: boolean } };
  /** The page of a request in the staff console. */
  linkTo: (reference: string) => string;
  clock: () => Date;
  log: Log;
}

/** The senders that tell staff of requests, by kind: those that are set up. */
export function createNoticeSenders(parts: NoticeParts): Record<string, Sender> {
  const { mail, webhook, clinic, linkTo, clock, log } = parts;
  const noticeOf = ({ payload }: TakenMessage) => payload as BookingNotice;
  return {
    ...(mail && {
      'notice-mail': createMailSender({ ...mail, log }, (message) => {
        const notice = noticeOf(message);
        return noticeLetter(notice, {
          to: mail.to,
          clinicName: clinic().name,
          link: linkTo(notice.reference),
          personalData: clinic().notify?.personalData ?? false,
        });
      }),
    }),
    ...(webhook && {
      'notice-webhook': createWebhookSender({ ...webhook, clock }, (message) => {
        const { change, ...notice } = noticeOf(message);
        return { type: `request.${change}`, ...notice, url: linkTo(notice.reference) };
      }),
    }),
  };
}

/** Mails what staff answer to a visitor; a reply to it goes to those who are told of enquiries. */
export function createAnswerSender(mail: NonNullable<NoticeParts['mail']>, log: Log): Sender {
  return createMailSender({ ...mail, log }, ({ payload }) => {
    const { to, subject, text } = payload as AnswerLetter;
    return { to: [to], subject, text, replyTo: mail.to.join(', '), byPerson: true };
  });
}
