/** Something wrong, or not as good as it should be, at one place of a knowledge file. Line and column count from 1. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  /** `error`: the knowledge is refused. `warning`: it loads, and `knowledge:check --strict` refuses it. */
  severity: 'error' | 'warning';
  /** What is wrong and what to do about it. */
  message: string;
}

/** The knowledge cannot be used. `message` has one line per error; `problems` holds the warnings too. */
export class KnowledgeFileError extends Error {
  override name = 'KnowledgeFileError';
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    const sorted = sortProblems(problems);
    super(
      sorted
        .filter((problem) => problem.severity === 'error')
        .map(problemLine)
        .join('\n'),
    );
    this.problems = sorted;
  }
}

/** `knowledge/smp.yaml:112:5: what is wrong and what to do`; before a warning's text stands `warning: `. */
export function problemLine({ file, line, column, severity, message }: Problem): string {
  return `${file}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}

/** By file, then from top to bottom. */
export function sortProblems(problems: Problem[]): Problem[] {
  return problems.toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.message < b.message ? -1 : 1),
  );
}
