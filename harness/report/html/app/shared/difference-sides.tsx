import type { ReportCell, ReportDifference } from '../../../model.ts';
import { lineOf } from '../cell/align-lanes.ts';
import { LineWordsView } from './line-words-view.tsx';
import { MarkedPair } from './marked-pair.tsx';
import type { ReportIndex } from './report-index.ts';
import type { LinePlace } from './route.ts';

/** Where the lanes show a difference; a difference of the cell itself is in no lane. */
export function placeOfDifference({ lane, expectedAt, actualAt }: ReportDifference): LinePlace | undefined {
  if (actualAt !== undefined) return { lane, side: 'client', line: actualAt + 1 };
  return expectedAt === undefined ? undefined : { lane, side: 'golden', line: expectedAt + 1 };
}

export interface DifferenceSidesProps {
  report: ReportIndex;
  cell: ReportCell;
  difference: ReportDifference;
}

/** What golden and client have: two values with the words that differ, or a line that only one of them has. */
export function DifferenceSides({ report, cell, difference }: DifferenceSidesProps) {
  const { kind, expected, actual } = difference;
  const place = placeOfDifference(difference);
  if (kind === 'changed' || place === undefined)
    return <MarkedPair expected={expected} actual={actual} names={['golden', cell.client]} />;
  const line = lineOf(report, cell, place);
  const has = (
    <>
      <span class="note">{`line ${place.line} `}</span>
      {line !== undefined && <LineWordsView line={line} />}
    </>
  );
  const lacks = <span class="absent">no such line</span>;
  return (
    <dl class="pair-of-values">
      <div class="expected">
        <dt>golden</dt>
        <dd>{kind === 'missing' ? has : lacks}</dd>
      </div>
      <div class="actual">
        <dt>{cell.client}</dt>
        <dd>{kind === 'extra' ? has : lacks}</dd>
      </div>
    </dl>
  );
}
