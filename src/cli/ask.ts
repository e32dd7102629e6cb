import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Decision } from '../answers/decision';
import { createAnswerFinder, type AnswerFinder } from '../answers/find-answer';
import type { Knowledge } from '../answers/knowledge';
import { openKnowledge } from './open-knowledge';
import { CommandError, UsageError, readArgs, runCommand } from './run-command';

const USAGE = `npm run ask -- "how long does it last" [--after ENTRY] [--knowledge FOLDER_OR_FILE]
npm run ask -- --jsonl < questions.jsonl     one {"text": "..."} a line in, one decision a line out`;

/** What the bot would say to one message and why, for a person to read. */
export function describeDecision(decision: Decision, knowledge: Knowledge): string {
  const { why, candidates } = decision;
  const lines = [
    `${decision.decision}${decision.entry === null ? '' : `: ${decision.entry}`} (${percent(decision.confidence)})`,
    '',
    ...whatIsSaid(decision, knowledge),
    '',
    `Why: ${why.sentence}`,
    ...why.corrections.map(([typed, read]) => `  read "${typed}" as "${read}"`),
    ...(why.phrasing === null ? [] : [`  nearest phrasing: "${why.phrasing}"`]),
    ...(why.terms.length === 0
      ? []
      : [`  in common: ${why.terms.map(([term, share]) => `${term} ${percent(share)}`).join(', ')}`]),
    ...(why.unknownWords.length === 0 ? [] : [`  unknown words: ${why.unknownWords.join(', ')}`]),
    ...candidates.map(({ entry, confidence }, at) => `  ${at + 1}. ${entry} ${percent(confidence)}`),
  ];
  return lines.join('\n');
}

function whatIsSaid(decision: Decision, knowledge: Knowledge): string[] {
  const entryOf = (id: string) => knowledge.entries.find((entry) => entry.id === id);
  const entry = entryOf(decision.entry ?? '');
  const second = decision.second === undefined ? [] : [`Also asked: ${decision.second.entry}`];
  switch (decision.decision) {
    case 'answer':
      return [entry?.answer || '(this knowledge has no answer text)', ...second];
    case 'handoff':
      return [
        'Recognised, no approved answer: offers to pass the question on.',
        ...(entry?.related ? [entry.related] : []),
        ...second,
      ];
    case 'booking':
      return ['Starts the booking.', ...second];
    case 'clarify':
      return [
        'Did you mean ...?',
        ...decision.candidates
          .slice(0, 3)
          .map((candidate) => `- ${questionOf(entryOf(candidate.entry), candidate.entry)}`),
      ];
    case 'safety':
      return [knowledge.safety.find((safety) => safety.kind === decision.safety)?.text ?? ''];
    case 'none':
      return ['Says what it can help with.'];
  }
}

function questionOf(entry: Knowledge['entries'][number] | undefined, id: string): string {
  return entry?.question || entry?.title || id;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Reads `{"text"}` a line, and `"lastEntry"` where there is one; writes one decision a line with the time it took. */
async function answerLines(finder: AnswerFinder): Promise<void> {
  // Nothing but answers comes of it: without a reader there is nothing left to do.
  process.stdout.on('error', () => process.exit());
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number++;
    if (line.trim() === '') continue;
    const question = questionIn(line, number);
    const started = performance.now();
    const decision = finder.decide(question.text, question.context);
    const microseconds = Math.round((performance.now() - started) * 1000);
    if (!process.stdout.write(`${JSON.stringify({ ...decision, microseconds })}\n`))
      await once(process.stdout, 'drain');
  }
}

function questionIn(line: string, number: number): { text: string; context: { lastEntry?: string } } {
  const parsed = parseJson(line, number);
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('text' in parsed) ||
    typeof parsed.text !== 'string'
  ) {
    throw new CommandError(
      `Line ${number} of standard input has no "text". Each line must be {"text": "..."}.`,
    );
  }
  const lastEntry =
    'lastEntry' in parsed && typeof parsed.lastEntry === 'string' ? parsed.lastEntry : undefined;
  return { text: parsed.text, context: lastEntry === undefined ? {} : { lastEntry } };
}

function parseJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new CommandError(
      `Line ${number} of standard input is not JSON. Each line must be {"text": "..."}.`,
    );
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readOptions();
  const text = positionals.join(' ');
  if (!values.jsonl && text === '') throw new UsageError('There is no question.', USAGE);
  const knowledge = openKnowledge(values.knowledge);
  if (values.after !== undefined && !knowledge.entries.some(({ id }) => id === values.after))
    throw new CommandError(`${values.knowledge} has no entry "${values.after}", which --after names.`);
  const finder = createAnswerFinder(knowledge);
  if (values.jsonl) return answerLines(finder);
  const context = values.after === undefined ? {} : { lastEntry: values.after };
  process.stdout.write(`${describeDecision(finder.decide(text, context), knowledge)}\n`);
}

function readOptions() {
  return readArgs(USAGE, {
    allowPositionals: true,
    options: {
      jsonl: { type: 'boolean', default: false },
      after: { type: 'string' },
      knowledge: { type: 'string', default: process.env['KNOWLEDGE_DIR'] || 'knowledge' },
    },
  });
}

if (require.main === module) void runCommand(USAGE, main);
