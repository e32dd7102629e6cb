import type { Activity } from 'botbuilder';
import { activityOf } from '../messenger/event-activity';
import { type PageEvent, opensWindow, readItemOf } from '../messenger/read-events';
import type { TrustedActivity } from './trusted-activity';

/** One turn that follows from an incoming activity. */
export interface AzureTurn {
  /** Of the channel's own making, unique in the conversation. */
  id: string;
  at: Date;
  /** The visitor, also where the page or an app did something. */
  userId: string;
  activity: Partial<Activity>;
  /** The visitor did something after which Facebook lets them be answered. */
  opensWindow: boolean;
}

/** Several for what a page heard on standby, none for what asks for nothing. */
export function turnsOf(
  incoming: TrustedActivity,
  now: Date,
  facebookAppId: string | undefined,
): AzureTurn[] {
  const sent = new Date(incoming.timestamp ?? Number.NaN);
  const at = Number.isNaN(sent.getTime()) ? now : sent;
  if (incoming.channelId === 'facebook') {
    const events = facebookEvents(incoming, at, facebookAppId);
    if (events) return events.flatMap((event) => turnOfEvent(event));
  }
  const activity = plainActivity(incoming);
  const id = incoming.id ?? (incoming.type === 'conversationUpdate' ? 'joined' : undefined);
  return activity && id !== undefined
    ? [{ id, at, userId: incoming.from.id, activity, opensWindow: true }]
    : [];
}

function turnOfEvent(event: PageEvent): AzureTurn[] {
  const activity = activityOf(event, event.at);
  return activity
    ? [{ id: event.key, at: event.at, userId: event.psid, activity, opensWindow: opensWindow(event) }]
    : [];
}

/** The Facebook channel hands on Meta's own item; undefined where there is none, as in a conversationUpdate. */
function facebookEvents(
  incoming: TrustedActivity,
  at: Date,
  facebookAppId: string | undefined,
): PageEvent[] | undefined {
  const data = incoming['channelData'];
  if (typeof data !== 'object' || data === null) return undefined;
  const eventOf = (item: object, standby: boolean) => {
    const around = {
      sender: { id: incoming.from.id },
      recipient: { id: incoming.recipient.id },
      timestamp: at.getTime(),
    };
    // Of an echo the page is the sender.
    const pageId = isEcho(item) ? incoming.from.id : incoming.recipient.id;
    return readItemOf({ ...around, ...item }, { pageId, appId: facebookAppId }, standby);
  };
  if ('standby' in data && Array.isArray(data.standby))
    return data.standby.flatMap((item: unknown) => eventOf(asObject(item), true) ?? []);
  const event = eventOf(data, false);
  if (!event) return HANDED_ON.some((name) => name in data) || saysNothing(incoming) ? [] : undefined;
  // Replies of ours come back as echoes too, and only the app's id tells them from a person's.
  return event.kind === 'page-wrote' && facebookAppId === undefined ? [] : [event];
}

const HANDED_ON = ['message', 'postback', 'optin', 'referral', 'reaction', 'read', 'delivery'];

/** What Meta may add one day arrives as a message without one. */
function saysNothing({ type, text, attachments }: TrustedActivity): boolean {
  return type === 'message' && !text && !attachments?.length;
}

function isEcho(data: object): boolean {
  return 'message' in data && (asObject(data.message) as { is_echo?: unknown }).is_echo === true;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function plainActivity(incoming: TrustedActivity): Partial<Activity> | undefined {
  switch (incoming.type) {
    case 'message': {
      const attachments = (incoming.attachments ?? []).map(({ contentType }) => ({ contentType }));
      return {
        type: 'message',
        text: incoming.text ?? '',
        ...(attachments.length > 0 && { attachments }),
      };
    }
    case 'conversationUpdate': {
      const visitors = (incoming.membersAdded ?? []).filter(({ id }) => id !== incoming.recipient.id);
      return visitors.length > 0 ? { type: 'conversationUpdate' } : undefined;
    }
    case 'messageReaction':
      return { type: 'event', name: 'reaction', value: {} };
    default:
      return undefined;
  }
}
