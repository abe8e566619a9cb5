import type { CellResult } from '../types.ts';

/** The result of a cell in which nothing differs, but for what a test is about. */
export const sampleCell = (over: Partial<CellResult> = {}): CellResult => ({
  ...{ scenario: 'turns/plain', client: 'ts', engine: 'real', round: 1, verdict: 'match' },
  ...{ unexplained: [], known: [], fired: {}, durationMs: 1 },
  ...over,
});
