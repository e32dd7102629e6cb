import fc from 'fast-check';
import { MAX_TEXT, readPostedActivity } from '../../../src/channels/direct-line/posted-activity';
import { HttpError } from '../../../src/http/route';

/** What a client could put where something else belongs. */
const anything = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    [],
    {},
    'a'.repeat(MAX_TEXT + 1),
    '\0',
    '\ud800',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);
/** Mostly what belongs there, so that more than the first field is looked at. */
const mostly = (right: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: right }, anything);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('\ud83d'.repeat(MAX_TEXT)));
const activities = fc.record(
  {
    type: mostly(fc.constantFrom('message', 'event', 'typing')),
    text: mostly(text),
    name: mostly(fc.string({ maxLength: 100 })),
    value: mostly(fc.jsonValue({ maxDepth: 2 })),
    locale: anything,
    attachments: mostly(
      fc.array(fc.record({ contentType: mostly(fc.constant('image/png')), contentUrl: anything }), {
        maxLength: 12,
      }),
    ),
    channelData: mostly(
      fc.record({ clientActivityID: mostly(fc.uuid()), extra: anything }, { requiredKeys: [] }),
    ),
    from: anything,
    id: anything,
    timestamp: anything,
    ['__proto__']: anything,
  },
  { requiredKeys: [] },
);
const KEPT = ['type', 'text', 'name', 'value', 'locale', 'attachments', 'channelData'];

test('whatever a client posts is read within its limits, or refused with 400 and the name of the field', () => {
  let taken = 0;
  fc.assert(
    fc.property(activities, (body) => {
      const parsed: unknown = JSON.parse(JSON.stringify(body));
      try {
        const { activity, clientActivityId } = readPostedActivity(parsed);
        taken++;
        expect(KEPT).toEqual(expect.arrayContaining(Object.keys(activity)));
        for (const said of [activity.text ?? '', activity.name ?? '']) {
          expect(said.length).toBeLessThanOrEqual(MAX_TEXT);
          expect(said).not.toContain('\0');
          expect(said).not.toMatch(/\p{Surrogate}/u);
        }
        expect(clientActivityId ?? 'none').toMatch(/^[\x20-\x7e]{1,128}$/);
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        expect(error.status).toBe(400);
        expect(error.message).toMatch(new RegExp(`^(?:${KEPT.join('|')})\\b|^Send an activity`));
      }
    }),
    { numRuns: 10_000 },
  );
  // Not all are refused at the first field.
  expect(taken).toBeGreaterThan(1_000);
});
