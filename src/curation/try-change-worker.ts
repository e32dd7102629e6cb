import { parentPort, workerData } from 'node:worker_threads';
import { tryChange, type Trial } from './try-change';

// What `createTrials` handed over.
parentPort?.postMessage(tryChange(workerData as Trial));
