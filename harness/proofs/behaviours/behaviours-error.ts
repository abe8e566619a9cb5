import type { Problem } from './types.ts';

/** The list of behaviours cannot be read; the message has every problem with its place. */
export class BehavioursError extends Error {
  override readonly name = 'BehavioursError';

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
  }
}
