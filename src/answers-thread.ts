import path from 'node:path';
import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Calibration } from './answers/calibration';
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
  /** Asks without holding anybody up. Never rejects: undefined where the thread is gone. */
  ahead(text: string, context?: Context): Promise<Decision | undefined>;
  /** Nobody may ask it any more. */
  close(): void;
}

/** What the thread is handed at its start. Its port takes and gives lists: a message between threads costs 0.1 ms. */
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
  /** The other thread does nothing until it has the answer. */
  isUrgent: boolean;
}

export interface ThreadAnswer {
  number: number;
  decision: Decision;
}

/** What buttons send, each after several others: 2 kB each. */
const MOST_SETTLED = 1_000;

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
  let gathered: ThreadQuestion[] = [];
  /** Asked for ahead and not answered yet, by number. */
  const awaited = new Map<number, (decision: Decision | undefined) => void>();
  /** What the bot's own buttons send: visitors do not write it but tap it, and it means the same each time. */
  const tapped = new Set(knowledge.entries.map((entry) => entry.question));
  const settled = new Map<string, Decision>();

  function ahead(text: string, context?: Context): Promise<Decision | undefined> {
    if (state !== 'ready') return Promise.resolve(undefined);
    const key = `${context?.lastEntry ?? ''}\n${text}`;
    const earlier = settled.get(key);
    if (earlier) return Promise.resolve(earlier);
    const question: ThreadQuestion = { number: ++asked, text, context, isUrgent: false };
    return new Promise((resolve) => {
      awaited.set(question.number, (decision) => {
        if (decision && tapped.has(text)) settle(key, decision);
        resolve(decision);
      });
      // What other turns ask in the same instant goes along.
      if (gathered.push(question) === 1) setImmediate(askGathered);
    });
  }

  function settle(key: string, decision: Decision): void {
    if (settled.size >= MOST_SETTLED) settled.clear();
    settled.set(key, decision);
  }

  function askGathered(): void {
    if (state === 'ready' && gathered.length > 0) port.postMessage(gathered);
    gathered = [];
  }

  function arrive({ number, decision }: ThreadAnswer): void {
    const arrived = awaited.get(number);
    awaited.delete(number);
    arrived?.(decision);
  }

  function giveUp(): void {
    for (const arrived of awaited.values()) arrived(undefined);
    awaited.clear();
  }

  function decide(text: string, context?: Context): Decision {
    if (state !== 'ready') throw new Error('The thread of the answers is gone.');
    const question: ThreadQuestion = { number: ++asked, text, context, isUrgent: true };
    Atomics.store(answered, 0, 0);
    port.postMessage([question]);
    for (;;) {
      if (Atomics.wait(answered, 0, 0, PATIENCE_MS) === 'timed-out')
        throw new Error(`The answers did not answer within ${PATIENCE_MS} ms.`);
      Atomics.store(answered, 0, 0);
      const answer = answerTo(question.number, port, arrive);
      if (answer !== undefined) return answer.decision;
    }
  }

  function close(): void {
    state = 'gone';
    giveUp();
    port.close();
    void worker.terminate();
  }

  return new Promise((resolve, reject) => {
    const lose = (error: Error): void => {
      const before = state;
      state = 'gone';
      giveUp();
      port.close();
      if (before === 'building') reject(error);
      if (before === 'ready') onLost(error);
    };
    worker.once('message', (calibration: Calibration) => {
      state = 'ready';
      port.on('message', (answers: ThreadAnswer[]) => answers.forEach(arrive));
      worker.unref();
      port.unref();
      resolve({ calibration, decide, ahead, close });
    });
    worker.once('error', (error) => lose(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', () => lose(new Error('The thread of the answers ended.')));
  });
}

/** Answers to other questions go to whoever has asked ahead; those to questions that were given up are passed over. */
function answerTo(
  number: number,
  port: MessagePort,
  toOthers: (answer: ThreadAnswer) => void,
): ThreadAnswer | undefined {
  let found: ThreadAnswer | undefined;
  for (;;) {
    const received: { message: ThreadAnswer[] } | undefined = receiveMessageOnPort(port);
    if (received === undefined) return found;
    for (const answer of received.message) {
      if (answer.number === number) found = answer;
      else toOthers(answer);
    }
  }
}
