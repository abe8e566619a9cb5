import type { ReportDifference } from '../../../model.ts';
import { LineWordsView } from '../shared/line-words-view.tsx';
import { Marks, ownParts, partsOf } from '../shared/marked-pair.tsx';
import type { AlignedPair, Side } from './align-lanes.ts';
import { isExplained } from './align-lanes.ts';
import type { LaneRow } from './lane-rows.ts';

export interface LaneRowProps {
  row: LaneRow | undefined;
  index: number;
  selected: boolean;
  onSelect(): void;
  onUnfold(id: string): void;
}

export const signs = { equal: '= equal', changed: '≠ changed', missing: '− missing', extra: '+ extra' } as const;

/** One row of the lanes' table: a lane's title, lines beside each other, or a fold. All have the same height. */
export function LaneRowView({ row, index, selected, onSelect, onUnfold }: LaneRowProps) {
  // The head is the first.
  const place = index + 2;
  if (row === undefined) return null;
  if (row.kind === 'lane') {
    const { lane, pairs, different } = row.lane;
    const found = different === 0 ? `${pairs.length} equal lines` : `${different} of ${pairs.length} lines differ`;
    return (
      <div role="row" aria-rowindex={place} class="lane">
        <span role="rowheader" aria-colspan={3} class="whole">
          {`Lane ${lane} `}
          <span class={`note ${toneOf(pairs, different)}`}>{found}</span>
        </span>
      </div>
    );
  }
  if (row.kind === 'fold') {
    return (
      <div role="row" aria-rowindex={place} class="fold">
        <span role="cell" aria-colspan={3} class="whole">
          <button type="button" onClick={() => onUnfold(row.id)}>
            {`Show ${row.count} equal lines`}
          </button>
        </span>
      </div>
    );
  }
  const { kind, expected, actual } = row.pair;
  const known = isExplained(row.pair);
  return (
    <div
      role="row"
      aria-rowindex={place}
      class={`pair ${kind} ${known ? 'explained' : ''} ${selected ? 'selected' : ''}`}
      {...(selected && { 'aria-current': 'true' })}
    >
      <span role="rowheader">
        <button type="button" class="sign-button" onClick={onSelect}>
          {signs[kind]}
          {known && ' (known)'}
        </button>
      </span>
      <SideCell side={expected} pair={row.pair} which="expected" />
      <SideCell side={actual} pair={row.pair} which="actual" />
    </div>
  );
}

const toneOf = (pairs: readonly AlignedPair[], different: number) =>
  different === 0 ? '' : pairs.every((pair) => pair.kind === 'equal' || isExplained(pair)) ? 'warn' : 'bad';

/** The row is one line high. */
const mostMarks = 2000;

function SideCell({ side, pair, which }: { side: Side | undefined; pair: AlignedPair; which: 'expected' | 'actual' }) {
  if (side === undefined) {
    return (
      <span role="cell" class="absent">
        no such line
      </span>
    );
  }
  const { ch, key } = side.line;
  const leaf = pair.differences.find(({ difference }) => difference.kind === 'changed')?.difference;
  return (
    <span role="cell">
      <span class="number">{String(side.place + 1)}</span> <span class="channel">{ch}</span>{' '}
      {leaf === undefined ? (
        <LineWordsView line={side.line} />
      ) : (
        <>
          <b>{key}</b>{' '}
          <code class="leaf">
            {`${pointerOf(leaf.path, ch, key)} `}
            <Leaf difference={leaf} which={which} />
          </code>
        </>
      )}
    </span>
  );
}

function Leaf({ difference, which }: { difference: ReportDifference; which: 'expected' | 'actual' }) {
  const { expected, actual } = difference;
  if (difference[which] === undefined) return <>absent</>;
  const parts = ownParts(partsOf(expected, actual), which === 'expected' ? 'before' : 'after');
  // A long equal beginning would push the change out of the line.
  const [head] = parts;
  const from = head?.in === 'both' ? Math.max(0, head.text.length - lead) : 0;
  const shown = parts.map((part, at) => ({
    ...part,
    text: at === 0 ? `${from > 0 ? '…' : ''}${part.text.slice(from)}` : part.text,
  }));
  return <Marks parts={shown.map((part) => ({ ...part, text: part.text.slice(0, mostMarks) }))} />;
}

/** Of an equal beginning, so much stays before the change. */
const lead = 24;

/** The part of a difference's path inside its line. */
export const pointerOf = (path: string, ch: string, key: string): string =>
  path.startsWith(`${ch}:${key}`) ? path.slice(ch.length + 1 + key.length) || '/' : path;
