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

/** What is proven, what differs and why: the verdict first, then the way into every cell. */
export function StartPage({ report, filter }: { report: ReportIndex; filter: CellFilter }) {
  const { summary, history } = report.model;
  return (
    <>
      <Headline report={report} />
      <FailuresSection report={report} />
      <DriftSection engines={summary.engines} />
      <MatrixSection report={report} filter={filter} />
      <LedgerSection report={report} />
      <CoverageSection coverage={summary.coverage} />
      <TrendSection history={history} />
      <PlatformsSection platforms={summary.platforms} />
      <SlowestSection cells={report.shown} />
      <VersionsSection summary={summary} />
    </>
  );
}
