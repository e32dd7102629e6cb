/** One thing that happened, for the regression: signals, whether it came true, how much it counts. */
export interface Outcome {
  signals: readonly number[];
  cameTrue: boolean;
  weight: number;
}

/** Intercept first, then one weight per signal. */
export type LogisticWeights = readonly number[];

/** Newton's steps at most; five or so are usual. */
const NEWTON_STEPS = 25;
/** A step that gains less than this is the last. */
const HARDLY_BETTER = 1e-9;
/** How often a step that leads too far is halved. */
const HALVINGS = 12;

/**
 * Logistic regression that starts from, and is drawn to, `prior`: with few outcomes the prior speaks, with many
 * the outcomes do. `pull` is the strength of the draw, in outcomes.
 * Each step is halved until it is one downhill: where the outcomes are far from the prior, a whole step of Newton's
 * leads to weights that no later step comes back from.
 */
export function fitLogistic(
  outcomes: readonly Outcome[],
  prior: LogisticWeights,
  pull: number,
): LogisticWeights {
  let weights: LogisticWeights = prior;
  let loss = lossAt(weights, outcomes, prior, pull);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const move = newtonMove(weights, outcomes, prior, pull);
    const better = downhill(weights, move, loss, (at) => lossAt(at, outcomes, prior, pull));
    if (better === undefined) break;
    const gain = loss - better.loss;
    ({ weights, loss } = better);
    if (gain < HARDLY_BETTER * (1 + Math.abs(loss))) break;
  }
  return weights;
}

function downhill(
  from: LogisticWeights,
  move: readonly number[],
  loss: number,
  lossOf: (weights: LogisticWeights) => number,
): { weights: LogisticWeights; loss: number } | undefined {
  for (let halving = 0, length = 1; halving < HALVINGS; halving++, length /= 2) {
    const weights = from.map((weight, at) => weight - length * move[at]!);
    const reached = lossOf(weights);
    if (reached < loss) return { weights, loss: reached };
  }
  return undefined;
}

/** How badly the weights foretell the outcomes, and how far they are from the prior. */
function lossAt(
  weights: LogisticWeights,
  outcomes: readonly Outcome[],
  prior: LogisticWeights,
  pull: number,
): number {
  const drawn = weights.reduce((sum, weight, at) => sum + (weight - prior[at]!) ** 2, 0);
  return outcomes.reduce(
    (sum, { signals, cameTrue, weight }) => {
      const odds = logOdds(weights, signals);
      const against = cameTrue ? -odds : odds;
      return sum + weight * (against > 30 ? against : Math.log1p(Math.exp(against)));
    },
    (pull * drawn) / 2,
  );
}

function newtonMove(
  weights: LogisticWeights,
  outcomes: readonly Outcome[],
  prior: LogisticWeights,
  pull: number,
): number[] {
  const gradient = weights.map((weight, at) => pull * (weight - prior[at]!));
  const curvature = weights.map((_, row) => weights.map((__, column) => (row === column ? pull : 0)));
  for (const { signals, cameTrue, weight } of outcomes) {
    const x = [1, ...signals];
    const p = probability(weights, signals);
    const error = weight * (p - (cameTrue ? 1 : 0));
    const spread = weight * p * (1 - p);
    for (let row = 0; row < x.length; row++) {
      gradient[row]! += error * x[row]!;
      for (let column = 0; column < x.length; column++)
        curvature[row]![column]! += spread * x[row]! * x[column]!;
    }
  }
  return solve(curvature, gradient);
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
