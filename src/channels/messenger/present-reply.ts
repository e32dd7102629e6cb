import type { Activity } from 'botbuilder';
import { SAY } from './read-events';

/** A message of the Send API, without recipient and type. */
export interface MessengerMessage {
  text?: string;
  attachment?: { type: 'template'; payload: ButtonTemplate | GenericTemplate };
  quick_replies?: MessengerQuickReply[];
}

export interface ButtonTemplate {
  template_type: 'button';
  text: string;
  buttons: { type: 'postback'; title: string; payload: string }[];
}

/** Cards in a row. */
export interface GenericTemplate {
  template_type: 'generic';
  elements: { title: string; buttons: ButtonTemplate['buttons'] }[];
}

export type MessengerQuickReply =
  | { content_type: 'text'; title: string; payload: string }
  /** Filled in from the person's profile; not shown where it has none. */
  | { content_type: 'user_phone_number' | 'user_email' };

/** Meta's limits (messenger.md D.2); texts are cut well under 2,000, because emoji count as more than one. */
export const LONGEST_TEXT = 1_900;
export const LONGEST_TEMPLATE_TEXT = 640;
export const LONGEST_TITLE = 20;
export const MOST_QUICK_REPLIES = 13;
export const MOST_BUTTONS = 3;
export const MOST_CARDS = 10;
export const LONGEST_CARD_TITLE = 80;
const LONGEST_PAYLOAD = 1_000;

/**
 * A reply in Messenger's own terms: long texts as several messages, suggested actions as quick replies under the last
 * one, questions to choose from as a row of cards that show each whole, the booking summary with lasting buttons to
 * send it and quick replies to change a field, and where a prompt asks for a phone number or an address the chips that
 * fill it in. Nothing that comes out is over Meta's limits.
 */
export function presentForMessenger(activity: Partial<Activity>): MessengerMessage[] {
  if (activity.type !== 'message') return [];
  const pieces = splitText(activity.text ?? '');
  const last = pieces.pop();
  if (last === undefined) return [];
  return [...pieces.map((text) => ({ text })), ...lastMessages(last, activity)];
}

function lastMessages(text: string, activity: Partial<Activity>): MessengerMessage[] {
  return readChannelData(activity.channelData).isChoice
    ? choiceMessages(text, activity)
    : [lastMessage(text, activity)];
}

/** A title of 20 characters says too little to choose by; what has no longer form stays a quick reply. */
function choiceMessages(text: string, activity: Partial<Activity>): MessengerMessage[] {
  const actions = activity.suggestedActions?.actions ?? [];
  const questions = actions.filter(({ title, value }) => title !== String(value)).slice(0, MOST_CARDS);
  const elements = questions.flatMap(({ title, value }) =>
    tap(title, String(value)).map((button) => ({
      title: cut(String(value), LONGEST_CARD_TITLE),
      buttons: [{ type: 'postback' as const, title: button.title, payload: button.payload }],
    })),
  );
  if (elements.length === 0) return [lastMessage(text, activity)];
  const others = actions.filter(({ title, value }) => title === String(value));
  const cards: MessengerMessage = {
    attachment: { type: 'template', payload: { template_type: 'generic', elements } },
  };
  return [
    { text },
    withQuickReplies(
      cards,
      others.flatMap(({ title, value }) => tap(title, String(value))),
    ),
  ];
}

function lastMessage(text: string, activity: Partial<Activity>): MessengerMessage {
  const offered = (activity.suggestedActions?.actions ?? []).flatMap(({ title, value }) =>
    tap(title, String(value)),
  );
  const { summary, asks } = readChannelData(activity.channelData);
  const chips = asks.map((content_type) => ({ content_type }));
  if (summary.length === 0 || text.length > LONGEST_TEMPLATE_TEXT) {
    return withQuickReplies({ text }, [...chips, ...offered, ...summary]);
  }
  const buttons = offered.slice(0, MOST_BUTTONS);
  if (buttons.length === 0) return withQuickReplies({ text }, summary);
  const payload: ButtonTemplate = {
    template_type: 'button',
    text,
    buttons: buttons.map(({ title, payload: sends }) => ({ type: 'postback', title, payload: sends })),
  };
  return withQuickReplies({ attachment: { type: 'template', payload } }, [
    ...offered.slice(MOST_BUTTONS),
    ...summary,
  ]);
}

function withQuickReplies(message: MessengerMessage, replies: MessengerQuickReply[]): MessengerMessage {
  return replies.length === 0 ? message : { ...message, quick_replies: replies.slice(0, MOST_QUICK_REPLIES) };
}

function tap(title: string, value: string): { content_type: 'text'; title: string; payload: string }[] {
  const payload = `${SAY}${value}`;
  if (payload.length > LONGEST_PAYLOAD || title.trim() === '' || value.trim() === '') return [];
  return [{ content_type: 'text', title: cut(title, LONGEST_TITLE), payload }];
}

/** Whole characters only: half an emoji is no text. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > most - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

const CHIPS: Record<string, ('user_phone_number' | 'user_email')[]> = {
  phone: ['user_phone_number'],
  email: ['user_email'],
  contact: ['user_phone_number', 'user_email'],
};

/** What `replyActivity` has put there for channels that can use it. */
function readChannelData(channelData: unknown): {
  summary: { content_type: 'text'; title: string; payload: string }[];
  asks: ('user_phone_number' | 'user_email')[];
  isChoice: boolean;
} {
  const data = (channelData ?? {}) as {
    summary?: { change?: { title: string; value: string } }[];
    asks?: string;
    choice?: boolean;
  };
  return {
    summary: (data.summary ?? []).flatMap(({ change }) => (change ? tap(change.title, change.value) : [])),
    asks: CHIPS[data.asks ?? ''] ?? [],
    isChoice: data.choice === true,
  };
}

/** Cuts at the end of a paragraph, else of a sentence, else between words; nothing is left out but white space. */
export function splitText(text: string, most: number = LONGEST_TEXT): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > most) {
    const end = cutPlace(rest, most);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

function cutPlace(text: string, most: number): number {
  const head = text.slice(0, most);
  const paragraph = head.lastIndexOf('\n\n');
  if (paragraph > most / 2) return paragraph;
  const sentence = [...head.matchAll(/[.!?…]["')\]]?(?=\s)|\n/gu)].at(-1);
  if (sentence && sentence.index > most / 3) return sentence.index + sentence[0].length;
  const space = head.lastIndexOf(' ');
  if (space > most / 3) return space;
  // One endless word: never between the halves of a surrogate pair.
  return head.charCodeAt(most - 1) >= 0xd800 && head.charCodeAt(most - 1) <= 0xdbff ? most - 1 : most;
}
