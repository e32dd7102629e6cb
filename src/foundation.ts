import type { Logger } from 'pino';
import type { LoadedKnowledge } from './bot/enquiry-bot';
import type { Config } from './config';
import type { Metrics } from './http/metrics';
import type { Database } from './storage/open-database';

/** What every part of the service stands on; handed whole to the builders of the parts (`build-*.ts`). */
export interface Foundation {
  config: Config;
  database: Database;
  /** The knowledge in use at this moment. */
  loaded: () => LoadedKnowledge;
  /** How visitors reach the service, `https://bot.example.com`; known for certain only once it listens. */
  url: () => string;
  clock: () => Date;
  metrics: Metrics;
  log: Logger;
}
