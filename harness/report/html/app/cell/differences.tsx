import { differenceWords } from '../../../difference-text.ts';
import type { ReportCell, ReportDifference } from '../../../model.ts';
import { DifferenceSides, placeOfDifference } from '../shared/difference-sides.tsx';
import { groupBy } from '../shared/group-by.ts';
import { differenceAt, type ReportIndex } from '../shared/report-index.ts';
import { type CellRoute, hashOf, pageHash } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';
import { Folded } from '../shared/value.tsx';
import { Word } from '../shared/word.tsx';

export interface DifferencesProps {
  report: ReportIndex;
  cell: ReportCell;
  route: CellRoute;
}

const few = 6;
const most = 100;

/** The first difference that nothing explains: most others follow from it. */
export function CauseSection({ report, cell, route }: DifferencesProps) {
  const [first] = cell.unexplained;
  if (first === undefined) return null;
  const rest = cell.unexplained.length - 1;
  return (
    <section aria-labelledby="cause" class="cause">
      <h2 id="cause">First difference</h2>
      <DifferenceView
        report={report}
        cell={cell}
        route={route}
        difference={differenceAt(report.model, first)}
        label={cell.labels?.[0]}
      />
      {rest > 0 && (
        <p class="note">{`${rest} more ${rest === 1 ? 'difference follows' : 'differences follow'} it, below.`}</p>
      )}
    </section>
  );
}

/** What else no ledger entry explains, then what one does, with its reason. */
export function DifferencesSection({ report, cell, route }: DifferencesProps) {
  const at = (index: number) => differenceAt(report.model, index);
  const known = groupBy(cell.known, ([id]) => id);
  const drift = cell.drift ?? [];
  const later = cell.unexplained.slice(1);
  const all = later.length + cell.known.length + drift.length;
  if (all === 0 && cell.unexplained.length > 0) return null;
  const list = { report, cell, route };
  return (
    <Section
      id="differences"
      title={cell.unexplained.length > 0 ? 'Other differences' : 'Differences'}
      says={all === 0 ? 'none' : String(all)}
    >
      {all === 0 && (
        <p>{cell.lanes === undefined ? 'Nothing was compared.' : 'None: the cell is equal to its golden.'}</p>
      )}
      {later.length > 0 && (
        <>
          <h3>Not explained</h3>
          <DifferenceList {...list} differences={later.map(at)} labels={cell.labels?.slice(1)} />
        </>
      )}
      {drift.length > 0 && (
        <>
          <h3>
            <Word of="drift">Engine drift</Word>
          </h3>
          <DifferenceList {...list} differences={drift.map(at)} />
        </>
      )}
      {[...known].map(([id, uses]) => (
        <KnownDifference key={id} report={report} id={id}>
          <DifferenceList {...list} differences={uses.map(([, index]) => at(index))} />
        </KnownDifference>
      ))}
    </Section>
  );
}

function KnownDifference(props: { report: ReportIndex; id: string; children: preact.ComponentChildren }) {
  const entry = props.report.model.ledger.find(({ id }) => id === props.id);
  return (
    <div class="known">
      <h3>
        {'Known: '}
        <a href={pageHash('known', props.id)}>{props.id}</a>
        {entry !== undefined && ` (${entry.kind})`}
      </h3>
      {entry !== undefined && <p>{entry.reason}</p>}
      {props.children}
    </div>
  );
}

interface ListProps extends DifferencesProps {
  differences: ReportDifference[];
  /** Who is the likely cause of each. */
  labels?: readonly string[] | undefined;
}

function DifferenceList({ differences, labels = [], ...of }: ListProps) {
  const [first, rest] = [differences.slice(0, few), differences.slice(few, most)];
  const items = (shown: ReportDifference[], from: number) => (
    <ol class="differences">
      {shown.map((difference, index) => (
        <li key={index}>
          <DifferenceView {...of} difference={difference} label={labels[from + index]} />
        </li>
      ))}
    </ol>
  );
  return (
    <>
      {items(first, 0)}
      {rest.length > 0 && <Folded label={`${rest.length} more`}>{() => items(rest, few)}</Folded>}
      {differences.length > most && <p class="note">{`and ${differences.length - most} more, marked in the lanes`}</p>}
    </>
  );
}

interface DifferenceViewProps extends DifferencesProps {
  difference: ReportDifference;
  label: string | undefined;
}

function DifferenceView({ report, cell, route, difference, label }: DifferenceViewProps) {
  const { kind, lane, path } = difference;
  const place = placeOfDifference(difference);
  const name = <code class="path">{path}</code>;
  return (
    <>
      <p>
        {place === undefined ? name : <a href={hashOf({ ...route, level: 'all', at: place })}>{name}</a>}{' '}
        <span class={`kind ${kind}`}>{differenceWords[kind]}</span>
        <span class="note">{` lane ${lane}${label === undefined ? '' : ` (${label})`}`}</span>
      </p>
      <DifferenceSides report={report} cell={cell} difference={difference} />
    </>
  );
}
