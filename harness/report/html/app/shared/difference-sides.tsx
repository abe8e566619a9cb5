import type { ReportDifference } from '../../../model.ts';
import type { LinePlace } from './route.ts';
import { ValuePair } from './value.tsx';

/** Where the lanes show a difference; a difference of the cell itself is in no lane. */
export function placeOfDifference({ lane, expectedAt, actualAt }: ReportDifference): LinePlace | undefined {
  if (actualAt !== undefined) return { lane, side: 'client', line: actualAt + 1 };
  return expectedAt === undefined ? undefined : { lane, side: 'golden', line: expectedAt + 1 };
}

/** What golden and client have, a table cell for each: two values, or a line that only one of them has. */
export function DifferenceSides({ difference }: { difference: ReportDifference }) {
  const { kind, expected, actual, expectedAt, actualAt } = difference;
  if (kind === 'changed' || placeOfDifference(difference) === undefined)
    return <ValuePair expected={expected} actual={actual} as="td" />;
  return (
    <>
      <td class="note">{lineWords(expectedAt)}</td>
      <td class="note">{lineWords(actualAt)}</td>
    </>
  );
}

const lineWords = (at: number | undefined) => (at === undefined ? 'no such line' : `line ${at + 1} of the lane`);
