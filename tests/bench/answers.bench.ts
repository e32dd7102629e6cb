import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { clincSentences, readSets } from './answer-data';
import { measureSets } from './answers';
import { measureGrowth } from './growth';
import { describeReliability, drawReliability } from './reliability';

/**
 * `npm run bench -- answers [--data FOLDER] [--knowledge FOLDER] [--seeds 3] [--plot FILE.svg] [--only NAME,...]`
 *
 * Everything in one run; `--only` narrows it to some of: clinic, clinc150, hint3, growth. The table goes to standard
 * output, progress to standard error.
 */
const PARTS = ['clinic', 'clinc150', 'hint3', 'growth'];
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    knowledge: { type: 'string', default: 'knowledge' },
    seeds: { type: 'string', default: '3' },
    plot: { type: 'string', default: path.join('.cache', 'bench', 'answers-confidence.svg') },
    only: { type: 'string', default: PARTS.join(',') },
  },
});
const print = (line: string) => void process.stdout.write(`${line}\n`);
const progress = (line: string) => void process.stderr.write(`  ${line}\n`);

async function main(): Promise<void> {
  const { data, knowledge, plot } = values;
  const seeds = Math.max(1, Number(values.seeds) || 1);
  const only = new Set(values.only.split(',').map((name) => name.trim()));
  const unknown = [...only].filter((name) => !PARTS.includes(name));
  if (unknown.length > 0) throw new Error(`--only knows ${PARTS.join(', ')}, not ${unknown.join(', ')}.`);
  progress(
    'The whole takes about 8 minutes on two idle cores, most of it for Fuse.js; --only and --seeds narrow it.',
  );
  const sets = readSets({ data, knowledge, seeds }, (file, name) => {
    if (only.has(name)) print(`${file} is not there: ${name} is not measured.`);
  }).filter(({ name }) => only.has(name));
  const reliabilities = await measureSets(sets, print, progress);
  if (reliabilities.length > 0) {
    print('');
    print(
      'How far the confidence of this bot can be trusted: of messages at this confidence, how many are right',
    );
    for (const { name, bins } of reliabilities)
      for (const line of describeReliability(name, bins)) print(line);
    mkdirSync(path.dirname(path.resolve(plot)), { recursive: true });
    writeFileSync(plot, drawReliability(reliabilities));
    print(`Drawn in ${path.resolve(plot)}`);
  }
  if (only.has('growth')) {
    const sentences = clincSentences(data, (file) =>
      print(`${file} is not there: growth is not measured, it makes its entries of those sentences.`),
    );
    if (sentences.length > 0) await measureGrowth(sentences, print, progress);
  }
}

void main();
