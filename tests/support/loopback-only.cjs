'use strict';
/*
 * Loaded by tests/run.cjs into every Node of a test run, services and threads included: a connection to any other place
 * than this machine is refused, as without a network, and written down, so that the run fails even where the one who
 * asked takes it lightly. A database that TEST_POSTGRES_URL names may be elsewhere.
 */
const dgram = require('node:dgram');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const REACHED = path.join(__dirname, '..', '..', '.cache', 'beyond-loopback.txt');
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|(::ffff:)?127(\.\d{1,3}){3}|::1|::|0\.0\.0\.0|)$/i;
const database = process.env.TEST_POSTGRES_URL && new URL(process.env.TEST_POSTGRES_URL).hostname;

/** What to fail with; undefined where the host is this machine. */
function refusal(host, port, call) {
  const name = String(host ?? '').replace(/^\[|\]$/g, '');
  if (LOOPBACK.test(name) || name === database) return undefined;
  const error = new Error(`connect ENETUNREACH ${name}:${port} - tests stay on this machine`);
  const from = error.stack
    .split('\n')
    .slice(1)
    .filter((line) => !line.includes('node:internal'));
  fs.appendFileSync(
    REACHED,
    `${call} ${name}:${port} by ${process.argv.slice(1, 3).join(' ')}\n${from.join('\n')}\n`,
  );
  return Object.assign(error, { code: 'ENETUNREACH', syscall: 'connect', address: name, port });
}

/** The forms that net.Socket.connect is called in; undefined for a socket of the file system. */
function target([first, second]) {
  const given = Array.isArray(first) ? first[0] : first;
  if (typeof given === 'object' && given !== null)
    return given.path && given.port === undefined ? undefined : { host: given.host, port: given.port };
  if (typeof given === 'string' && !/^\d+$/.test(given)) return undefined;
  return { host: typeof second === 'string' ? second : undefined, port: given };
}

guard(
  net.Socket.prototype,
  'connect',
  (given) => {
    const to = target(given);
    return to && refusal(to.host, to.port, 'tcp');
  },
  (socket, error) => socket.destroy(error),
);

guard(
  dgram.Socket.prototype,
  'send',
  // (message, [offset, length,] port, address, callback)
  ([, ...given]) =>
    refusal(
      given.find((each) => typeof each === 'string' && !/^\d+$/.test(each)),
      '',
      'udp',
    ),
  (socket, error, given) => {
    const callback = given.at(-1);
    if (typeof callback === 'function') callback(error);
    else socket.emit('error', error);
  },
);

/** Puts a check before a method; where it finds an error the method is not called, and `fail` tells of it afterwards. */
function guard(prototype, name, check, fail) {
  const real = prototype[name];
  prototype[name] = function guarded(...given) {
    const error = check(given);
    if (!error) return real.apply(this, given);
    process.nextTick(fail, this, error, given);
    return this;
  };
}
