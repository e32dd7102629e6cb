import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Knowledge } from '../answers/knowledge';
import { KnowledgeFileError, type Problem } from './knowledge-problem';
import { readKnowledge } from './read-knowledge';
import { REQUIRED_WORDING, type RequiredWording } from './required-wording';

/** What came of reading a knowledge folder; an error is told as its problems, so that it can leave a thread. */
export type ReadResult = { ok: true; knowledge: Knowledge } | { ok: false; problems: Problem[] };

/** Reads at once, in this thread. */
export function readHere(folder: string, requiredWording: RequiredWording = REQUIRED_WORDING): ReadResult {
  try {
    return { ok: true, knowledge: readKnowledge(folder, requiredWording).knowledge };
  } catch (error) {
    if (error instanceof KnowledgeFileError) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** Reads in a thread of its own: a folder of 3,000 sentences takes 0.3 s, in which visitors are answered. */
export function readInThread(folder: string): Promise<ReadResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(path.join(__dirname, 'read-in-thread-worker.js'), { workerData: folder });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread that reads the knowledge ended early.')));
  });
}
