import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { createAnswerFinder } from '../answers/find-answer';
import type { Calibration } from '../answers/calibrate';
import type { Decision } from '../answers/decision';
import type { Knowledge } from '../answers/knowledge';
import { type DraftedWords, teach, type TaughtWords, withDraft } from './taught-knowledge';

/** As much of a decision as staff compare; plain, so that it can go from one thread to another. */
export type BriefDecision = Pick<Decision, 'text' | 'decision' | 'entry' | 'topic' | 'confidence'>;

export interface Trial {
  knowledge: Knowledge;
  /** What the matching learnt from it, where that is known: half of the time is saved. */
  calibration?: Calibration | undefined;
  /** A phrase, or a whole entry that is drafted. */
  change: TaughtWords | DraftedWords;
  questions: string[];
}

export interface TrialResult {
  before: BriefDecision[];
  after: BriefDecision[];
}

/** Asks every question of the knowledge as it is and with the change; about 4 s for 3,000 questions on a quiet core. */
export function tryChange({ knowledge, calibration, change, questions }: Trial): TrialResult {
  const ask = (version: Knowledge, kept?: Calibration): BriefDecision[] => {
    const finder = createAnswerFinder(version, kept);
    return questions.map((question) => {
      const { text, decision, entry, topic, confidence } = finder.decide(question);
      return { text, decision, entry, topic, confidence };
    });
  };
  const changed = 'text' in change ? teach(knowledge, [change]) : withDraft(knowledge, change);
  return { before: ask(knowledge, calibration), after: ask(changed) };
}

/** The same in a thread of its own, one at a time, so that visitors are answered meanwhile. */
export function createTrials(): (trial: Trial) => Promise<TrialResult> {
  let last: Promise<unknown> = Promise.resolve();
  return (trial) => {
    const result = last.then(() => inThread(trial));
    last = result.catch(() => undefined);
    return result;
  };
}

function inThread(trial: Trial): Promise<TrialResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(path.join(__dirname, 'try-change-worker.js'), { workerData: trial });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread that tries changes ended early.')));
  });
}
