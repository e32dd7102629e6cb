import { parseArgs } from 'node:util';
import { runAnswersBench } from './answers';

/** `npm run bench -- answers [--data FOLDER] [--knowledge FOLDER] [--seeds 3]` */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    knowledge: { type: 'string', default: 'knowledge' },
    seeds: { type: 'string', default: '1' },
  },
});

runAnswersBench({
  data: values.data,
  knowledge: values.knowledge,
  seeds: Math.max(1, Number(values.seeds) || 1),
  print: (line) => process.stdout.write(`${line}\n`),
});
