import { createAnswerFinder, type AnswerFinder } from '../answers/find-answer';
import type { Decision } from '../answers/decision';
import type { Entry } from '../answers/knowledge';
import { createMatcher, type Matcher } from '../answers/matcher';
import { FEWEST_PHRASINGS } from './check-quality';
import type { Problem } from './knowledge-problem';
import type { ReadKnowledge } from './read-knowledge';

/**
 * From this likeness on (0 to 1, as the answers see it) two sentences teach the same: "how do you match the colour",
 * "can you match my hair color" have 0.60, "parking spots", "is there a parking spot" 0.7.
 */
const NEARLY_THE_SAME = 0.65;
/** Below it they count as two different ways of asking. */
const DISSIMILAR = 0.5;

/**
 * Warnings that need the answers themselves: a phrasing that another entry answers, or the safety text; two that say
 * nearly the same; entries with too few dissimilar ones; background that is answered. Takes some seconds, so it is
 * for the check and not for the start.
 */
export function checkPhrasings(read: ReadKnowledge): Problem[] {
  const { knowledge } = read;
  const finder = createAnswerFinder(knowledge);
  const titleOf = new Map(knowledge.entries.map(({ id, question, title }) => [id, question || title]));
  const problems = [...likenessProblems(read, createMatcher(knowledge))];
  read.entries.forEach(({ shape, yaml, path }, at) => {
    const entry = knowledge.entries[at]!;
    for (const [index, phrasing] of shape.phrasings.entries()) {
      const message = whatGoesWrong(finder.decide(phrasing), entry, titleOf);
      if (message === undefined) continue;
      problems.push(yaml.problem('warning', [...path, 'phrasings', index], `"${phrasing}" ${message}`));
    }
  });
  problems.push(...answeredBackground(read, finder));
  return onePerPlace(problems);
}

/** What a visitor who types exactly this phrasing gets instead of its entry; undefined where all is well. */
function whatGoesWrong(
  decision: Decision,
  { id, topic }: Entry,
  titleOf: ReadonlyMap<string, string>,
): string | undefined {
  if (decision.decision === 'safety')
    return `gets the safety text (${decision.safety}): reword it, or spare it under "except" in safety.yaml.`;
  const first = decision.candidates[0];
  if (first === undefined) return 'is understood as nothing at all: write it with words that mean something.';
  const said = decision.entry === null ? first : { entry: decision.entry, topic: decision.topic };
  if (said.topic === topic || decision.second?.topic === topic) return undefined;
  return `is read as "${said.entry}" (${titleOf.get(said.entry) ?? ''}), not as "${id}": move it there, delete it, or say in it what sets it apart.`;
}

function* likenessProblems({ entries }: ReadKnowledge, matcher: Matcher): Generator<Problem> {
  const numberOf = exampleNumbers(matcher);
  const row = new Float64Array(matcher.examples.length);
  for (const [entry, { shape, yaml, path }] of entries.entries()) {
    const dissimilar: number[] = [];
    for (const [index, phrasing] of shape.phrasings.entries()) {
      const example = numberOf.get(keyOf(entry, phrasing));
      if (example === undefined) continue;
      matcher.likeness.toAll(matcher.examples[example]!.vector, row);
      if (dissimilar.every((other) => row[other]! < DISSIMILAR)) dissimilar.push(example);
      const twin = firstTwin(example, row, matcher);
      if (twin === undefined) continue;
      const message = twinMessage(phrasing, matcher.examples[twin]!, entry, matcher.entries);
      yield yaml.problem('warning', [...path, 'phrasings', index], message);
    }
    if (dissimilar.length < FEWEST_PHRASINGS && shape.phrasings.length >= FEWEST_PHRASINGS) {
      const message = `only ${dissimilar.length} of the phrasings of "${shape.id}" are dissimilar: write at least ${FEWEST_PHRASINGS}, each in other words.`;
      yield yaml.problem('warning', [...path, 'phrasings'], message);
    }
  }
}

/** An example that stands before it and says nearly the same; the background does not count. */
function firstTwin(
  example: number,
  row: Float64Array,
  { firstExample, entries }: Matcher,
): number | undefined {
  const end = Math.min(example, firstExample[entries.length]!);
  const twin = row.subarray(0, end).findIndex((like) => like >= NEARLY_THE_SAME);
  return twin < 0 ? undefined : twin;
}

function twinMessage(
  phrasing: string,
  twin: { text: string; entry: number },
  entry: number,
  entries: readonly Entry[],
): string {
  if (twin.entry === entry)
    return `"${phrasing}" says nearly what "${twin.text}" says: delete one, or ask it in other words.`;
  return `"${phrasing}" is nearly "${twin.text}" of "${entries[twin.entry]!.id}": keep it in the entry that answers it.`;
}

function exampleNumbers({ examples }: Matcher): Map<string, number> {
  return new Map(examples.map(({ entry, text }, number) => [keyOf(entry, text), number]));
}

function keyOf(entry: number, text: string): string {
  return `${entry} ${text.trim()}`;
}

/** A sentence that nothing may answer, and something does. */
function answeredBackground({ knowledge, background }: ReadKnowledge, finder: AnswerFinder): Problem[] {
  return background.flatMap(({ yaml, path }, at) => {
    const sentence = knowledge.background[at] ?? '';
    const { entry } = finder.decide(sentence);
    if (entry === null) return [];
    const message = `"${sentence}" is answered by "${entry}": delete it here if that is right, or take the phrasing that attracts it out of that entry.`;
    return [yaml.problem('warning', path, message)];
  });
}

function onePerPlace(problems: readonly Problem[]): Problem[] {
  const first = new Map<string, Problem>();
  for (const problem of problems) {
    const place = `${problem.file}:${problem.line}:${problem.column}`;
    if (!first.has(place)) first.set(place, problem);
  }
  return [...first.values()];
}
