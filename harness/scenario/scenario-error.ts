/** One thing wrong with a scenario file. Line and column count from 1. */
export interface ScenarioProblem {
  file: string;
  line: number;
  column: number;
  /** What was seen, what is wanted. */
  message: string;
}

/** Scenario files that cannot be run; `problems` has all of them, in the order of the files and their lines. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly ScenarioProblem[];

  constructor(problems: readonly ScenarioProblem[]) {
    super(problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.problems = problems;
  }
}
