/** One thing wrong with a file of data. Line and column count from 1. */
export interface DataProblem {
  file: string;
  line: number;
  column: number;
  /** What was expected, and what came. */
  message: string;
}

/** Files of data that cannot be used; the message has every problem with its place, in the order of the files and their lines. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly problems: readonly DataProblem[];

  constructor(problems: readonly DataProblem[]) {
    super(problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.problems = problems;
  }
}
