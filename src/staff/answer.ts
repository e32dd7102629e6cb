import type { OutboxMessage } from '../bot/ports';
import type { Say } from '../conversation/reply';
import type { AnswerLetter } from '../notify/ports';
import type { RequestReading } from './ports';

/** The outbox's kind of a person's answer by e-mail. */
export const ANSWER_MAIL = 'answer-mail';

/** A person's answer to a question that was passed on, or to somebody who wants to come. */
export interface Answer {
  reading: RequestReading;
  text: string;
  /** Whoever answers, as the visitor reads it. */
  person: string;
  clinic: string;
}

/** Under the question as it was asked, because days may lie between the two. */
export function answerInChat({ reading, text }: Answer, say: Say): string {
  const question = askedIn(reading, say);
  return question === undefined ? text : say('answer.inChat', { question, answer: text });
}

/** To the address that the visitor left for just this; the same `once` is mailed once. */
export function answerLetter(answer: Answer, email: string, once: string, say: Say): OutboxMessage {
  const { reading, text, person, clinic } = answer;
  const { reference, name } = reading;
  const question = askedIn(reading, say);
  const parts = [
    say('answer.greeting', { name }),
    ...(question === undefined ? [] : [say('answer.youAsked', { clinic }), quoted(question)]),
    text,
    say('answer.reply', { reference }),
    // The team's name has the clinic's in it.
    person === say('conversation.team', { clinic }) ? person : say('answer.from', { person, clinic }),
  ];
  const letter: AnswerLetter = {
    reference,
    to: email,
    subject: say(reading.kind === 'question' ? 'answer.subject' : 'answer.subjectRequest', { clinic }),
    text: `${parts.join('\n\n')}\n`,
  };
  return {
    kind: ANSWER_MAIL,
    payload: letter,
    idempotencyKey: `${ANSWER_MAIL}:${reference}:${once}`,
    orderKey: reference,
  };
}

/** The visitor's own words; undefined where they only asked for a person, or to come. */
function askedIn({ request }: RequestReading, say: Say): string | undefined {
  const isQuestion = request.kind === 'question' && request.question !== say('conversation.personQuestion');
  return isQuestion ? request.question : undefined;
}

function quoted(text: string): string {
  return text.replace(/^/gm, '> ');
}
