/** What a visitor thinks of one answer: the value of an event activity named `feedback`. */
export interface Feedback {
  /** Of the bot's activity. */
  activityId: string;
  value: 'up' | 'down';
}

/** Undefined where it is not of this form. */
export function readFeedback(value: unknown): Feedback | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { activityId, value: opinion } = value as Record<string, unknown>;
  if (typeof activityId !== 'string' || (opinion !== 'up' && opinion !== 'down')) return undefined;
  return { activityId, value: opinion };
}
