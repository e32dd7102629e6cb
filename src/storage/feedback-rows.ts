import { readFeedback } from '../conversation/feedback';
import type { Feedback } from '../conversation/feedback';

/** What an event activity (JSON) says of an answer; undefined where it says something else. */
export function feedbackIn(activity: string): Feedback | undefined {
  const { name, value } = JSON.parse(activity) as { name?: string; value?: unknown };
  return name === 'feedback' ? readFeedback(value) : undefined;
}
