import type { Decision } from '../answers/decision';
import { percent } from './words';

type TitleOf = (entry: string) => string | undefined;

/** “How long one session takes”, or the entry's id where today's knowledge has no such entry. */
export function entryName(entry: string, titleOf: TitleOf): string {
  return `“${titleOf(entry) ?? entry}”`;
}

/** What the bot made of a message and what it did, in one sentence for staff. */
export function decisionInWords(decision: Decision, step: string | null, titleOf: TitleOf): string {
  if (step === 'answer-then-reprompt') {
    return `${matchInWords(decision, titleOf)} Then the booking question was asked again.`;
  }
  return wasDecidedByMatch(decision, step) ? matchInWords(decision, titleOf) : (STEPS[step ?? ''] ?? '');
}

/** False where the router went by something else: a waiting question, a button, a word that always works. */
export function wasDecidedByMatch(decision: Decision, step: string | null): boolean {
  if (step === null || STEPS[step] === undefined) return true;
  return MATCH_STEPS[decision.decision] === step;
}

/** The step that each decision leads to when nothing else steers the conversation. */
const MATCH_STEPS: Readonly<Record<Decision['decision'], string>> = {
  answer: 'answer',
  clarify: 'offer-choices',
  handoff: 'hand-off',
  booking: 'book',
  safety: 'say-safety',
  none: 'fall-back',
};

/** What the router did, by its own name for it, where that is not what the words alone would have led to. */
const STEPS: Readonly<Record<string, string>> = {
  'continue-dialog': 'Taken as a reply to what the bot had asked.',
  'resume-dialog': 'Went on with the booking questions given up before.',
  reprompt: 'Asked the booking question again.',
  'book-again': 'Took up the withdrawn request again.',
  obey: 'Obeyed: a word that always works.',
  'delete-data': 'Asked for their data to be deleted.',
  'let-be': 'Taken as “no, thank you”.',
  book: 'Began the booking questions.',
  answer: 'Answered with what the visitor chose.',
  'offer-choices': 'Offered a choice.',
  'hand-off': 'Understood, but no answer is approved.',
  'fall-back': 'No answer was sure enough.',
  invite: 'Told something and asked nothing.',
  'own-up': 'Said that the answer before did not help.',
};

function matchInWords(decision: Decision, titleOf: TitleOf): string {
  const sure = `${percent(decision.confidence)} sure`;
  const named = decision.entry === null ? '' : entryName(decision.entry, titleOf);
  const also = decision.second === undefined ? '' : `, and with ${entryName(decision.second.entry, titleOf)}`;
  switch (decision.decision) {
    case 'answer':
      return `Answered with ${named}${also} (${sure}).`;
    case 'clarify':
      return `Not sure of one answer (${sure}), so it offered a choice.`;
    case 'handoff':
      return `Understood as ${named} (${sure}), for which no answer is approved.`;
    case 'booking':
      return `Taken as a wish to book (${sure}).`;
    case 'safety':
      return `Sounded like ${decision.safety === 'emergency' ? 'an emergency' : 'a crisis'}: the safety text was sent.`;
    case 'none':
      return 'Not understood: no entry fits.';
  }
}

/** Would the visitor have got the same? */
export function sameDecision(one: Decision, other: Decision): boolean {
  return (
    one.decision === other.decision && one.entry === other.entry && one.second?.entry === other.second?.entry
  );
}
