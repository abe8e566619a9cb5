import { headlineOf } from '../../../../summary/headline.ts';
import { passedAndFailed } from '../../../../summary/summary.ts';
import { everything } from '../shared/cell-filter.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { hashOf } from '../shared/route.ts';
import { Badge, verdicts } from '../shared/verdicts.tsx';

/**
 * Whether the run is at parity, by how many cells, and how many cells have each verdict; each count leads to its cells.
 */
export function Headline({ report: { model } }: { report: ReportIndex }) {
  const { summary, cells } = model;
  const { scope } = summary;
  const { ours, shares, references, baselines } = headlineOf(summary);
  const { passed, failed } = passedAndFailed(summary);
  const tone = failed > 0 || passed === 0 ? 'bad' : scope.whole ? 'good' : 'warn';
  const counts = verdicts
    .map(({ verdict }) => ({ verdict, count: cells.filter((cell) => cell.verdict === verdict).length }))
    .filter(({ count }) => count > 0);
  return (
    <>
      <p class={`headline ${tone}`}>
        <strong>{failed > 0 ? 'Not at parity' : passed === 0 ? 'Nothing was judged' : 'At parity'}</strong>
        {scope.whole ? '' : ` in a part of the whole (${scope.part}):`}
        {` ${passed} cells passed, ${failed} failed.`}
      </p>
      <ul class="claims" aria-label="What is compared with what">
        {ours.map(({ client, text }) => (
          <li key={client}>
            <strong>{`${client} against its reference`}</strong>
            {`: ${text}`}
          </li>
        ))}
        {references !== undefined && <li>{`Official clients against their recordings: ${references}`}</li>}
        {baselines !== undefined && <li>{`Baselines: ${baselines}`}</li>}
      </ul>
      {shares !== undefined && <p>{`${shares}.`}</p>}
      <ul class="counts" aria-label="Cells by verdict">
        {counts.map(({ verdict, count }) => (
          <li key={verdict}>
            <a href={hashOf({ page: 'start', filter: { ...everything, chosen: { verdict: [verdict] } } })}>
              <Badge verdict={verdict} /> {count}
            </a>
          </li>
        ))}
      </ul>
      {summary.ledger.problems.map((problem) => (
        <p key={problem} class="problem">
          {`Ledger: ${problem}`}
        </p>
      ))}
      {summary.problems.map((problem) => (
        <p key={problem} class="problem">
          {problem}
        </p>
      ))}
    </>
  );
}
