import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createAnswerFinder } from './answers/find-answer';
import type { ThreadAnswer, ThreadQuestion, ThreadStart } from './answers-thread';

// The other side of `startAnswersThread`: builds the answers, says so, and then answers one question after another,
// the urgent one first.
const { knowledge, kept, port, answered } = workerData as ThreadStart;
const finder = createAnswerFinder(knowledge, kept);

/** Answers go back so often, so that the first of many questions does not wait for the last one's. */
const GIVE_EVERY_MS = 3;

port.on('message', (questions: ThreadQuestion[]) => {
  const waiting = [...questions];
  let answers: ThreadAnswer[] = [];
  let given = performance.now();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { number, text, context, isUrgent } = next;
    answers.push({ number, decision: finder.decide(text, context) });
    if (isUrgent || waiting.length === 0 || performance.now() - given > GIVE_EVERY_MS) {
      give(answers);
      answers = [];
      given = performance.now();
    }
    for (const question of arrivedMeanwhile()) {
      if (question.isUrgent) waiting.unshift(question);
      else waiting.push(question);
    }
  }
});

function arrivedMeanwhile(): ThreadQuestion[] {
  const received: { message: ThreadQuestion[] } | undefined = receiveMessageOnPort(port);
  return received?.message ?? [];
}

function give(answers: ThreadAnswer[]): void {
  port.postMessage(answers);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}

parentPort?.postMessage(finder.calibration);
