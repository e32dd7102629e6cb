import { z } from 'zod';
import { OTHER_LANGUAGES } from '../src/answers/detect-language';
import type { Wish } from '../src/booking/booking-request';

/**
 * The prompt that waits. `phone` and `email` are asked alone only when one of them is to be changed; `change` is the
 * summary after a no: what should be different?
 */
const asking = z.enum([
  'consent',
  'name',
  'contact',
  'phone',
  'email',
  'email-offer',
  'when',
  'note',
  'question',
  'summary',
  'change',
  'withdraw',
]);
export type Asking = z.infer<typeof asking>;

const time = z.string().regex(/^\d\d:\d\d$/);
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const weekday = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
]);
const portion = z.enum(['early', 'middle', 'late']);
const days: z.ZodType<NonNullable<Wish['days']>> = z.union([
  z.object({ kind: z.enum(['any', 'soon', 'weekend', 'weekdays']) }),
  z.object({ kind: z.literal('week'), monday: date, portion: portion.optional() }),
  z.object({
    kind: z.literal('month'),
    month: z.string().regex(/^\d{4}-\d\d$/),
    portion: portion.optional(),
  }),
  z.object({ kind: z.literal('dates'), dates: z.array(date).min(1).max(14) }),
  z.object({ kind: z.literal('every'), weekdays: z.array(weekday).min(1).max(7) }),
]);
const wish = z.object({
  typed: z.string().max(1000),
  date: date.optional(),
  days: days.optional(),
  time: time.optional(),
  bound: z.enum(['after', 'before', 'around']).optional(),
  until: time.optional(),
  part: z.enum(['morning', 'midday', 'afternoon', 'evening']).optional(),
  portion: portion.optional(),
  zone: z.string().min(1),
});

const draft = z.object({
  name: z.string().min(1).max(100).optional(),
  phone: z
    .object({ e164: z.string().regex(/^\+\d{5,15}$/), extension: z.string().optional(), typed: z.string() })
    .optional(),
  email: z.string().min(3).max(254).optional(),
  contact: z.string().min(1).max(300).optional(),
  forWhom: z.string().min(1).max(200).optional(),
  wish: wish.optional(),
  note: z.string().min(1).max(1000).optional(),
});
export type Draft = z.infer<typeof draft>;

const bookingState = z
  .object({
    version: z.literal(1),
    kind: z.enum(['consultation', 'question']),
    asking,
    /** What was typed before the consent: read after a yes, gone with the state after a no. */
    said: z.array(z.string().max(1000)).max(8),
    question: z.string().max(1000).optional(),
    /** In which the visitor writes, where it is not English. */
    language: z.enum(OTHER_LANGUAGES).optional(),
    /** Questions asked meanwhile to which there is no approved answer. */
    asked: z.array(z.string().max(300)).max(5).optional(),
    consent: z.object({ text: z.string(), version: z.string(), at: z.string() }).optional(),
    draft,
    skipped: z.array(z.enum(['when', 'note'])),
    /** Half a wish, to be completed by the next reply: the time of a day that was refused. */
    partialWish: wish.optional(),
    /** Local dates of which one was meant, or which are open: buttons of the day prompt. */
    dates: z.array(date).max(7).optional(),
    /** An address that looks mistyped, waiting for a yes. */
    offer: z.object({ email: z.string(), suggestion: z.string() }).optional(),
    /** Several addresses in one message, of which one is to be chosen. */
    addresses: z.array(z.string().max(300)).max(2).optional(),
    /** "@ann_lee": kept beside the phone number or e-mail address that is asked for. */
    handle: z.string().min(1).max(300).optional(),
    /** In a row, on this prompt. */
    misses: z.number().int().min(0),
    /** Of the request that is being changed. */
    reference: z.string().min(1).optional(),
  })
  .refine((state) => state.asking === 'consent' || state.consent !== undefined)
  .refine((state) => state.asking !== 'email-offer' || state.offer !== undefined)
  .refine((state) => !['summary', 'change', 'withdraw'].includes(state.asking) || isComplete(state.draft))
  .refine((state) => state.asking !== 'withdraw' || state.reference !== undefined);
/** The booking dialog's memory: plain JSON. A new field is optional, or `version` goes up and is read below. */
export type BookingState = z.infer<typeof bookingState>;

/** State as stored by any released version; undefined where it is none, or is not consistent. */
export function reviveBookingState(stored: unknown): BookingState | undefined {
  return bookingState.safeParse(stored).data;
}

/** A name, and one way to reach the visitor. */
export function isComplete(fields: Draft): fields is Draft & { name: string } {
  return fields.name !== undefined && hasContact(fields);
}

export function hasContact(fields: Draft): boolean {
  return (fields.phone ?? fields.email ?? fields.contact) !== undefined;
}

/** The prompt whose answer is still missing; the summary when none is. */
export function nextAsking({ kind, consent, draft: fields, skipped, offer }: BookingState): Asking {
  if (!consent) return 'consent';
  if (offer) return 'email-offer';
  if (fields.name === undefined) return 'name';
  if (!hasContact(fields)) return 'contact';
  if (kind === 'question') return 'summary';
  if (!fields.wish && !skipped.includes('when')) return 'when';
  if (fields.note === undefined && !skipped.includes('note')) return 'note';
  return 'summary';
}
