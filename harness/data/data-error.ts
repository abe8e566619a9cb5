/** One thing wrong with a file of data. Line and column count from 1. */
export interface DataProblem {
  file: string;
  line: number;
  column: number;
  /** What was expected, and what came. */
  message: string;
}

/** Data files that cannot be used. The message lists every problem with its place, in the order of files and lines. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly problems: readonly DataProblem[];

  constructor(problems: readonly DataProblem[]) {
    super(problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.problems = problems;
  }
}
