/** What is no part of the history: a run of a part, of no commit, or figures that are not of the run. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}
