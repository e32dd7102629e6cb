import { parseArgs } from 'node:util';
import { runConsoleBench } from './console';

/** `npm run bench -- console [--conversations 100000] [--engine sqlite|postgres] [--times 20]` */
const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { conversations: text, engine: text, times: text } });
runConsoleBench((line) => process.stdout.write(`${line}\n`), {
  conversations: Number(values.conversations ?? 100_000),
  engines: values.engine === undefined ? ['sqlite', 'postgres'] : [values.engine],
  times: Number(values.times ?? 20),
}).then(
  (withinTarget) => {
    if (!withinTarget) process.exitCode = 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
