import type { ReportCell } from '../../../model.ts';
import { LineWordsView } from '../shared/line-words-view.tsx';
import { MarkedPair } from '../shared/marked-pair.tsx';
import type { ReportIndex } from '../shared/report-index.ts';
import { type CellRoute, hashOf, type LinePlace, pageHash } from '../shared/route.ts';
import { useRaw } from '../shared/use-raw.ts';
import { Folded, JsonBlock } from '../shared/value.tsx';
import type { AlignedLane, AlignedPair, Side } from './align-lanes.ts';
import { pointerOf, signs } from './lane-row.tsx';
import { linksOf } from './links.ts';

export interface LineDetailProps {
  report: ReportIndex;
  cell: ReportCell;
  route: CellRoute;
  lanes: readonly AlignedLane[];
  at: LinePlace;
}

/**
 * The selected line in full: what differs in it and why that may be, how it relates to others, both sides whole, the
 * raw line.
 */
export function LineDetail({ report, cell, route, lanes, at }: LineDetailProps) {
  const pair = lanes.find(({ lane }) => lane === at.lane)?.pairs.find((one) => placed(one, at));
  if (pair === undefined) {
    return (
      <aside class="detail" aria-label="Line">
        <p>{`Lane ${at.lane} has no line ${at.line} of the ${at.side}.`}</p>
      </aside>
    );
  }
  const { kind, expected, actual } = pair;
  return (
    <aside class="detail" aria-label="Line">
      <h3>
        <span class={`kind ${kind}`}>{signs[kind]}</span>
        {` ${(actual ?? expected)?.line.key ?? ''}`}
      </h3>
      <p class="note">{`${(actual ?? expected)?.line.ch}, lane ${at.lane}`}</p>
      <Said pair={pair} />
      <Leaves pair={pair} report={report} client={cell.client} />
      <Links lanes={lanes} at={at} route={route} />
      {kind === 'equal' || expected === undefined || actual === undefined ? (
        <SideView
          name={kind === 'equal' ? 'both' : actual === undefined ? 'golden' : cell.client}
          side={actual ?? expected}
        />
      ) : (
        <div class="sides">
          <SideView name="golden" side={expected} />
          <SideView name={cell.client} side={actual} />
        </div>
      )}
      {actual !== undefined && <RawLine cell={cell} lane={at.lane} place={actual.place} />}
    </aside>
  );
}

const placed = ({ expected, actual }: AlignedPair, { side, line }: LinePlace) =>
  (side === 'client' ? actual : expected)?.place === line - 1;

/** What the line is about, before its JSON; of two sides the client's, unless only the golden has the line. */
function Said({ pair: { expected, actual } }: { pair: AlignedPair }) {
  const line = (actual ?? expected)?.line;
  return line === undefined ? null : (
    <p class="said-line">
      <LineWordsView line={line} withKey={false} />
    </p>
  );
}

function SideView({ name, side }: { name: string; side: Side | undefined }) {
  if (side === undefined) return null;
  return (
    <div>
      <h4>{`JSON of ${name}, line ${side.place + 1}`}</h4>
      <JsonBlock value={side.line.body} />
    </div>
  );
}

interface LeavesProps {
  pair: AlignedPair;
  report: ReportIndex;
  client: string;
}

function Leaves({ pair, report, client }: LeavesProps) {
  const { ch = '', key = '' } = (pair.actual ?? pair.expected)?.line ?? {};
  return (
    <>
      {pair.differences.map(({ difference, known }) => (
        <div key={difference.path} class={known === undefined ? 'leaf-detail' : 'leaf-detail explained'}>
          {difference.kind === 'changed' && (
            <>
              <p>
                <code class="path">{pointerOf(difference.path, ch, key)}</code>
              </p>
              <MarkedPair expected={difference.expected} actual={difference.actual} names={['golden', client]} />
            </>
          )}
          {known !== undefined && (
            <p class="note">
              {'known as '}
              <a href={pageHash('known', known)}>{known}</a>
              {`: ${report.model.ledger.find(({ id }) => id === known)?.reason ?? ''}`}
            </p>
          )}
        </div>
      ))}
    </>
  );
}

function Links({ lanes, at, route }: { lanes: readonly AlignedLane[]; at: LinePlace; route: CellRoute }) {
  const links = linksOf(lanes, at);
  if (links.length === 0) return null;
  return (
    <ul class="links" aria-label="Linked lines">
      {links.map(({ says, to, key }) => (
        <li key={says}>
          {`${says} `}
          <a href={hashOf({ ...route, level: 'all', at: to })}>{`${key}, lane ${to.lane}, line ${to.line}`}</a>
        </li>
      ))}
    </ul>
  );
}

function RawLine({ cell, lane, place }: { cell: ReportCell; lane: string; place: number }) {
  if (cell.embedded === undefined) return null;
  const { embedded } = cell;
  return (
    <Folded key={`${place} ${lane}`} label="Raw line of the client">
      {() => <RawText embedded={embedded} lane={lane} place={place} />}
    </Folded>
  );
}

function RawText({ embedded, lane, place }: { embedded: number; lane: string; place: number }) {
  const raw = useRaw(embedded);
  if (raw === undefined) return <p>Unpacking…</p>;
  const origins = Object.hasOwn(raw.origins, lane) ? raw.origins[lane] : undefined;
  const index = origins?.[place];
  const text = index === undefined ? undefined : raw.lines[index];
  if (index === undefined || text === undefined) return <p>It is not known which raw line this was made of.</p>;
  return (
    <>
      <p class="note">{`raw line ${index + 1}`}</p>
      <pre tabIndex={0}>{text}</pre>
    </>
  );
}
