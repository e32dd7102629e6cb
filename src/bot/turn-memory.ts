import type { TurnContext } from 'botbuilder';
import type { BookingRequest } from '../booking/booking-request';
import type { ConversationState } from '../conversation/conversation-state';
import type { OutboxMessage, ReviewReason, TurnRecord } from './ports';

/** What a turn starts from and gathers besides its replies; all of it is kept in the turn's one commit. */
export interface TurnMemory {
  state: ConversationState;
  decision?: TurnRecord['decision'];
  request?: BookingRequest;
  withdrawn?: string;
  messages?: OutboxMessage[];
  redact?: true;
  erase?: string;
  review?: ReviewReason;
}

const MEMORY = Symbol('turn memory');

export function giveMemory(context: TurnContext, memory: TurnMemory): void {
  context.turnState.set(MEMORY, memory);
}

export function memoryOf(context: TurnContext): TurnMemory {
  return context.turnState.get(MEMORY);
}
