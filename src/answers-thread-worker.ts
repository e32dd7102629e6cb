import { parentPort, workerData } from 'node:worker_threads';
import { createAnswerFinder } from './answers/find-answer';
import type { ThreadAnswer, ThreadQuestion, ThreadStart } from './answers-thread';

// The other side of `startAnswersThread`: builds the answers, says so, and then answers one question after another.
const { knowledge, kept, port, answered } = workerData as ThreadStart;
const finder = createAnswerFinder(knowledge, kept);

port.on('message', ({ number, text, context }: ThreadQuestion) => {
  const answer: ThreadAnswer = { number, decision: finder.decide(text, context) };
  port.postMessage(answer);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});
parentPort?.postMessage(finder.calibration);
