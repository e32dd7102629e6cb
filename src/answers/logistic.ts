/** One thing that happened, for the regression: signals, whether it came true, how much it counts. */
export interface Outcome {
  signals: readonly number[];
  cameTrue: boolean;
  weight: number;
}

/** Intercept first, then one weight per signal. */
export type LogisticWeights = readonly number[];

const NEWTON_STEPS = 12;

/**
 * Logistic regression that starts from, and is drawn to, `prior`: with few outcomes the prior speaks, with many
 * the outcomes do. `pull` is the strength of the draw, in outcomes.
 */
export function fitLogistic(
  outcomes: readonly Outcome[],
  prior: LogisticWeights,
  pull: number,
): LogisticWeights {
  const size = prior.length;
  let weights = [...prior];
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const gradient = weights.map((weight, at) => pull * (weight - prior[at]!));
    const curvature = weights.map((_, row) => weights.map((__, column) => (row === column ? pull : 0)));
    for (const { signals, cameTrue, weight } of outcomes) {
      const x = [1, ...signals];
      const p = probability(weights, signals);
      const error = weight * (p - (cameTrue ? 1 : 0));
      const spread = weight * p * (1 - p);
      for (let row = 0; row < size; row++) {
        gradient[row]! += error * x[row]!;
        for (let column = 0; column < size; column++)
          curvature[row]![column]! += spread * x[row]! * x[column]!;
      }
    }
    const move = solve(curvature, gradient);
    weights = weights.map((weight, at) => weight - move[at]!);
  }
  return weights;
}

export function probability(weights: LogisticWeights, signals: readonly number[]): number {
  return 1 / (1 + Math.exp(-logOdds(weights, signals)));
}

export function logOdds(weights: LogisticWeights, signals: readonly number[]): number {
  return signals.reduce((sum, signal, at) => sum + signal * weights[at + 1]!, weights[0]!);
}

/** Gaussian elimination with pivots; the matrix is positive definite and small. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at <= size; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  const answer = Array.from({ length: size }, () => 0);
  for (let row = size - 1; row >= 0; row--) {
    let sum = rows[row]![size]!;
    for (let at = row + 1; at < size; at++) sum -= rows[row]![at]! * answer[at]!;
    answer[row] = sum / rows[row]![row]!;
  }
  return answer;
}
