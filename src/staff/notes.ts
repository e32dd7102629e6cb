import type { Authorship, Review } from './ports';

/** Characters of one note. */
export const LONGEST_NOTE = 2_000;

/** Keeps the note of a form with its conversation, whichever page it was written on; an empty one is none. */
export async function keepNote(
  review: Review,
  conversationId: string,
  form: URLSearchParams,
  by: Authorship,
): Promise<'added' | 'unknown'> {
  const text = (form.get('text') ?? '').trim().slice(0, LONGEST_NOTE);
  return text === '' ? 'added' : review.addNote(conversationId, text, by);
}
