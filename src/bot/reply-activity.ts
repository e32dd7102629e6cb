import { type Activity, ActivityTypes, ActionTypes } from 'botbuilder';
import type { Reply } from '../conversation/reply';

/**
 * A reply as Bot Framework knows it: quick replies are suggested actions that send their value as a message
 * (`imBack`); a booking summary travels in `channelData.summary`, and in `text` for channels that ignore it;
 * `channelData.answer` marks what may be rated, `channelData.choice` what offers questions to choose from, `channelData.asks` says which detail a prompt wants,
 * `channelData.answering` who answers from here on.
 */
export function replyActivity(reply: Reply): Partial<Activity> {
  return {
    type: ActivityTypes.Message,
    text: reply.text,
    textFormat: 'plain',
    inputHint: 'acceptingInput',
    ...(reply.quickReplies?.length && {
      suggestedActions: {
        to: [],
        actions: reply.quickReplies.map(({ title, value }) => ({
          type: ActionTypes.ImBack,
          title,
          value,
          text: value,
        })),
      },
    }),
    ...((reply.summary || reply.isAnswer || reply.isChoice || reply.asks || reply.answering) && {
      channelData: {
        ...(reply.summary && { summary: reply.summary }),
        ...(reply.isAnswer && { answer: true }),
        ...(reply.isChoice && { choice: true }),
        ...(reply.asks && { asks: reply.asks }),
        ...(reply.answering && { answering: reply.answering }),
      },
    }),
  };
}
