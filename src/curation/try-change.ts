import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createAnswerFinder } from '../answers/find-answer';
import type { Calibration } from '../answers/calibration';
import type { Decision } from '../answers/decision';
import type { Knowledge } from '../answers/knowledge';
import { type DraftedWords, teach, type TaughtWords, withDraft } from './taught-knowledge';

/** As much of a decision as staff compare; plain, so that it can go from one thread to another. */
export type BriefDecision = Pick<Decision, 'text' | 'decision' | 'entry' | 'topic' | 'confidence'> & {
  /** The entry that fits best, whether it was sure enough or not; null where none fits at all. */
  best: string | null;
};

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
  /**
   * As `after`, but as sure as the matching was before: it learns its confidence anew with every change, which moves
   * questions near a limit that have nothing to do with the change. Those are here as they were before.
   */
  asSureAsBefore: BriefDecision[];
}

/** Asks every question of the knowledge as it is and with the change; about 4 s for 3,000 questions on a quiet core. */
export function tryChange({ knowledge, calibration, change, questions }: Trial): TrialResult {
  const changed = 'text' in change ? teach(knowledge, [change]) : withDraft(knowledge, change);
  const old = createAnswerFinder(knowledge, calibration);
  const learnt = createAnswerFinder(changed);
  const unlearnt = createAnswerFinder(changed, old.calibration);
  const before = questions.map((question) => brief(old.decide(question)));
  const after = questions.map((question) => brief(learnt.decide(question)));
  const asSureAsBefore = after.map((is, index) =>
    // Only what has changed is asked once more.
    isDeepStrictEqual(sayingOf(is), sayingOf(before[index])) ? is : brief(unlearnt.decide(is.text)),
  );
  return { before, after, asSureAsBefore };
}

function brief({ text, decision, entry, topic, confidence, candidates }: Decision): BriefDecision {
  return { text, decision, entry, topic, confidence, best: candidates[0]?.entry ?? null };
}

/** What the visitor would notice of a decision. */
function sayingOf(decision: BriefDecision | undefined): unknown[] {
  return [decision?.decision, decision?.entry];
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
