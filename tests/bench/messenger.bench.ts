import { parseArgs } from 'node:util';
import { runMessengerBench } from './messenger';

/** `npm run bench -- messenger [--seconds 20]` */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });

runMessengerBench(Number(values.seconds), (line) => process.stdout.write(`${line}\n`)).catch(
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
