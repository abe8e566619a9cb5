import type { CellFilter } from '../shared/cell-filter.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { CoverageSection } from './coverage.tsx';
import { DriftSection } from './drift.tsx';
import { FailuresSection } from './failures.tsx';
import { Headline } from './headline.tsx';
import { LedgerSection } from './ledger.tsx';
import { MatrixSection } from './matrix.tsx';
import { PlatformsSection } from './platforms.tsx';
import { SlowestSection } from './slowest.tsx';
import { TrendSection } from './trend.tsx';
import { VersionsSection } from './versions.tsx';

const parts = [
  ['matrix', 'Matrix'],
  ['coverage', 'Coverage'],
  ['ledger', 'Known differences'],
  ['platforms', 'Platforms'],
  ['trend', 'Trend'],
  ['slowest', 'Slowest cells'],
] as const;

/** What is proven, what differs and why: the verdict first, then the way into every cell. */
export function StartPage({ report, filter }: { report: ReportIndex; filter: CellFilter }) {
  return (
    <>
      <h1 tabIndex={-1}>Parity report</h1>
      <Headline report={report} />
      <FailuresSection report={report} />
      <DriftSection engines={report.model.summary.engines} />
      <VersionsSection summary={report.model.summary} />
      <nav aria-label="Parts of this page" class="parts">
        {parts.map(([id, name]) => (
          <button key={id} type="button" onClick={() => document.getElementById(id)?.scrollIntoView()}>
            {name}
          </button>
        ))}
      </nav>
      <MatrixSection report={report} filter={filter} />
      <CoverageSection coverage={report.model.summary.coverage} />
      <LedgerSection report={report} />
      <PlatformsSection platforms={report.model.summary.platforms} />
      <TrendSection history={report.model.history} />
      <SlowestSection cells={report.model.cells} />
    </>
  );
}
