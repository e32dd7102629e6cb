import { NoSuchConversation, type Turns, TurnsBusy } from '../bot/ports';
import type { Say } from '../conversation/reply';
import { answerInChat, answerLetter } from './answer';
import type { ConversationReading, Reach, RequestReading } from './ports';
import type { StaffMember } from './sessions';

/** Characters of one message: what fits into a form, and into one message of every channel. */
export const LONGEST_MESSAGE = 1_500;

export interface SpeechParts {
  turns: Pick<Turns, 'handle' | 'subscribe'>;
  /** Whether what staff write now gets to the visitor. */
  reach: (conversation: { id: string; channel: string; userId: string }) => Promise<Reach>;
  say: () => Say;
  clinicName: () => string;
  /** Whether e-mail is set up. */
  mails: boolean;
}

/** The conversation that staff act in. */
export type Addressed = Pick<ConversationReading, 'id' | 'channel' | 'userId' | 'person'>;

export type Spoken = 'done' | 'gone' | { refused: string };

export type Speech = ReturnType<typeof createSpeech>;

/**
 * What staff do in a visitor's conversation: take it over, write, hand it back. Each is a turn like the visitor's own,
 * in the same order and kept in the same way; the same `once` twice is done once.
 */
export function createSpeech({ turns, reach, say, clinicName, mails }: SpeechParts) {
  const nameOf = (member: StaffMember) =>
    member.displayName ?? say()('conversation.team', { clinic: clinicName() });

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

  /** Past Facebook's first window only what the person writes may be sent, and nothing that the bot says of it. */
  function comeOrGo(
    conversation: Addressed,
    member: StaffMember,
    once: string,
    name: 'person-joined' | 'person-left',
    way: Reach,
  ): Promise<Spoken> {
    const quietly = !way.open || way.how === 'human-agent';
    return act(conversation, member, once, {
      activity: { type: 'event', name, value: quietly ? { quietly } : {} },
    });
  }

  return {
    nameOf,
    reach,
    mails,

    async join(conversation: Addressed, member: StaffMember, once: string): Promise<Spoken> {
      const way = await reach(conversation);
      return way.open ? comeOrGo(conversation, member, once, 'person-joined', way) : { refused: way.why };
    },

    async leave(conversation: Addressed, member: StaffMember, once: string): Promise<Spoken> {
      return comeOrGo(conversation, member, once, 'person-left', await reach(conversation));
    },

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
        const joined = await comeOrGo(conversation, member, `${once}:join`, 'person-joined', way);
        if (joined !== 'done') return joined;
      }
      return act(conversation, member, once, { activity: { type: 'message', text, textFormat: 'plain' } });
    },

    /** Without taking over: the visitor may be away for days, and the bot goes on where they were. */
    async answer(
      conversation: Addressed,
      member: StaffMember,
      once: string,
      given: { reading: RequestReading; text: string; byMail: boolean },
    ): Promise<Spoken> {
      const way = await reach(conversation);
      const email = mails && given.byMail ? given.reading.email : null;
      if (!way.open && email === null) return { refused: way.why };
      const { reading } = given;
      const answer = { reading, text: given.text, person: nameOf(member), clinic: clinicName() };
      return act(conversation, member, once, {
        activity: {
          type: 'message',
          text: answerInChat(answer, say()),
          textFormat: 'plain',
          channelData: { answers: reading.reference },
        },
        along: {
          answers: reading.reference,
          onlyKept: !way.open,
          messages: email === null ? [] : [answerLetter(answer, email, once, say())],
        },
      });
    },
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
