'use strict';
/*
 * Loaded before a service (`node --require`): its wall clock is as many milliseconds off as CLOCK_FILE says, from the
 * start and anew at each SIGUSR2. Timers and the monotonic clock go on, as when an operator or a time server sets the
 * clock of a machine.
 */
const { readFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const RealDate = Date;
let off = 0;
const read = () => (off = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')));
read();
if (isMainThread)
  process.on('SIGUSR2', () => {
    read();
    process.stderr.write(`clock is ${off} ms off\n`);
  });

const now = () => RealDate.now() + off;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, made) => Reflect.construct(target, given.length > 0 ? given : [now()], made),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
