import pino from 'pino';
import type { Config } from './config';
import { openKnowledgeSource } from './curation/knowledge-source';
import { readInThread } from './curation/read-in-thread';
import { REQUIRED_WORDING } from './curation/required-wording';
import { keepKnowledge } from './keep-knowledge';
import { createKeptCalibrations } from './storage/kept-calibrations';
import { openDatabase } from './storage/open-database';
import { createTeachingStore } from './storage/teaching-store';

export interface Service {
  /** Resolves, once it listens, to what an operator wants to read: the addresses. */
  listen(): Promise<string>;
  /** Finishes the turns under way, then lets go of the port and the database. */
  close(): Promise<void>;
}

/**
 * Builds the whole service; with the `build-*.ts` and `assemble-service.ts` beside it the only place that knows every
 * part. What the answers need comes first: while their thread makes them, this one loads all the rest, which takes as
 * long.
 * @throws KnowledgeFileError, DatabaseError and, when listening, ListenError; each says what to do.
 */
export async function buildService(config: Config): Promise<Service> {
  const log = pino({ level: config.logLevel, base: undefined }, pino.destination({ fd: 2, sync: false }));
  const source = openKnowledgeSource(config.knowledgeDir, REQUIRED_WORDING, readInThread);
  try {
    const database = await openDatabase(config.databaseUrl);
    const teachings = createTeachingStore(database);
    const calibrations = createKeptCalibrations(database);
    const knowledge = await keepKnowledge({ source, teachings, calibrations, log });
    const [inUse, { assembleService }] = await Promise.all([
      knowledge.ready,
      import('./assemble-service.js'),
    ]);
    return await assembleService({ config, database, log, source, teachings, inUse });
  } catch (error) {
    source.close();
    throw error;
  }
}
