import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { expectationName } from '../../../../cell/cell-path.ts';
import { ignoredChannels } from '../../../../compare/ignored-channels.ts';
import type { ReportCell } from '../../../model.ts';
import { type Level, levelNames, levels } from '../shared/levels.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { type CellRoute, hashOf, type LinePlace } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { VirtualList } from '../shared/virtual-list.tsx';
import { Word } from '../shared/word.tsx';
import { type AlignedLane, alignLanes, isExplained } from './align-lanes.ts';
import { LaneRowView } from './lane-row.tsx';
import { firstDifference, foldOfPlace, type LaneRow, laneRows, placeOf, rowOfPlace } from './lane-rows.ts';
import { LineDetail } from './line-detail.tsx';

export interface LanesProps {
  report: ReportIndex;
  cell: ReportCell;
  route: CellRoute;
}

const rowHeight = 30;

/** Golden and client side by side, lane by lane, and the selected line in full. */
export function LanesSection({ report, cell, route }: LanesProps) {
  const golden = report.goldens.get(expectationName(cell));
  const source =
    golden === undefined
      ? 'There is no golden for this scenario: every line of the client is extra.'
      : `The golden was recorded with ${golden.client} and last proven on engine ${golden.engineVersion}.`;
  const ignored = ignoredChannels(cell.engine, report.scenarios.get(cell.scenario)?.scripted === true);
  const parts = ignored.has('file') ? 'Model requests and files' : 'Model requests';
  const fake = ignored.size > 0 ? ` ${parts} are not compared on the fake engine.` : '';
  return (
    <Section id="lanes" title="Lanes" says="golden and client side by side">
      {cell.lanes === undefined ? (
        <p>No observation of this cell is in the report.</p>
      ) : (
        <>
          <p class="note">
            {source + fake} Order means something within a <Word of="lane" />, not between lanes.
          </p>
          <Lanes report={report} cell={cell} route={route} />
        </>
      )}
    </Section>
  );
}

function Lanes({ report, cell, route }: LanesProps) {
  const lanes = useMemo(() => alignLanes(report, cell), [report, cell]);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const at = useMemo(() => route.at ?? firstDifference(lanes, isExplained), [lanes, route.at]);
  // A link into folded lines unfolds them.
  const hiding = at === undefined ? undefined : foldOfPlace(lanes, at);
  const rows = useMemo(() => {
    const isOpen = hiding !== undefined && route.at !== undefined ? new Set([...open, hiding]) : open;
    return laneRows(lanes, route.level, isOpen);
  }, [lanes, route.level, open, hiding, route.at]);
  const selected = at === undefined ? -1 : rowOfPlace(rows, at);
  const beside = useRef<HTMLDivElement>(null);
  // A link from above leads to the line, not only to the row of a table that may be out of sight.
  useEffect(() => {
    if (route.at !== undefined) beside.current?.scrollIntoView({ block: 'nearest' });
  }, [route.at]);

  const go = (row: LaneRow | undefined) => {
    if (row?.kind === 'pair') select(route, placeOf(row.lane, row.pair));
  };
  const unfold = (id: string) => setOpen(new Set([...open, id]));
  const step = (by: 1 | -1, wanted: (row: LaneRow) => boolean) => {
    for (let row = selected + by; row >= 0 && row < rows.length; row += by) {
      const there = rows[row];
      if (there !== undefined && wanted(there)) return go(there);
    }
  };
  const isPair = (row: LaneRow) => row.kind === 'pair';
  const differs = (row: LaneRow) => row.kind === 'pair' && row.pair.kind !== 'equal';
  const nearFold = () => [rows[selected + 1], rows[selected - 1]].find((row) => row?.kind === 'fold');
  useKeys({
    j: () => step(1, isPair),
    k: () => step(-1, isPair),
    n: () => step(1, differs),
    p: () => step(-1, differs),
    Enter: () => {
      const fold = nearFold();
      if (fold?.kind === 'fold') unfold(fold.id);
    },
    e: () => setLevel(route, 'all'),
    u: () => setLevel(route, 'user'),
    w: () => setLevel(route, 'wire'),
  });
  return (
    <>
      <Levels route={route} lanes={lanes} />
      <div class="beside" ref={beside}>
        <VirtualList
          key={route.level}
          label="Lines, golden beside client"
          look="lines"
          count={rows.length}
          rowHeight={rowHeight}
          columns="9.5rem minmax(0, 1fr) minmax(0, 1fr)"
          head={<Head client={cell.client} />}
          headCount={1}
          reveal={selected < 0 ? undefined : selected}
          row={(index) => (
            <LaneRowView
              key={index}
              row={rows[index]}
              index={index}
              selected={index === selected}
              onSelect={() => go(rows[index])}
              onUnfold={unfold}
            />
          )}
        />
        {at !== undefined && <LineDetail report={report} cell={cell} route={route} lanes={lanes} at={at} />}
      </div>
    </>
  );
}

/** Replaces the URL: the back button leads out of the cell, not through every line that was selected. */
const select = (route: CellRoute, at: LinePlace) => goTo(hashOf({ ...route, at }));
const setLevel = (route: CellRoute, level: Level) => goTo(hashOf({ ...route, level }));

/** At once: `location.replace` tells of the change later, and a key pressed before that started from the old line. */
function goTo(hash: string): void {
  history.replaceState(null, '', hash);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

const Head = ({ client }: { client: string }) => (
  <div role="row" aria-rowindex={1}>
    <span role="columnheader">Difference</span>
    <span role="columnheader">Golden</span>
    <span role="columnheader">{client}</span>
  </div>
);

function Levels({ route, lanes }: { route: CellRoute; lanes: readonly AlignedLane[] }) {
  const different = lanes.filter((lane) => lane.different > 0);
  return (
    <fieldset class="levels">
      <legend>Level</legend>
      {levels.map((level) => (
        <label key={level}>
          <input type="radio" name="level" checked={route.level === level} onChange={() => setLevel(route, level)} />
          {levelNames[level]}
        </label>
      ))}
      <span class="note">{`${different.length} of ${lanes.length} lanes differ`}</span>
    </fieldset>
  );
}
