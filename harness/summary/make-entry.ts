import { expectedGot } from '../../native/expected-got.mjs';
import { isGuest } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';
import type { RunResult } from '../run/run-result.ts';
import { type HistoryEntry, HistoryError, historySchema, type MutationFigures } from './history-entry.ts';
import type { Summary } from './summary.ts';

/**
 * The entry of a run. Pure: the same run gives the same entry. @throws HistoryError for a partial run or one of no
 * commit, and if the two are of different runs
 */
export function makeEntry(
  summary: Summary,
  { begun, commit, dirty }: Pick<RunResult, 'begun' | 'commit' | 'dirty'>,
  mutation: MutationFigures | undefined,
): HistoryEntry {
  const { scope, engine, clients, scenarios, cells, verdicts, totals, sensitivity, coverage, jobs } = summary;
  if (holds('history-part', !scope.whole))
    throw new HistoryError(expectedGot('adding to the history', 'a whole run', `a part: ${scope.part}`));
  const others = summary.engines.flatMap(({ version }) => (version === engine.version ? [] : [version]));
  if (holds('history-other-engines', others.length > 0))
    throw new HistoryError(
      expectedGot('adding to the history', 'a run of the pin alone', `one of ${others.join(', ')} too`),
    );
  const guests = clients.flatMap(({ id }) => (isGuest(id) ? [id] : []));
  if (holds('history-guests', guests.length > 0))
    throw new HistoryError(
      expectedGot('adding to the history', 'a run of the known clients alone', `one of ${guests.join(', ')} too`),
    );
  if (holds('history-no-commit', commit === null))
    throw new HistoryError(expectedGot('adding to the history', 'a run of a Git commit', 'one that names none'));
  const name = String(commit).slice(0, 10);
  // A run that is ended early leaves its result next to the previous run's summary.
  if (holds('history-other-run', summary.begun !== begun || summary.commit !== commit)) {
    const [seen, result] = [summary, { begun, commit }].map((one) => `${one.begun} of commit ${one.commit}`);
    throw new HistoryError(
      expectedGot(
        'adding to the history',
        `the summary of run-result.json's run of ${result}`,
        `that of the run of ${seen}`,
        'Run it again',
      ),
    );
  }
  if (holds('history-dirty', dirty || summary.dirty))
    throw new HistoryError(
      expectedGot('adding to the history', `a folder as commit ${name} has it`, 'one with other files'),
    );
  return {
    $schema: historySchema,
    schemaVersion: 1,
    begun,
    commit: name,
    engineVersion: engine.version,
    platforms: summary.platforms.flatMap(({ platform, status }) => (status === 'not run' ? [] : [platform])),
    clients,
    scenarios,
    cells,
    verdicts,
    totals,
    matchBeforeLedger: summary.matchBeforeLedger,
    matchForGoal: summary.matchForGoal,
    ledger: { entries: summary.ledger.entries, problems: summary.ledger.problems.length },
    ...(summary.problems.length > 0 && { problems: summary.problems.length }),
    sensitivity,
    coverage,
    ...(mutation !== undefined && { mutation }),
    seconds: Math.round(summary.durationMs / 1000),
    jobs,
  };
}

/** `ENGINE-DAY-COMMIT.json`: a commit that runs again on the same day replaces its entry. */
export const entryName = ({ engineVersion, begun, commit }: HistoryEntry): string =>
  `${engineVersion}-${begun.slice(0, 10)}-${commit}.json`;
