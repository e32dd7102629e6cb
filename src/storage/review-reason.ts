import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { REVIEW_REASONS, type ReviewReason } from '../bot/ports';

/**
 * What a conversation waits for once `reason` has come to what its column `review` says: the more pressing of the two. "I
 * want to die" is not to be forgotten for the question that comes after it. `place` is `placeOf` the reason.
 */
export function morePressing(reason: ReviewReason | null, place: number): RawBuilder<string | null> {
  const cases = REVIEW_REASONS.map((each, at) => sql`when ${sql.lit(each)} then ${sql.lit(at)}`);
  const placeNow = sql`case review ${sql.join(cases, sql` `)} else ${sql.lit(REVIEW_REASONS.length)} end`;
  const isMore = sql`(review is null or cast(${place} as integer) < ${placeNow})`;
  return sql`case when ${isMore} then cast(${reason} as text) else review end`;
}

/** 0 for the most pressing; behind all of them where there is none. */
export function placeOf(reason: ReviewReason | undefined): number {
  return reason === undefined ? REVIEW_REASONS.length : REVIEW_REASONS.indexOf(reason);
}
