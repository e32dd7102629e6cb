import { remembering } from '../answers/remembering';

/** One message is compared with many wordings, one after the other. */
const LAST_TEXTS = 8;

/**
 * A message as bare lower-case words with single spaces: what is neither letter, digit nor apostrophe is a space,
 * but for the signs inside of words ("n/a", "e-mail"). For comparing with fixed wordings; answers have a reading of
 * their own.
 */
export const bareWords = remembering(LAST_TEXTS, (text) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/[^\p{L}\p{M}\p{N}'/@-]+/gu, ' ')
    .replace(/(?<!\S)[/@-]+(?!\S)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim(),
);
