import { z } from 'zod';

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

/** A calibration out of what was kept; undefined where the text is none, or one of an engine with other signals. */
export function readCalibration(json: string): Calibration | undefined {
  try {
    return calibrationShape.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
