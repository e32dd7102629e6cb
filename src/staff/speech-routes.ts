import type { HttpResponse } from '../http/route';
import { notFound, seeOther } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import type { ConversationReading, Review } from './ports';
import { numberIn } from './query';
import { LONGEST_MESSAGE, readMessage, type Speech, type Spoken } from './speech';
import type { StaffMember } from './sessions';

/** Of the conversation's page, where the newest message and the form are. */
const HERE = '#speak';

/** Every one of these forms carries an id of its own, so that sent twice it is done once. */
export function onceIn(form: URLSearchParams): string | undefined {
  const once = form.get('once') ?? '';
  return /^[\w-]{22}$/.test(once) ? once : undefined;
}

/** Why a text cannot be sent; undefined where it can. */
export function problemWith(text: string): string | undefined {
  if (text === '') return 'There is nothing in the message.';
  if (text.length <= LONGEST_MESSAGE) return undefined;
  return `A message has ${LONGEST_MESSAGE.toLocaleString('en')} characters at most. Send it in two.`;
}

/** Taking a conversation over, writing in it, and handing it back. */
export function speechRoutes(parts: {
  review: Review;
  speech: Speech;
  clock: () => Date;
  /** The conversation's page with what went wrong; what was typed stays in the form. */
  showConversation: (
    request: ConsoleRequest,
    member: StaffMember,
    unsent: { problem: string; draft: string },
  ) => Promise<HttpResponse>;
}): ConsoleRoute[] {
  const { review, speech, clock, showConversation } = parts;

  async function act(
    request: ConsoleRequest,
    member: StaffMember,
    work: (conversation: ConversationReading, once: string) => Promise<Spoken>,
  ): Promise<HttpResponse> {
    const { id = '' } = request.params;
    const once = onceIn(request.form);
    const conversation = await review.conversation(id, 1);
    if (conversation === undefined || once === undefined) return notFound();
    const spoken = await work(conversation, once);
    if (spoken === 'gone') return notFound();
    if (spoken === 'done') return seeOther(`/staff/conversations/${encodeURIComponent(id)}${HERE}`);
    const draft = request.form.get('text') ?? '';
    return showConversation(request, member, { problem: spoken.refused, draft });
  }

  return [
    {
      method: 'POST',
      path: '/staff/conversations/:id/join',
      handle: (request, member) =>
        act(request, member, (conversation, once) => speech.join(conversation, member, once)),
    },
    {
      method: 'POST',
      path: '/staff/conversations/:id/leave',
      handle: (request, member) =>
        act(request, member, async (conversation, once) => {
          // Whoever hands it back has read what their page showed; the assistant answers from here.
          const by = { at: clock().toISOString(), actor: member.email };
          const upTo = numberIn(request.form.get('upTo'));
          if (conversation.review === 'visitor-waits' && upTo !== undefined)
            await review.markReviewed(conversation.id, upTo, by);
          return speech.leave(conversation, member, once);
        }),
    },
    {
      method: 'POST',
      path: '/staff/conversations/:id/messages',
      handle: (request, member) =>
        act(request, member, async (conversation, once) => {
          const text = readMessage(request.form.get('text') ?? '');
          const problem = problemWith(text);
          if (problem !== undefined) return { refused: problem };
          return speech.say(conversation, member, once, text, clock());
        }),
    },
  ];
}
