/** One message to the visitor, before a channel gives it its own form. Several make a turn's answer. */
export interface Reply {
  /** Plain text; a blank line separates paragraphs, a line starting "- " is a list item. Links are bare URLs. */
  text: string;
  quickReplies?: QuickReply[];
  /** It answers a question: worth asking whether it helped. */
  isAnswer?: true;
  /** A booking summary: rows of what was understood, each with a way to change it. `text` says the same in words. */
  summary?: SummaryRow[];
  /** The quick replies are questions to choose from: where there is room, each is shown whole. */
  isChoice?: true;
  /** It tells who answers from here on. */
  answering?: 'person' | 'bot';
  /** What the prompt wants, for channels that can fill it in from the visitor's profile. */
  asks?: 'phone' | 'email' | 'contact';
}

/** A tap sends `value` as if the visitor had typed it. */
export interface QuickReply {
  /** Up to 20 characters. */
  title: string;
  value: string;
}

export interface SummaryRow {
  label: string;
  value: string;
  /** What a tap on "Change" sends, where it can be changed. */
  change?: QuickReply;
}

/** Fills a sentence of `knowledge/wording.yaml`; throws on a key or a place that does not exist. */
export type Say = (key: string, places?: Record<string, string>) => string;
