import { parentPort, workerData } from 'node:worker_threads';
import { readHere } from './read-in-thread';

// The folder that `readInThread` handed over.
parentPort?.postMessage(readHere(String(workerData)));
