import type { Activity } from 'botbuilder';
import type { EventContent } from './read-events';

/** The bot waits so long after the last message of a person in the page's inbox. */
export const PERSON_ANSWERS_HOURS = 12;

/** The conversation of a person with the page; an id that no Direct Line conversation can have. */
export function conversationIdOf(pageId: string, psid: string): string {
  return `messenger-${pageId}-${psid}`;
}

/** An event in Bot Framework's terms; undefined for those that no turn follows from. */
export function activityOf(content: EventContent, at: Date): Partial<Activity> | undefined {
  switch (content.kind) {
    case 'said':
      return { ...message(content.text, content.attachments), channelData: { unannounced: true } };
    case 'overheard':
      return { ...message(content.text, content.attachments), channelData: { overheard: true } };
    case 'came':
      return event('start', content.ref === undefined ? {} : { ref: content.ref });
    case 'reacted':
      return event('reaction', { reaction: content.reaction });
    case 'rated':
      return event('feedback', { value: content.good ? 'up' : 'down', mid: content.mid });
    case 'page-wrote':
    case 'thread-taken':
      return event('person-joined', {
        until: new Date(at.getTime() + PERSON_ANSWERS_HOURS * 3_600_000).toISOString(),
      });
    case 'thread-given':
      return event('person-left', {});
    case 'own-echo':
    case 'thread-wanted':
      return undefined;
  }
}

/** Attachments are named, never fetched: what a visitor sends of their scalp is health data. */
function message(text: string, attachments: string[]): Partial<Activity> {
  return {
    type: 'message',
    text,
    ...(attachments.length > 0 && { attachments: attachments.map((contentType) => ({ contentType })) }),
  };
}

function event(name: string, value: object): Partial<Activity> {
  return { type: 'event', name, value };
}
