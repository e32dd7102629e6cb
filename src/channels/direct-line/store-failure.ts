import type { Log } from '../../http/logger';
import { HttpError } from '../../http/route';

export interface StoreLog {
  logger: Log;
}

/**
 * @throws HttpError 404 where the conversation was never started, or has been erased: stock clients take it as ended;
 * 503 where the database or the queue does not take it; nothing was kept then. Never 429: stock clients count that as a
 * message that failed for good, a 503 as one to send again.
 */
export async function unlessTheStoreFails<T>(parts: StoreLog, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchConversation') throw ended();
    const isBusy = error instanceof Error && error.name === 'TurnsBusy';
    if (!isBusy) parts.logger.error({ err: error }, 'the conversation store failed');
    const message = isBusy
      ? 'Too many messages are waiting.'
      : 'The service cannot keep messages at the moment.';
    throw new HttpError(503, 'ServiceError', message, { 'retry-after': isBusy ? '1' : '5' });
  }
}

export function ended(): HttpError {
  return new HttpError(404, 'NotFound', 'This conversation has ended, or was not started.');
}
