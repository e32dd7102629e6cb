import type { TurnContext } from 'botbuilder';
import type { ConversationState } from '../conversation/conversation-state';
import type { StaffSpeaker, TurnRecord } from './ports';

/** What a turn starts from and gathers besides its replies; all of it is kept in the turn's one commit. */
export type TurnMemory = {
  /** When it began, ISO 8601 UTC. */
  at: string;
  state: ConversationState;
  /** Set where a member of staff acts, and not the visitor. */
  by?: StaffSpeaker;
  /** Requests of the last day from the same address, whatever the conversation; absent where no address is known. */
  requestsFromSender?: number;
} & Gathered;

/** The part of the record that the bot decides. */
export type Gathered = Pick<
  TurnRecord,
  'decision' | 'request' | 'withdrawn' | 'messages' | 'redact' | 'erase' | 'review'
>;

const MEMORY = Symbol('turn memory');

export function giveMemory(context: TurnContext, memory: TurnMemory): void {
  context.turnState.set(MEMORY, memory);
}

export function memoryOf(context: TurnContext): TurnMemory {
  return context.turnState.get(MEMORY);
}
