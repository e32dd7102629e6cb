import porterStem from 'wink-porter2-stemmer';
import { remembering } from './remembering';

/** The word without its ending (Porter 2): `sessions` and `session` are one word to the matching. */
export const stem = remembering(20_000, porterStem);
