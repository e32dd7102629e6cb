import { HttpError } from '../../http/route';

/**
 * The sequence number a client has seen last; 0 where it says nothing. One from the future (the database was
 * restored from a backup) counts as the newest, so that the client hears what comes next.
 * @throws HttpError 400 on anything that is not a number we gave.
 */
export function readWatermark(text: string | null, lastSequence: number): number {
  if (text === null || text === '') return 0;
  if (!/^\d{1,15}$/.test(text)) throw new HttpError(400, 'BadArgument', 'The watermark is not one of ours.');
  return Math.min(Number(text), lastSequence);
}
