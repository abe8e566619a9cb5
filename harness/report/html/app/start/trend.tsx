import { percent } from '../../../../../testing/text.ts';
import type { HistoryEntry } from '../../../../summary/history-entry.ts';
import { passedCells } from '../../../../summary/verdict-counts.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';

const width = 600;
const height = 80;

/** The committed past summaries: how parity has developed. */
export function TrendSection({ history }: { history: readonly HistoryEntry[] }) {
  return (
    <section aria-labelledby="trend">
      <h2 id="trend">Trend</h2>
      {history.length === 0 ? (
        <p>No past summary is committed: npm run parity -- history add</p>
      ) : (
        <>
          {history.length > 1 && <Curve shares={history.map(({ matchBeforeLedger }) => matchBeforeLedger)} />}
          <div class="scroller wide" tabIndex={0} role="region" aria-label="Past summaries">
            <table>
              <ColumnHeads
                names={[
                  'Run',
                  'Engine',
                  'Cells',
                  'Failed',
                  'Known',
                  'Match without the ledger',
                  'Kill score',
                  'Seconds',
                ]}
              />
              <tbody>
                {history.toReversed().map((entry) => (
                  <PastRow key={`${entry.begun} ${entry.commit}`} entry={entry} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function PastRow({ entry }: { entry: HistoryEntry }) {
  const { begun, commit, engineVersion, cells, verdicts, matchBeforeLedger, mutation, seconds, ledger } = entry;
  const failed = passedCells(verdicts).failed + ledger.problems + (entry.problems ?? 0);
  return (
    <tr>
      <th scope="row">
        {begun.slice(0, 10)} <code>{commit}</code>
      </th>
      <td>{engineVersion}</td>
      <td class="number">{String(cells)}</td>
      <td class={failed > 0 ? 'number bad' : 'number'}>{String(failed)}</td>
      <td class="number">{String(verdicts.knownDifference)}</td>
      <td class="number">{percent(matchBeforeLedger)}</td>
      <td class="number">{mutation === undefined ? 'not measured' : percent(mutation.killed / mutation.mutants)}</td>
      <td class="number">{String(seconds)}</td>
    </tr>
  );
}

/** The share that matches without the ledger, oldest to newest; the table has the same figures. */
function Curve({ shares }: { shares: readonly number[] }) {
  const x = (index: number) => (index / (shares.length - 1)) * width;
  const y = (share: number) => height - share * height;
  return (
    <svg viewBox={`-4 -4 ${width + 8} ${height + 8}`} class="curve" aria-hidden="true">
      <line x1={0} y1={height} x2={width} y2={height} />
      <polyline points={shares.map((share, index) => `${x(index)},${y(share)}`).join(' ')} />
    </svg>
  );
}
