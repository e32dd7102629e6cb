import { createContext, Script } from 'node:vm';
import { allExpressions, madeInFunctions, textsThatRepeat } from './support/regular-expressions';

/**
 * No regular expression of the product takes long over a text of a message's length, whatever it repeats: one that can read
 * a text in two ways doubles its work with each word. `npm run test:soak -- regular-expressions` has an analyser judge them.
 */
const LONGEST_MESSAGE = 1_000;
const LONGEST_MS = 50;
/** Of one that never comes to an end. */
const PATIENCE_MS = 2_000;

const expressions = allExpressions();

test('all of them are looked at', () => {
  expect(expressions.length).toBeGreaterThan(400);
  expect(expressions.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['src/booking/read-clock.ts', 'src/conversation/asks-to-book.ts']),
  );
  // Those of foreign-days are made from its list when it is loaded; the others of plain names, in which nothing repeats.
  expect([...new Set(madeInFunctions())].sort()).toEqual([
    'src/booking/foreign-days.ts',
    'src/booking/holidays.ts',
    'src/booking/read-reply.ts',
    'src/staff/conversation-script.ts',
  ]);
});

test('none takes more than 50 ms over a message that repeats what it repeats', () => {
  const slow = expressions.flatMap((expression) => {
    const texts = textsThatRepeat(expression, LONGEST_MESSAGE);
    const took = slowest(expression.source, expression.flags, texts);
    return took > LONGEST_MS ? [`${took} ms: ${expression.file} /${expression.source}/`] : [];
  });
  expect(slow).toEqual([]);
});

test('an expression that doubles its work with each word is found out', () => {
  const doubling = { source: "^(?:(?:and|what'?s|whats) )*my code$", flags: '', file: '' };
  const texts = textsThatRepeat(doubling, LONGEST_MESSAGE);
  expect(slowest(doubling.source, doubling.flags, texts)).toBe(Infinity);
});

/** Milliseconds over the worst of the texts, the better of two tries; Infinity where it does not come to an end. */
function slowest(source: string, flags: string, texts: string[]): number {
  const context = createContext({ texts, source, flags, performance });
  const script = new Script(`{
    const expression = new RegExp(source, flags.replace('y', ''));
    const once = (text) => {
      const started = performance.now();
      text.replace(expression, '');
      return performance.now() - started;
    };
    Math.max(0, ...texts.map((text) => {
      const first = once(text);
      return first > 10 ? Math.min(first, once(text)) : first;
    }));
  }`);
  try {
    return Math.round(Number(script.runInContext(context, { timeout: PATIENCE_MS })));
  } catch {
    return Infinity;
  }
}
