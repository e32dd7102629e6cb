'use strict';
/* Loaded before a service (`node --expose-gc --require`): at each SIGUSR2 it says what is left after a collection. */
process.on('SIGUSR2', () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`memory ${heapUsed + external} active ${process.getActiveResourcesInfo().length}\n`);
});
