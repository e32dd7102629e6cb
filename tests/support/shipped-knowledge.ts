import path from 'node:path';
import type { LoadedKnowledge } from '../../src/bot/enquiry-bot';
import { readKnowledge } from '../../src/curation/read-knowledge';
import { loadKnowledge } from '../../src/keep-knowledge';

let loaded: LoadedKnowledge | undefined;

/** The shipped knowledge, read and calibrated once per test file. */
export function shippedKnowledge(): LoadedKnowledge {
  loaded ??= loadKnowledge(readKnowledge(path.resolve(__dirname, '..', '..', 'knowledge')).knowledge);
  return loaded;
}
