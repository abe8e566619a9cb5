import { percent } from '../../../../../testing/text.ts';
import type { HistoryEntry } from '../../../../summary/history-entry.ts';
import { passedCells } from '../../../../summary/verdict-counts.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';
import { Section } from '../shared/section.tsx';

/** The committed past summaries: how parity has developed. */
export function TrendSection({ history }: { history: readonly HistoryEntry[] }) {
  return (
    <Section id="trend" title="Trend" says="the committed past summaries">
      {history.length === 0 ? (
        <p>No past summary is committed: npm run parity -- history add</p>
      ) : (
        <>
          <Chart history={history} />
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
    </Section>
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

const box = { width: 720, height: 200, left: 48, right: 12, top: 12, bottom: 28 };
const mostDates = 6;

/** The shares of each past run, oldest to newest; the table has the same figures. */
function Chart({ history }: { history: readonly HistoryEntry[] }) {
  const lines = [
    { name: 'match without the ledger', look: 'match', shares: history.map((entry) => entry.matchBeforeLedger) },
    {
      name: 'kill score',
      look: 'kill',
      shares: history.map(({ mutation }) => mutation && mutation.killed / mutation.mutants),
    },
  ].filter(({ shares }) => shares.some((share) => share !== undefined));
  const { marks, low } = axis(lines.flatMap(({ shares }) => shares.filter((share) => share !== undefined)));
  const inner = { width: box.width - box.left - box.right, height: box.height - box.top - box.bottom };
  const x = (index: number) =>
    box.left + (history.length === 1 ? inner.width / 2 : (index / (history.length - 1)) * inner.width);
  const y = (share: number) => box.top + (1 - (share - low) / (1 - low)) * inner.height;
  const every = Math.ceil(history.length / mostDates);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${box.width} ${box.height}`} role="img" aria-label="Shares of each past run, in percent">
        {marks.map((mark) => (
          <g key={mark} class="mark">
            <line x1={box.left} y1={y(mark)} x2={box.width - box.right} y2={y(mark)} />
            <text x={box.left - 8} y={y(mark)} dy="0.35em" text-anchor="end">
              {percent(mark, 0)}
            </text>
          </g>
        ))}
        {history.map(({ begun }, index) =>
          index % every === 0 ? (
            <text
              key={begun}
              class="date"
              x={x(index)}
              y={box.height - 8}
              text-anchor={anchorOf(index, history.length)}
            >
              {begun.slice(0, 10)}
            </text>
          ) : null,
        )}
        {lines.map(({ name, look, shares }) => {
          const points = shares.flatMap((share, index) => (share === undefined ? [] : [{ share, index }]));
          return (
            <g key={name} class={look}>
              <polyline points={points.map(({ share, index }) => `${x(index)},${y(share)}`).join(' ')} />
              {points.map(({ share, index }) => (
                <circle
                  key={index}
                  cx={x(index)}
                  cy={y(share)}
                  r={4}
                  data-tip={`${percent(share)} ${name}, ${history[index]?.begun.slice(0, 10)}, engine ${history[index]?.engineVersion}`}
                />
              ))}
            </g>
          );
        })}
      </svg>
      <figcaption>
        {lines.map(({ name, look }) => (
          <span key={name} class={look}>
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** From the next ten percent below the lowest share to everything. */
function axis(shares: readonly number[]): { low: number; marks: number[] } {
  const low = Math.max(0, Math.min(0.9, Math.floor(Math.min(...shares) * 10) / 10));
  const step = low >= 0.8 ? 0.05 : low >= 0.5 ? 0.1 : 0.25;
  const marks = Array.from({ length: Math.round((1 - low) / step) + 1 }, (_, index) => 1 - index * step);
  return { low, marks: marks.filter((mark) => mark >= low - 1e-9) };
}

const anchorOf = (index: number, count: number) =>
  count === 1 ? 'middle' : index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle';
