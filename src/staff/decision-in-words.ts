import type { Decision } from '../answers/decision';
import { percent } from './words';

type TitleOf = (entry: string) => string | undefined;

/** “How long one session takes”, or the entry's id where today's knowledge has no such entry. */
export function entryName(entry: string, titleOf: TitleOf): string {
  return `“${titleOf(entry) ?? entry}”`;
}

/** What the bot made of a message and what it did, in one sentence for staff. */
export function decisionInWords(decision: Decision, step: string | null, titleOf: TitleOf): string {
  return (step === null ? undefined : STEPS[step]) ?? matchInWords(decision, titleOf);
}

/** Steps of the router for which it does not matter what the words alone would have meant. */
const STEPS: Readonly<Record<string, string>> = {
  'continue-dialog': 'Taken as a reply to the booking question.',
  obey: 'Obeyed: a word that always works.',
  'delete-data': 'Asked for their data to be deleted.',
  'let-be': 'Taken as “no, thank you”.',
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
