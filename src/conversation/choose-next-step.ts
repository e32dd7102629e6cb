import type { Decision } from '../answers/decision';
import type { OtherLanguage } from '../answers/detect-language';
import type { Entry } from '../answers/knowledge';
import type { ConversationState } from './conversation-state';
import { plainWords } from './plain-words';
import { readsAsQuestion } from './reads-as-question';
import { type Command, readCommand } from './read-command';
import { readChoice } from './read-choice';
import { readYesNo } from './read-yes-no';

/** What a turn does with the visitor's message. */
export type Step =
  | { do: 'say-safety'; kind: 'crisis' | 'emergency' }
  | { do: 'obey'; command: Command }
  | { do: 'delete-data' }
  | { do: 'let-be' }
  | { do: 'continue-dialog' }
  /** A question in the middle of a dialog: the inner step answers it, then the same prompt comes again. */
  | { do: 'answer-then-reprompt'; answer: SpokenStep }
  | { do: 'book'; kind: 'consultation' | 'question'; question?: string }
  | SpokenStep;

/** The steps that end with what was said. */
export type SpokenStep =
  | { do: 'answer'; entries: string[] }
  | { do: 'offer-choices'; entries: string[] }
  | { do: 'hand-off'; entries: string[] }
  | { do: 'fall-back'; language?: OtherLanguage };

export interface Situation {
  text: string;
  state: ConversationState;
  decision: Decision;
  entries: ReadonlyMap<string, Entry>;
  /** The bot's own buttons: what the text each of them sends means. */
  buttons: ReadonlyMap<string, ButtonMeaning>;
  /** How the text reads to the waiting dialog; undefined while none waits. */
  dialogReads?: 'surely' | 'maybe' | 'no';
}

export type ButtonMeaning = 'book' | 'yes' | 'no';

/** The router: its eight rules in their order. Pure; the first rule that applies decides. */
export function chooseNextStep(situation: Situation): Step {
  return (
    safetyFirst(situation) ??
    commandsAnywhere(situation) ??
    replyToOwnQuestion(situation) ??
    waitingDialog(situation) ??
    bookButton(situation) ??
    stepFor(situation.decision, situation.entries, situation.text)
  );
}

function safetyFirst({ decision }: Situation): Step | undefined {
  return decision.decision === 'safety' ? { do: 'say-safety', kind: decision.safety ?? 'crisis' } : undefined;
}

function commandsAnywhere({ text }: Situation): Step | undefined {
  const command = readCommand(text);
  return command && { do: 'obey', command };
}

function replyToOwnQuestion({ text, state, entries, buttons, dialogReads }: Situation): Step | undefined {
  const { waiting } = state;
  if (!waiting) return undefined;
  if (waiting.for === 'choice') {
    const offered = waiting.entries.flatMap((id) => entries.get(id) ?? []);
    const choice = readChoice(text, offered);
    if (choice === 'none') return dialogReads === 'surely' ? undefined : { do: 'fall-back' };
    return choice && stepForEntries([choice], waiting.question);
  }
  const reply = buttons.get(plainWords(text)) ?? readYesNo(text);
  if (reply === undefined || reply === 'book') return undefined;
  if (reply === 'no') return { do: 'let-be' };
  return waiting.for === 'delete-data'
    ? { do: 'delete-data' }
    : { do: 'book', kind: 'question', question: waiting.question };
}

function waitingDialog({ text, state, decision, entries, dialogReads }: Situation): Step | undefined {
  if (!state.dialog) return undefined;
  const known = decision.decision === 'answer' || decision.decision === 'handoff';
  const isQuestion = readsAsQuestion(text) && (dialogReads === 'no' || (dialogReads === 'maybe' && known));
  if (!isQuestion || isSmallTalk(decision, entries)) return { do: 'continue-dialog' };
  const answer = stepFor(decision, entries, text);
  return answer.do === 'book' ? { do: 'continue-dialog' } : { do: 'answer-then-reprompt', answer };
}

function bookButton({ text, buttons }: Situation): Step | undefined {
  return buttons.get(plainWords(text)) === 'book' ? { do: 'book', kind: 'consultation' } : undefined;
}

function isSmallTalk(decision: Decision, entries: ReadonlyMap<string, Entry>): boolean {
  return decision.entry !== null && entries.get(decision.entry)?.kind === 'small-talk';
}

function stepFor(
  decision: Decision,
  entries: ReadonlyMap<string, Entry>,
  text: string,
): SpokenStep | Extract<Step, { do: 'book' }> {
  switch (decision.decision) {
    case 'booking':
      return { do: 'book', kind: 'consultation' };
    case 'answer':
    case 'handoff': {
      const spoken = [decision.entry, decision.second?.entry ?? null].flatMap(
        (id) => (id && entries.get(id)) || [],
      );
      return spoken.length > 0 ? stepForEntries(spoken, text) : { do: 'fall-back' };
    }
    case 'clarify': {
      const offered = decision.candidates.slice(0, 3).map((candidate) => candidate.entry);
      return { do: 'offer-choices', entries: offered.filter((id) => entries.has(id)) };
    }
    default:
      return { do: 'fall-back', ...(decision.language !== undefined && { language: decision.language }) };
  }
}

/** An entry without an approved answer among them makes it a hand-off: the reply still gives what the others say. */
function stepForEntries(spoken: Entry[], question: string): SpokenStep | Extract<Step, { do: 'book' }> {
  if (spoken.length === 1 && spoken[0]?.kind === 'booking') return { do: 'book', kind: 'consultation' };
  if (spoken.length === 1 && spoken[0]?.kind === 'person') return { do: 'book', kind: 'question', question };
  const ids = spoken.map((entry) => entry.id);
  return spoken.some((entry) => entry.approval === 'none')
    ? { do: 'hand-off', entries: ids }
    : { do: 'answer', entries: ids };
}
