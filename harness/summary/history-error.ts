/** Not fit for the history: a partial run, a run of no commit, or figures of another run. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}
