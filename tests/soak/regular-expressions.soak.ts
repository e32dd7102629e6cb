import { check } from 'recheck';
import { allExpressions } from '../support/regular-expressions';

/**
 * An analyser judges every regular expression of the product. A square or a cube is let be: a message has 1,000 characters,
 * and tests/regular-expressions.test.ts measures what that costs.
 */
const LONGEST_MS = 20_000;

/** The analyser does not know these by name or does not come to an end; each was read and is measured as the others are. */
const NOT_JUDGED = [
  // A skin tone after a thumb.
  /EMod/,
  // Addresses in a chat's line: its two ways begin with other characters.
  /mailto:\|tel:/,
];

test('no expression doubles its work with each character more', async () => {
  const judged: Record<string, number> = {};
  const wrong: string[] = [];
  for (const { source, flags, file } of allExpressions()) {
    if (NOT_JUDGED.some((known) => known.test(source))) continue;
    const judgement = await check(source, flags, { timeout: LONGEST_MS });
    const verdict = judgement.status === 'unknown' ? 'unknown' : judgement.complexity.type;
    judged[verdict] = (judged[verdict] ?? 0) + 1;
    if (verdict === 'exponential' || verdict === 'unknown') wrong.push(`${verdict}: ${file} /${source}/`);
  }
  process.stderr.write(`regular expressions: ${JSON.stringify(judged)}\n`);
  expect(wrong).toEqual([]);
}, 600_000);
