import { parentPort, workerData } from 'node:worker_threads';
import { tryPhrase, type Trial } from './try-phrase';

// What `createTrials` handed over.
parentPort?.postMessage(tryPhrase(workerData as Trial));
