import { randomUUID } from 'node:crypto';
import type { Activity } from 'botbuilder';
import type { Insertable } from 'kysely';
import type { KeptActivity } from '../bot/ports';
import type { ActivitiesTable } from './schema';

/** The columns that every activity has; `now` (ISO 8601 UTC) stands in for a missing timestamp. */
export function activityRow(
  { conversationId, sequence, activity }: KeptActivity,
  role: 'user' | 'bot' | 'staff',
  now: string,
): Insertable<ActivitiesTable> {
  return {
    conversation_id: conversationId,
    sequence,
    id: activity.id ?? randomUUID(),
    type: activity.type ?? 'message',
    role,
    at: isoTime(activity.timestamp) ?? now,
    text: activity.text ?? null,
    activity: JSON.stringify(activity),
  };
}

/** The activity as it was published: its times stay ISO text. */
export function keptActivity(row: {
  conversation_id: string;
  sequence: number;
  activity: string;
}): KeptActivity {
  const activity: Partial<Activity> = JSON.parse(row.activity);
  return { conversationId: row.conversation_id, sequence: row.sequence, activity };
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** One form for all, so that text order is time order. */
function isoTime(time: Date | string | undefined): string | undefined {
  if (time === undefined || (typeof time === 'string' && ISO_TIME.test(time))) return time;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
