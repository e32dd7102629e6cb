import { runWidgetBench } from './widget';

/** `npm run bench -- widget` */
runWidgetBench((line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
