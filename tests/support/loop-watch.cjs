'use strict';
/*
 * Loaded by tests/run.cjs into the built services of a test run: writes down whatever holds up their event loop for longer
 * than anything of ours may. It goes by the processor's time of the main thread and not by the wall's: a machine that
 * runs other things stops a process for longer than that, and it is not to blame.
 */
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const fs = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

const STALLS = path.join(__dirname, '..', '..', '.cache', 'stalls.txt');
/** Of one stretch. 43 ms were the most in all files of tests, on a machine with four times the work that it could do. */
const LONGEST_MS = 100;
/** How far the looks at the time are apart where nothing holds them up. */
const LOOK_MS = 20;
/** From the first connection: what is used for the first time is compiled then (73 ms were the most). */
const WARM_UP_MS = 2_000;

const isService = isMainThread && (process.argv[1] ?? '').endsWith(path.join('dist', 'src', 'main.js'));
// Node 22 does not know the time of one thread.
if (isService && process.threadCpuUsage) subscribe('net.server.socket', begin);

function begin() {
  unsubscribe('net.server.socket', begin);
  setTimeout(watch, WARM_UP_MS).unref();
}

function watch() {
  let before = process.threadCpuUsage();
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    const ms = Math.round((user + system) / 1_000);
    if (ms > LONGEST_MS)
      fs.appendFileSync(
        STALLS,
        `${ms} ms, ${process.uptime().toFixed(1)} s after the start in ${process.cwd()}\n`,
      );
    before = process.threadCpuUsage();
  }, LOOK_MS).unref();
}
