import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Calibration } from './answers/calibration';
import { createAnswerFinder } from './answers/find-answer';
import type { Knowledge } from './answers/knowledge';
import { startAnswersThread, type AnswersThread } from './answers-thread';
import type { LoadedKnowledge } from './bot/enquiry-bot';
import { buttonMeanings } from './conversation/compose-replies';
import { makeSay } from './conversation/say';
import type { KnowledgeSource } from './curation/knowledge-source';
import { teach } from './curation/taught-knowledge';
import type { Log } from './http/logger';
import type { Teachings } from './staff/ports';
import type { KeptCalibrations } from './storage/kept-calibrations';

export interface KnowledgeInUse {
  loaded: () => LoadedKnowledge;
  /** Looks at what was taught, here or on another instance; resolves once it is in use. */
  reload: () => Promise<void>;
  /** Why the folder as it is now is not in use, for staff; undefined while it is. */
  problem: () => string | undefined;
  /** What the matching learnt from the knowledge in use, where that is at hand. */
  calibration: () => Calibration | undefined;
  close: () => Promise<void>;
}

/** A turn that began with the version before may still ask it; none takes so long. */
const OLD_VERSION_MS = 15_000;

/**
 * The knowledge in use with all that is made from it: the folder with what staff have taught on top, swapped whole
 * when either has changed. Its answers are made in a thread of their own, so that a change holds up no turn. A change is
 * in use with what the matching learnt from the version before, which an edit hardly alters, and learns its own beside
 * that. What is learnt is kept, so that the next start need not learn it again.
 * Resolves while the first answers are being made, which leaves this thread free for other work until `ready`.
 */
export async function keepKnowledge(parts: {
  source: KnowledgeSource;
  teachings: Teachings;
  calibrations: KeptCalibrations;
  log: Log;
}): Promise<{ ready: Promise<KnowledgeInUse> }> {
  const { source, teachings, calibrations, log } = parts;
  const retiring = new Map<AnswersThread, NodeJS.Timeout>();
  let taught = await teachings.live();
  let current: Built;
  const first = await begin(teach(source.current(), taught));
  let building: Promise<void> = first.built.then((built) => {
    current = built;
  });
  let calibrating: Promise<void> = Promise.resolve();
  let closed = false;

  async function build(knowledge: Knowledge, meanwhile?: Calibration): Promise<Built> {
    return (await begin(knowledge, meanwhile)).built;
  }

  /** Calibrated, or at first with the `meanwhile` of the version before, which takes half the time. */
  async function begin(knowledge: Knowledge, meanwhile?: Calibration): Promise<{ built: Promise<Built> }> {
    const key = `${knowledge.version} ${engineVersion()}`;
    const kept = await calibrations.find(key);
    const starting = startAnswersThread(knowledge, kept ?? meanwhile, onLost);
    const finish = async (): Promise<Built> => {
      const thread = await starting;
      const isCalibrated = kept !== undefined || meanwhile === undefined;
      if (isCalibrated && kept === undefined)
        await calibrations.keep(key, thread.calibration).catch(onNotKept);
      return {
        thread,
        isCalibrated,
        loaded: {
          ...loadedFrom(knowledge, (text, context) => thread.decide(text, context)),
          ahead: (text, context) => thread.ahead(text, context),
        },
      };
    };
    return { built: finish() };
  }

  function onNotKept(error: unknown): void {
    log.warn({ err: error }, 'the next start will calibrate the answers again');
  }

  function onLost(error: Error): void {
    log.error({ err: error }, 'the thread of the answers is gone; it is started again');
    void use({ even: 'the same version' });
  }

  /** Swaps what is in use for the newest, after what is being built already. */
  function use({ even }: { even?: 'the same version' } = {}): Promise<void> {
    building = building.then(() => swap(even !== undefined)).catch(onNotBuilt);
    return building;
  }

  async function swap(evenTheSame: boolean): Promise<void> {
    const knowledge = teach(source.current(), taught);
    const isNew = knowledge.version !== current.loaded.knowledge.version;
    if (closed || (!isNew && !evenTheSame)) return;
    const built = await build(knowledge, current.thread.calibration);
    if (closed) return built.thread.close();
    replaceWith(built);
    if (isNew) log.info({ version: knowledge.version }, 'new knowledge in use');
    if (!built.isCalibrated) calibrating = calibrating.then(() => calibrate(built)).catch(onNotCalibrated);
  }

  /** Beside the turns and the next change, which do not wait for it; a version that was replaced meanwhile needs none. */
  async function calibrate(built: Built): Promise<void> {
    const isInUse = () => current === built && !closed;
    if (!isInUse()) return;
    const calibrated = await build(built.loaded.knowledge);
    if (isInUse()) replaceWith(calibrated);
    else calibrated.thread.close();
  }

  function replaceWith(built: Built): void {
    retire(current.thread);
    current = built;
  }

  function onNotCalibrated(error: unknown): void {
    log.warn({ err: error }, 'the answers stay as sure as those of the version before');
  }

  function onNotBuilt(error: unknown): void {
    log.error({ err: error }, 'the new knowledge could not be taken into use; the last good version stays');
  }

  function retire(thread: AnswersThread): void {
    const timer = setTimeout(() => {
      retiring.delete(thread);
      thread.close();
    }, OLD_VERSION_MS).unref();
    retiring.set(thread, timer);
  }

  source.onChange((change) => {
    if (change.ok) return void use();
    log.error(
      { problems: change.error.message },
      'the knowledge folder has errors; the last good version stays in use',
    );
  });
  const inUse: KnowledgeInUse = {
    loaded: () => current.loaded,
    reload: async () => {
      taught = await teachings.live();
      await use();
    },
    problem: () => source.lastError()?.message,
    calibration: () => current.thread.calibration,
    close: async () => {
      closed = true;
      await building;
      await calibrating;
      for (const [thread, timer] of retiring) {
        clearTimeout(timer);
        thread.close();
      }
      current.thread.close();
    },
  };
  return { ready: building.then(() => inUse) };
}

interface Built {
  thread: AnswersThread;
  /** Not by another version's calibration. */
  isCalibrated: boolean;
  loaded: LoadedKnowledge;
}

/** With its answers in this thread: for commands and tests that ask a few questions and end. */
export function loadKnowledge(knowledge: Knowledge): LoadedKnowledge {
  const finder = createAnswerFinder(knowledge);
  return loadedFrom(knowledge, (text, context) => finder.decide(text, context));
}

function loadedFrom(knowledge: Knowledge, decide: LoadedKnowledge['decide']): LoadedKnowledge {
  const say = makeSay(knowledge.wording);
  return {
    knowledge,
    entries: new Map(knowledge.entries.map((entry) => [entry.id, entry])),
    say,
    buttons: buttonMeanings(say),
    decide,
  };
}

/** Changes with every line of the matching's compiled code: what another version learnt is not used. */
function engineVersion(): string {
  const folder = path.join(__dirname, 'answers');
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).toSorted())
    hash.update(file).update(readFileSync(path.join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
