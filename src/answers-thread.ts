import path from 'node:path';
import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Calibration } from './answers/calibrate';
import type { Decision } from './answers/decision';
import type { Context } from './answers/find-answer';
import type { Knowledge } from './answers/knowledge';

/** The answers of one knowledge in a thread of their own. */
export interface AnswersThread {
  calibration: Calibration;
  /**
   * Waits for the thread as if the answers were here: 0.1 ms more than in this thread.
   * @throws Error where the thread is gone, or does not answer within PATIENCE_MS.
   */
  decide(text: string, context?: Context): Decision;
  /** Nobody may ask it any more. */
  close(): void;
}

/** What the thread is handed at its start. */
export interface ThreadStart {
  knowledge: Knowledge;
  kept: Calibration | undefined;
  port: MessagePort;
  answered: Int32Array;
}

export interface ThreadQuestion {
  number: number;
  text: string;
  context: Context | undefined;
}

export interface ThreadAnswer {
  number: number;
  decision: Decision;
}

/** A decision takes about a millisecond; a machine that sleeps or swaps is given time. */
const PATIENCE_MS = 5_000;

/**
 * Builds the answers of `knowledge` in a new thread, so that the second or two that this takes hold up no turn, and
 * resolves when they can be asked. `onLost` is called if the thread ends before it is closed.
 */
export function startAnswersThread(
  knowledge: Knowledge,
  kept: Calibration | undefined,
  onLost: (error: Error) => void,
): Promise<AnswersThread> {
  const { port1: port, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const start: ThreadStart = { knowledge, kept, port: port2, answered };
  const worker = new Worker(path.join(__dirname, 'answers-thread-worker.js'), {
    workerData: start,
    transferList: [port2],
  });
  let state: 'building' | 'ready' | 'gone' = 'building';
  let asked = 0;

  function decide(text: string, context?: Context): Decision {
    if (state !== 'ready') throw new Error('The thread of the answers is gone.');
    const question: ThreadQuestion = { number: ++asked, text, context };
    Atomics.store(answered, 0, 0);
    port.postMessage(question);
    for (;;) {
      if (Atomics.wait(answered, 0, 0, PATIENCE_MS) === 'timed-out')
        throw new Error(`The answers did not answer within ${PATIENCE_MS} ms.`);
      Atomics.store(answered, 0, 0);
      const answer = nextAnswer(port, question.number);
      if (answer !== undefined) return answer.decision;
    }
  }

  function close(): void {
    state = 'gone';
    port.close();
    void worker.terminate();
  }

  return new Promise((resolve, reject) => {
    const lose = (error: Error): void => {
      const before = state;
      state = 'gone';
      port.close();
      if (before === 'building') reject(error);
      if (before === 'ready') onLost(error);
    };
    worker.once('message', (calibration: Calibration) => {
      state = 'ready';
      worker.unref();
      port.unref();
      resolve({ calibration, decide, close });
    });
    worker.once('error', (error) => lose(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', () => lose(new Error('The thread of the answers ended.')));
  });
}

/** Answers to questions that were given up are passed over. */
function nextAnswer(port: MessagePort, number: number): ThreadAnswer | undefined {
  for (;;) {
    const received: { message: ThreadAnswer } | undefined = receiveMessageOnPort(port);
    if (received === undefined || received.message.number === number) return received?.message;
  }
}
