import { cellPath, engineName, ofPlatform } from '../../../../cell/cell-path.ts';
import { clientFacts } from '../../../../clients/clients.ts';
import type { ReportCell } from '../../../model.ts';
import { rerunCommand } from '../../../rerun-command.ts';
import { columnEngine } from '../shared/columns.ts';
import { Copyable } from '../shared/copyable.tsx';
import { groupBy } from '../shared/group-by.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { type CellRoute, cellHash } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { Badge } from '../shared/verdicts.tsx';
import { Word } from '../shared/word.tsx';
import { CauseSection, DifferencesSection } from './differences.tsx';
import { ForAnIssue } from './for-an-issue.tsx';
import { LanesSection } from './lanes.tsx';
import { Neighbours } from './neighbours.tsx';
import { RawSection } from './raw-section.tsx';
import { RulesSection } from './rules.tsx';
import { SourceSection } from './source.tsx';

/** One cell: what differs, why, how to run it again, and both sides next to each other. */
export function CellPage({ report, route }: { report: ReportIndex; route: CellRoute }) {
  const cell = report.cells.get(route.path);
  useKeys({ Escape: () => location.assign('#/') });
  return (
    <>
      <nav aria-label="Way back" class="way-back">
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
  const ran = cell.verdict !== 'not-applicable';
  // What follows from a cause is marked in the lanes; a known difference is read first.
  const fails = cell.unexplained.length > 0;
  const lanes = ran && <LanesSection key="lanes" report={report} cell={cell} route={route} />;
  const differences = ran && <DifferencesSection key="differences" report={report} cell={cell} route={route} />;
  return (
    <>
      <header class="cell-head">
        <h1 tabIndex={-1}>{cell.scenario}</h1>
        {scenario !== undefined && <p class="subtitle">{scenario.title}</p>}
        <p>
          <Badge verdict={cell.verdict} />
          {` ${cell.client} on the ${engineName(cell)} engine${ofPlatform(cell.platform)}${round}${ran ? `, ${cell.durationMs} ms` : ''}`}
        </p>
        <Siblings report={report} cell={cell} />
        <Neighbours report={report} cell={cell} />
      </header>
      <Reason cell={cell} />
      <CauseSection report={report} cell={cell} route={route} />
      {fails ? [lanes, differences] : [differences, lanes]}
      {ran && (
        <Section id="again" title="Run it again">
          <Copyable command={rerunCommand(cell)} />
          {fails && <ForAnIssue report={report} cell={cell} />}
        </Section>
      )}
      {scenario !== undefined && <SourceSection report={report} cell={cell} scenario={scenario} />}
      <RawSection cell={cell} />
      {ran && <RulesSection model={report.model} cell={cell} />}
    </>
  );
}

/** Why nothing was compared, or what the verdict does not say by itself. */
function Reason({ cell: { verdict, reason } }: { cell: ReportCell }) {
  if (verdict === 'not-applicable') {
    return (
      <div class="reason">
        <p>
          <b>Nothing ran here, and that is no error.</b>
          {reason === undefined ? '' : ` The reason: ${reason}.`}
        </p>
      </div>
    );
  }
  return (
    <>
      {verdict === 'baseline' && (
        <div class="reason">
          <p>
            No official client can perform this scenario, so there is no parity to prove. The cell is compared with our
            own <Word of="baseline" />.
          </p>
        </div>
      )}
      {reason !== undefined && <pre class="problem">{reason}</pre>}
    </>
  );
}

/** The other cells of the scenario: a row for each client of its family, a column for each engine. */
function Siblings({ report, cell }: { report: ReportIndex; cell: ReportCell }) {
  const others = report.byScenario.get(cell.scenario) ?? [];
  const family = report.scenarios.get(cell.scenario)?.family ?? clientFacts(cell.client).family;
  const shown = others.filter((other) => other === cell || clientFacts(other.client).family === family);
  return (
    <nav aria-label="Cells of this scenario" class="siblings">
      {[...groupBy(shown, ({ client }) => client)].map(([client, own]) => (
        <ul key={client} aria-label={client}>
          {own.map((other) => (
            <li key={cellPath(other)}>
              <a href={cellHash(cellPath(other))} {...(other === cell && { 'aria-current': 'page' })}>
                {`${client} ${columnEngine(other)}${other.round > 1 ? ` #${other.round}` : ''} `}
                <Badge verdict={other.verdict} words="short" tip={other.reason} />
              </a>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}
