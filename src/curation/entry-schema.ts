import { DateTime } from 'luxon';
import { z } from 'zod';

/**
 * The shapes of the knowledge folder's files: the one definition that reading, the problems it reports and the
 * editors' completion (`knowledgeJsonSchema`) are made from. Every scalar arrives as the text that was typed.
 */

/** Text as typed: `0301` and `400` stay what they are, with or without quotes. */
const text = () =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .meta({ type: ['string', 'number', 'boolean'] });

/** Text that may be left open: nothing after the colon is the empty string. */
const openText = () =>
  z
    .string()
    .trim()
    .nullable()
    .transform((value) => value ?? '')
    .meta({ type: ['string', 'number', 'boolean', 'null'] });

const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullable()
    .transform((items): z.output<Item>[] => items ?? []);

const wholeNumber = (unit: string) =>
  z
    .string()
    .regex(/^\d{1,6}$/u, `must be a whole number of ${unit}`)
    .transform(Number)
    .meta({ type: 'integer' });

const yesOrNo = () =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .transform((value) => value === 'true')
    .meta({ type: 'boolean' });

const weight = () =>
  z
    .string()
    .regex(/^\d{1,6}(\.\d+)?$/u, 'must be a number of at least 0')
    .transform(Number)
    .meta({ type: 'number' });

/** One entry, as `interfaces.md` and knowledge/README.md show it. What is left out is filled in by `readKnowledge`. */
export const entrySchema = z.strictObject({
  id: text().describe(
    'Lower-case words joined by hyphens. Never renamed: transcripts and labelled questions point at it.',
  ),
  topic: text().optional().describe('One of the fifty topics, where it differs from the id.'),
  title: text().optional(),
  label: text().optional().describe('Up to 20 characters, for quick replies.'),
  question: text().optional(),
  kind: z
    .enum(['question', 'booking', 'person', 'small-talk', 'care'])
    .default('question')
    .describe(
      'booking: the booking dialog answers. person: wants a human. small-talk: never beats a question. care: a kind word, or the way to a doctor.',
    ),
  phrasings: z
    .array(text())
    .min(1, 'is an empty list')
    .describe('How visitors really ask it, 12 or more, as different as they come.'),
  approval: z
    .enum(['full', 'partial', 'none'])
    .optional()
    .describe('full: the answer covers the question. partial: it covers a part. none: no approved answer.'),
  answer: openText()
    .optional()
    .describe('What visitors read. {{clinic.name}} and the like are filled in from clinic.yaml.'),
  related: openText()
    .optional()
    .describe('With approval none or partial: the one approved sentence that may go with the refusal.'),
  facts: listOf(text()).optional().describe('Ids of facts.yaml that the answer rests on.'),
  followUps: listOf(text()).optional().describe('Ids of the entries offered next.'),
  danger: listOf(text())
    .optional()
    .describe('On health entries only: ids of the entries whose yes this one overrules.'),
  needs: listOf(text())
    .optional()
    .describe('Details such as clinic.price: while one is empty, the entry has no approved answer.'),
});

export type EntryShape = z.output<typeof entrySchema>;

const clockTimes = /^((?:[01]\d|2[0-3]):[0-5]\d) *[-–] *((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/u;

/** `09:00-17:00`, and not backwards: times of one form compare as text. */
function isTimeSpan(value: string): boolean {
  const [, opens = '', closes = ''] = clockTimes.exec(value.trim()) ?? [];
  return opens < closes;
}

/** `closed`, `09:00-17:00`, or several times of day with commas. */
const dayHours = openText().refine(
  (value) => value === '' || value === 'closed' || value.split(',').every(isTimeSpan),
  'must be closed, or times such as 09:00-17:00, several with commas: 09:00-12:00, 13:00-17:00',
);

/** A day, or two days with "to" between them, at most three months apart. */
const closedDays = () =>
  text().refine((value) => {
    const [from = '', until = from, ...more] = value.split(/ to /u).map((day) => day.trim());
    const [first, last] = [from, until].map((day) => DateTime.fromFormat(day, 'yyyy-MM-dd', { zone: 'utc' }));
    if (!first?.isValid || !last?.isValid || more.length > 0) return false;
    return first <= last && last.diff(first, 'days').days <= 92;
  }, 'must be a day such as 2026-12-25, or a stretch of up to three months such as 2026-12-24 to 2027-01-02');

const httpsLink = () =>
  openText().refine(
    (value) => value === '' || isHttps(value),
    'must be empty or a whole address that starts with https://',
  );

/** Braces in a detail would be taken for the places of the sentence that it is put into. */
const hasNoBraces = (value: string) => !/[{}]/u.test(value);
const NO_BRACES = 'must not contain { or }';

export const clinicSchema = z.strictObject({
  name: text().refine(hasNoBraces, NO_BRACES),
  location: text().refine(hasNoBraces, NO_BRACES).describe('As told to visitors: Maryland, USA.'),
  timeZone: text()
    .refine(isTimeZone, 'is not a time zone: write one such as America/New_York')
    .describe('IANA name: America/New_York.'),
  country: text()
    .regex(/^[A-Z]{2}$/u, 'must be a country code of two capital letters, such as US')
    .describe('Country of phone numbers typed without +.'),
  hours: z
    .strictObject({
      monday: dayHours.optional(),
      tuesday: dayHours.optional(),
      wednesday: dayHours.optional(),
      thursday: dayHours.optional(),
      friday: dayHours.optional(),
      saturday: dayHours.optional(),
      sunday: dayHours.optional(),
    })
    .nullish()
    .describe('A day that is left out is closed. While nothing is filled in, the hours are unknown.'),
  closedOn: z
    .array(closedDays())
    .nullish()
    .describe(
      'Holidays: days (2026-12-25) or stretches of days (2026-12-24 to 2027-01-02) without appointments.',
    ),
  details: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/u, 'must be one word of letters and digits'),
      openText().refine(hasNoBraces, NO_BRACES),
    )
    .nullish()
    .describe(
      'price, phone, email, address ...: each one that is filled in unlocks the answers that need it.',
    ),
  consent: z.strictObject({
    version: text(),
    text: text(),
    elsewhere: z
      .strictObject({
        es: text().optional(),
        pt: text().optional(),
        fr: text().optional(),
        de: text().optional(),
        it: text().optional(),
      })
      .optional()
      .describe('The same text in other languages, for bookings held in them; English where one is missing.'),
  }),
  privacyUrl: httpsLink().optional(),
  retention: z
    .strictObject({
      unfinishedChats: wholeNumber('days'),
      transcripts: wholeNumber('days'),
      requests: wholeNumber('days'),
    })
    .describe('Days after which what is named is deleted.'),
  contactWithinHours: wholeNumber('hours')
    .optional()
    .describe('How soon a new request is to be answered; afterwards it is shown to staff as overdue.'),
  notify: z
    .strictObject({
      personalData: yesOrNo().describe(
        'true: e-mails to staff say who wrote; otherwise they only link to the console.',
      ),
    })
    .optional(),
});

export type ClinicShape = z.output<typeof clinicSchema>;

export const safetySchema = z
  .strictObject({
    kind: z.enum(['crisis', 'emergency']),
    phrases: z.array(text()).min(1, 'is an empty list'),
    words: z.record(text(), z.array(text()).min(1, 'is an empty list')).optional(),
    together: listOf(z.array(text()).min(2, 'must name at least two lists of "words"')).optional(),
    notAfter: listOf(text()).optional(),
    past: listOf(text()).optional(),
    except: listOf(text()).optional(),
    text: text(),
  })
  .superRefine(({ words = {}, together = [] }, context) => {
    together.forEach((names, row) =>
      names.forEach((name, at) => {
        if (Object.hasOwn(words, name)) return;
        const message = `names "${name}", which "words" does not have. It has: ${Object.keys(words).join(', ')}`;
        context.addIssue({ code: 'custom', path: ['together', row, at], message });
      }),
    );
  });

const share = () =>
  z
    .string()
    .regex(/^0\.\d{1,4}$/u, 'must be a share such as 0.85: under 1, with a point')
    .transform(Number)
    .meta({ type: 'number' });

export const costsSchema = z.strictObject({
  wrongAnswer: weight(),
  answeredOutOfScope: weight(),
  offer: weight(),
  uselessOffer: weight(),
  missedAnswer: weight(),
  understood: share().optional(),
});

export const conceptSchema = z.array(text()).min(1, 'is an empty list');
/** A fact, a background sentence. */
export const textSchema = text();

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
