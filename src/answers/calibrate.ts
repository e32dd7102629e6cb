import { z } from 'zod';
import { learnConfidence } from './confidence';
import { chooseDangerFloor, type DangerRule } from './danger';
import type { Costs } from './knowledge';
import { chooseLimits } from './limits';
import type { Matcher } from './matcher';
import { rehearse } from './rehearse';

const weights = z.array(z.number()).readonly();
const share = z.number().min(0).max(1);

/**
 * What a finder learns from its knowledge before it answers: the weights of its confidence, the limits, the floor of
 * the health entries. Plain JSON, so that it can be kept and handed to the next finder of the same knowledge. It
 * fits that knowledge (`Knowledge.version`) and this version of the engine only.
 */
export type Calibration = z.infer<typeof calibrationShape>;

const calibrationShape = z.object({
  confidence: z.object({ inScope: weights, first: weights }),
  limits: z.object({ answer: share, offer: share, cost: z.number() }),
  dangerFloor: share,
});

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

/** A calibration out of what was kept; undefined where the text is none, or one of an engine with other signals. */
export function readCalibration(json: string): Calibration | undefined {
  try {
    return calibrationShape.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
