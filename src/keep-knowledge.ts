import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Calibration } from './answers/calibrate';
import { createAnswerFinder } from './answers/find-answer';
import type { Knowledge } from './answers/knowledge';
import type { LoadedKnowledge } from './bot/enquiry-bot';
import { makeSay } from './conversation/say';
import type { KnowledgeSource } from './curation/knowledge-source';
import { teach } from './curation/taught-knowledge';
import type { Log } from './http/logger';
import type { Teachings } from './staff/ports';
import type { KeptCalibrations } from './storage/kept-calibrations';

export interface KnowledgeInUse {
  loaded: () => LoadedKnowledge;
  /** Looks at what was taught, here or on another instance. */
  reload: () => Promise<void>;
}

/**
 * The knowledge in use with all that is made from it: the folder with what staff have taught on top, swapped whole
 * when either has changed. What the matching learns from it is kept, so that the next start need not learn it again.
 */
export async function keepKnowledge(parts: {
  source: KnowledgeSource;
  teachings: Teachings;
  calibrations: KeptCalibrations;
  log: Log;
}): Promise<KnowledgeInUse> {
  const { source, teachings, calibrations, log } = parts;
  const keyOf = ({ version }: Knowledge) => `${version} ${engineVersion()}`;
  const keep = ({ knowledge, calibration }: Loaded) =>
    calibrations
      .keep(keyOf(knowledge), calibration)
      .catch((error: unknown) => log.warn({ err: error }, 'the next start will calibrate the answers again'));

  let taught = await teachings.live();
  const atStart = teach(source.current(), taught);
  const kept = await calibrations.find(keyOf(atStart));
  let loaded = loadKnowledge(atStart, kept);
  if (kept === undefined) await keep(loaded);

  const use = (knowledge: Knowledge) => {
    if (knowledge.version === loaded.knowledge.version) return;
    loaded = loadKnowledge(knowledge);
    void keep(loaded);
    log.info({ version: knowledge.version }, 'new knowledge in use');
  };
  source.onChange((change) => {
    if (!change.ok)
      return log.error(
        { problems: change.error.message },
        'the knowledge folder has errors; the last good version stays in use',
      );
    use(teach(change.knowledge, taught));
  });
  return {
    loaded: () => loaded,
    reload: async () => {
      taught = await teachings.live();
      use(teach(source.current(), taught));
    },
  };
}

type Loaded = LoadedKnowledge & { calibration: Calibration };

/** `kept`: what the matching had learnt from the same knowledge before. */
export function loadKnowledge(knowledge: Knowledge, kept?: Calibration): Loaded {
  const finder = createAnswerFinder(knowledge, kept);
  return {
    knowledge,
    entries: new Map(knowledge.entries.map((entry) => [entry.id, entry])),
    say: makeSay(knowledge.wording),
    decide: (text, context) => finder.decide(text, context),
    calibration: finder.calibration,
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
