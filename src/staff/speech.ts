import { NoSuchConversation, type OutboxMessage, type Turns, TurnsBusy } from '../bot/ports';
import type { ConversationReading, Reach } from './ports';
import type { StaffMember } from './sessions';

/** Characters of one message: what fits into a form, and into one message of every channel. */
export const LONGEST_MESSAGE = 1_500;

export interface SpeechParts {
  turns: Pick<Turns, 'handle'>;
  /** Whether what staff write now gets to the visitor. */
  reach: (conversation: { id: string; channel: string; userId: string }) => Promise<Reach>;
  /** What visitors read instead of a name where a member has none. */
  teamName: () => string;
}

/** The conversation that staff act in. */
export type Addressed = Pick<ConversationReading, 'id' | 'channel' | 'userId' | 'person'>;

export type Spoken = 'done' | 'gone' | { refused: string };

export type Speech = ReturnType<typeof createSpeech>;

/**
 * What staff do in a visitor's conversation: take it over, write, hand it back. Each is a turn like the visitor's own,
 * in the same order and kept in the same way; the same `once` twice is done once.
 */
export function createSpeech({ turns, reach, teamName }: SpeechParts) {
  const nameOf = (member: StaffMember) => member.displayName ?? teamName();

  async function act(
    { id, channel, userId }: Addressed,
    member: StaffMember,
    once: string,
    rest: Pick<Parameters<Turns['handle']>[0], 'activity' | 'along'>,
  ): Promise<Spoken> {
    const by = { account: member.email, name: nameOf(member) };
    try {
      await turns.handle({ conversationId: id, channel, userId, incomingId: `staff:${once}`, by, ...rest });
      return 'done';
    } catch (error) {
      if (error instanceof NoSuchConversation) return 'gone';
      if (error instanceof TurnsBusy)
        return { refused: 'Much is written here at this moment. Send it again.' };
      throw error;
    }
  }

  /** Past Facebook's first window only what the person writes may be sent, so that the bot does not announce them. */
  function joinIn(conversation: Addressed, member: StaffMember, once: string, way: Reach): Promise<Spoken> {
    const quietly = way.open && way.how === 'human-agent';
    return act(conversation, member, once, {
      activity: { type: 'event', name: 'person-joined', value: quietly ? { quietly } : {} },
    });
  }

  return {
    nameOf,
    reach,

    async join(conversation: Addressed, member: StaffMember, once: string): Promise<Spoken> {
      const way = await reach(conversation);
      return way.open ? joinIn(conversation, member, once, way) : { refused: way.why };
    },

    leave: (conversation: Addressed, member: StaffMember, once: string): Promise<Spoken> =>
      act(conversation, member, once, { activity: { type: 'event', name: 'person-left', value: {} } }),

    /** Takes over first where the bot has the conversation, so that the visitor knows who is writing. */
    async say(
      conversation: Addressed,
      member: StaffMember,
      once: string,
      text: string,
      now: Date,
    ): Promise<Spoken> {
      const way = await reach(conversation);
      if (!way.open) return { refused: way.why };
      if (!isThere(conversation, now)) {
        const joined = await joinIn(conversation, member, `${once}:join`, way);
        if (joined !== 'done') return joined;
      }
      return act(conversation, member, once, { activity: { type: 'message', text, textFormat: 'plain' } });
    },

    /** Without taking over: the visitor may be away for days, and the bot goes on where they were. */
    answer: (
      conversation: Addressed,
      member: StaffMember,
      once: string,
      answered: { reference: string; text: string; letters: OutboxMessage[] },
    ): Promise<Spoken> =>
      act(conversation, member, once, {
        activity: {
          type: 'message',
          text: answered.text,
          textFormat: 'plain',
          channelData: { answers: answered.reference },
        },
        along: { answers: answered.reference, messages: answered.letters },
      }),
  };
}

/** A person has this conversation at this moment. */
export function isThere({ person }: Pick<Addressed, 'person'>, now: Date): boolean {
  return person !== null && person.until > now.toISOString();
}

/** As it is kept: no half characters and no NUL, which Postgres cannot hold; lines end as everywhere. */
export function readMessage(typed: string): string {
  return typed
    .replaceAll('\r\n', '\n')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll('\0', '')
    .trim();
}
