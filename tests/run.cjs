'use strict';
/*
 * `npm test`: runs jest and ends with one line, `N passed, N failed`. A test that was left out counts as
 * failed on CI, where nobody would notice it, and one that passed only on its second try is named. What the guards
 * in every process have written down counts as one failed test more.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const results = path.join('.cache', 'test-results.json');
/** Loaded into every Node of the run, and where it writes what it finds. */
const GUARDS = [
  {
    file: 'loopback-only.cjs',
    finds: 'beyond-loopback.txt',
    says: 'something was wanted from another machine',
  },
  { file: 'loop-watch.cjs', finds: 'stalls.txt', says: 'the event loop of a service was held up' },
];
// In a soak's floods one stretch between two looks is the work of hundreds of visitors.
const guards = process.argv.includes('--testMatch') ? GUARDS.slice(0, 1) : GUARDS;

fs.mkdirSync('.cache', { recursive: true });
fs.rmSync(results, { force: true });
for (const { finds } of GUARDS) fs.rmSync(path.join('.cache', finds), { force: true });
const required = guards.map(
  ({ file }) => `--require ${JSON.stringify(path.join(__dirname, 'support', file))}`,
);
const jest = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, ...process.argv.slice(2)],
  {
    stdio: ['inherit', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: [process.env.NODE_OPTIONS, ...required].join(' ').trim() },
  },
);
if (!fs.existsSync(results)) {
  console.log('0 passed, 1 failed');
  process.exit(jest.status || 1);
}
const found = guards.filter(({ finds }) => fs.existsSync(path.join('.cache', finds)));
for (const { finds, says } of found)
  console.log(`${says} (counted as a failed test):\n${fs.readFileSync(path.join('.cache', finds), 'utf8')}`);
const summary = JSON.parse(fs.readFileSync(results, 'utf8'));
const skipped = summary.numPendingTests + summary.numTodoTests;
const suitesThatDidNotRun = summary.numRuntimeErrorTestSuites;
const failed = summary.numFailedTests + suitesThatDidNotRun + (process.env.CI ? skipped : 0) + found.length;
for (const suite of summary.testResults)
  for (const test of suite.assertionResults)
    if (test.status === 'passed' && test.invocations > 1)
      console.log(`passed on the second try only: ${path.relative('.', suite.name)}: ${test.fullName}`);
if (skipped) console.log(`${skipped} left out${process.env.CI ? ' (counted as failed on CI)' : ''}`);
console.log(`${summary.numPassedTests} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : jest.status);
