/** How far a booking came: `begun` is the wish, `sent` the request; the others are what was told on the way. */
export const BOOKING_STEPS = ['begun', 'agreed', 'name', 'contact', 'when', 'sent'] as const;
export type BookingStep = (typeof BOOKING_STEPS)[number];
