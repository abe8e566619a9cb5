import { cellPath, engineName, ofPlatform } from '../../../../cell/cell-path.ts';
import type { ReportCell } from '../../../model.ts';
import { rerunCommand } from '../../../rerun-command.ts';
import { Copyable } from '../shared/copyable.tsx';
import type { ReportIndex } from '../shared/report-index.ts';
import { type CellRoute, cellHash } from '../shared/route.ts';
import { useKeys } from '../shared/use-keys.ts';
import { Badge } from '../shared/verdicts.tsx';
import { DifferencesSection } from './differences.tsx';
import { LanesSection } from './lanes.tsx';
import { RawSection } from './raw-section.tsx';
import { RulesSection } from './rules.tsx';
import { SourceSection } from './source.tsx';

/** One cell: what differs, why, how to run it again, and both sides next to each other. */
export function CellPage({ report, route }: { report: ReportIndex; route: CellRoute }) {
  const cell = report.cells.get(route.path);
  useKeys({ Escape: () => location.assign('#/') });
  return (
    <>
      <nav aria-label="Way back">
        <a href="#/">← All cells</a>
      </nav>
      {cell === undefined ? <Unknown path={route.path} /> : <Known report={report} cell={cell} route={route} />}
    </>
  );
}

const Unknown = ({ path }: { path: string }) => (
  <>
    <h1 tabIndex={-1}>No such cell</h1>
    <p>
      This report has no cell <code>{path}</code>.
    </p>
  </>
);

function Known({ report, cell, route }: { report: ReportIndex; cell: ReportCell; route: CellRoute }) {
  const scenario = report.scenarios.get(cell.scenario);
  const round = cell.round > 1 ? `, round ${cell.round}` : '';
  return (
    <>
      <h1 tabIndex={-1}>{cell.scenario}</h1>
      {scenario !== undefined && <p class="subtitle">{scenario.title}</p>}
      <p>
        <Badge verdict={cell.verdict} />
        {` ${cell.client} on the ${engineName(cell)} engine${ofPlatform(cell.platform)}${round}, ${cell.durationMs} ms`}
      </p>
      {cell.reason !== undefined && <pre class="problem">{cell.reason}</pre>}
      <Siblings report={report} cell={cell} />
      <DifferencesSection report={report} cell={cell} route={route} />
      <LanesSection report={report} cell={cell} route={route} />
      <h2>Run it again</h2>
      <Copyable command={rerunCommand(cell)} />
      {scenario !== undefined && <SourceSection report={report} cell={cell} scenario={scenario} />}
      <RawSection cell={cell} />
      <RulesSection model={report.model} cell={cell} />
    </>
  );
}

function Siblings({ report, cell }: { report: ReportIndex; cell: ReportCell }) {
  return (
    <nav aria-label="Cells of this scenario" class="siblings">
      <ul>
        {(report.byScenario.get(cell.scenario) ?? []).map((other) => (
          <li key={cellPath(other)}>
            <a href={cellHash(cellPath(other))} {...(other === cell && { 'aria-current': 'page' })}>
              {`${other.client} ${engineName(other)}${ofPlatform(other.platform)}${other.round > 1 ? ` #${other.round}` : ''} `}
              <Badge verdict={other.verdict} words="short" />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
