'use strict';
/*
 * `npm test`: runs jest and ends with one line, `N passed, N failed`. A test that was left out counts as
 * failed on CI, where nobody would notice it, and one that passed only on its second try is named. A run that wanted
 * anything from another machine has failed.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const results = path.join('.cache', 'test-results.json');
fs.mkdirSync('.cache', { recursive: true });
fs.rmSync(results, { force: true });
const beyond = path.join('.cache', 'beyond-loopback.txt');
fs.rmSync(beyond, { force: true });
const guard = path.join(__dirname, 'support', 'loopback-only.cjs');
const jest = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, ...process.argv.slice(2)],
  {
    stdio: ['inherit', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(guard)}`,
    },
  },
);
if (!fs.existsSync(results)) {
  console.log('0 passed, 1 failed');
  process.exit(jest.status || 1);
}
const summary = JSON.parse(fs.readFileSync(results, 'utf8'));
const skipped = summary.numPendingTests + summary.numTodoTests;
const suitesThatDidNotRun = summary.numRuntimeErrorTestSuites;
const reached = fs.existsSync(beyond) ? fs.readFileSync(beyond, 'utf8') : '';
if (reached) console.log(`reached for another machine (counted as a failed test):\n${reached}`);
const failed =
  summary.numFailedTests + suitesThatDidNotRun + (process.env.CI ? skipped : 0) + (reached ? 1 : 0);
for (const suite of summary.testResults)
  for (const test of suite.assertionResults)
    if (test.status === 'passed' && test.invocations > 1)
      console.log(`passed on the second try only: ${path.relative('.', suite.name)}: ${test.fullName}`);
if (skipped) console.log(`${skipped} left out${process.env.CI ? ' (counted as failed on CI)' : ''}`);
console.log(`${summary.numPassedTests} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : jest.status);
