/*
 * Real browsers, databases and killed processes on a machine that is busy with other things: what fails is tried once
 * more, and whatever passes only then is named at the end of the run (tests/run.cjs), to be mended.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });
