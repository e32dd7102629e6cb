import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clincSentences } from './answer-data';
import { runAnswersBench } from './answers';
import { measureGrowth } from './growth';

/** `npm run bench -- answers [--data FOLDER] [--knowledge FOLDER] [--seeds 3] [--plot FILE.svg] [--growth]` */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    knowledge: { type: 'string', default: 'knowledge' },
    seeds: { type: 'string', default: '1' },
    plot: { type: 'string' },
    growth: { type: 'boolean', default: false },
  },
});
const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { data, knowledge, plot } = values;
  if (values.growth) return measureGrowth(clincSentences(data), print);
  await runAnswersBench({
    data,
    knowledge,
    seeds: Math.max(1, Number(values.seeds) || 1),
    print,
    ...(plot !== undefined && { plot: (svg: string) => writeFileSync(plot, svg) }),
  });
}

void main();
