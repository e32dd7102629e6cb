import type { Activity } from 'botbuilder';
import { z } from 'zod';
import { HttpError } from '../../http/route';

/** Longest message, in UTF-16 units; the widget stops the visitor there too. */
export const MAX_TEXT = 1_000;
const MAX_VALUE = 4_000;

/** What a visitor's client may say. Everything else it sends (`from`, `role`, ids, times, entities) is dropped. */
export interface PostedActivity {
  activity: Partial<Activity>;
  /** `channelData.clientActivityID`: the same message sent again has the same one. */
  clientActivityId: string | undefined;
}

const posted = z.object({
  type: z.enum(['message', 'event', 'typing'], 'must be message, event or typing'),
  text: z
    .string('must be text')
    .max(MAX_TEXT, `is longer than ${MAX_TEXT.toLocaleString('en')} characters`)
    .transform(printable)
    .optional(),
  /** Of an event. */
  name: z
    .string('must be text')
    .max(100, 'is longer than 100 characters')
    .refine((name) => !name.startsWith('person-'), 'is for the team only')
    .transform(printable)
    .optional(),
  /** Of an event, or of a tapped button. */
  value: z
    .unknown()
    .refine(isSmall, `is longer than ${MAX_VALUE} characters`)
    .transform((value) => (typeof value === 'string' ? printable(value) : value))
    .optional(),
  /** Dropped where it is no language tag: Web Chat sends what the browser says, "en-US@posix" on some machines. */
  locale: z
    .string()
    .regex(/^[A-Za-z0-9-]{2,35}$/)
    .optional()
    .catch(undefined),
  /** Only that there was a picture; the address it points to is nobody's business here. */
  attachments: z
    .array(z.object({ contentType: z.string().max(100).transform(printable) }))
    .max(10, 'are more than ten')
    .optional(),
  channelData: z
    .object(
      {
        clientActivityID: z
          .string('must be text')
          .regex(/^[\x20-\x7e]{1,128}$/, 'must be 1 to 128 ASCII characters')
          .optional(),
      },
      'must be an object',
    )
    .optional(),
});

/** @throws HttpError 400 naming the field that is wrong. */
export function readPostedActivity(body: unknown): PostedActivity {
  const result = posted.safeParse(body);
  if (!result.success) throw new HttpError(400, 'BadArgument', problemOf(result.error));
  const { channelData, ...activity } = withoutUndefined(result.data);
  const clientActivityId = channelData?.clientActivityID;
  if (clientActivityId === undefined) return { activity, clientActivityId };
  return { activity: { ...activity, channelData: { clientActivityID: clientActivityId } }, clientActivityId };
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined || issue.path.length === 0
    ? 'Send an activity as a JSON object.'
    : `${issue.path.join('.')} ${issue.message}.`;
}

/** No half characters and no NUL, which Postgres cannot keep. */
function printable(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '');
}

function isSmall(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').length <= MAX_VALUE;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
