import { z } from 'zod';
import type { BookingStep } from '../booking/booking-steps';

/** As much of a conversation's state as says how far a booking has come; the dialog's own file has the rest. */
const BookingUnderWay = z.object({
  dialog: z.object({
    id: z.literal('booking'),
    state: z.object({
      consent: z.unknown().optional(),
      skipped: z.array(z.string()).default([]),
      draft: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
});

/** What a visitor has told the booking that is open in this state; empty where none is. */
export function stepsReached(state: string | undefined): BookingStep[] {
  const open = state === undefined ? undefined : BookingUnderWay.safeParse(JSON.parse(state)).data;
  if (open === undefined) return [];
  const { consent, skipped, draft } = open.dialog.state;
  const has = (...names: string[]) => names.some((name) => draft[name] !== undefined);
  const steps: [BookingStep, boolean][] = [
    ['begun', true],
    ['agreed', consent !== undefined],
    ['name', has('name')],
    ['contact', has('phone', 'email', 'contact')],
    ['when', has('wish') || skipped.includes('when')],
  ];
  return steps.flatMap(([step, isReached]) => (isReached ? [step] : []));
}
