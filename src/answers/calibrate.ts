import type { Calibration } from './calibration';
import { learnConfidence } from './confidence';
import { chooseDangerFloor, type DangerRule } from './danger';
import type { Costs } from './knowledge';
import { chooseLimits } from './limits';
import type { Matcher } from './matcher';
import { rehearse } from './rehearse';

/** Rehearses every phrasing, which takes most of the time a finder needs: 0.5 s at 2,500 phrasings. */
export function calibrate(matcher: Matcher, rules: readonly DangerRule[], costs: Costs): Calibration {
  const rehearsals = rehearse(matcher, costs.understood);
  const confidence = learnConfidence(rehearsals, costs.understood);
  return {
    confidence,
    limits: chooseLimits(rehearsals, confidence, costs),
    dangerFloor: chooseDangerFloor(rules, matcher, rehearsals),
  };
}
