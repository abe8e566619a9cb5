import type { JsonValue } from '../../../../../testing/json/json.ts';
import { type TextPart, textParts } from '../../../../compare/text-parts.ts';
import { Folded, JsonBlock } from './value.tsx';

type Shown = JsonValue | undefined;

/** Longer equal stretches are cut: only what is around a change matters. */
const around = 80;
const longestChange = 600;
/** Longer values go over several lines. */
const oneLine = 100;

export interface MarkedPairProps {
  expected: Shown;
  actual: Shown;
  /** What each side is called. Default: golden, client. */
  names?: readonly [expected: string, actual: string];
}

/** Two values, golden first, the words that differ marked in each. */
export function MarkedPair({ expected, actual, names = ['golden', 'client'] }: MarkedPairProps) {
  const parts = partsOf(expected, actual);
  return (
    <dl class="pair-of-values">
      <div class="expected">
        <dt>{names[0]}</dt>
        <dd>{expected === undefined ? <Absent /> : <MarkedText parts={parts} side="before" value={expected} />}</dd>
      </div>
      <div class="actual">
        <dt>{names[1]}</dt>
        <dd>{actual === undefined ? <Absent /> : <MarkedText parts={parts} side="after" value={actual} />}</dd>
      </div>
    </dl>
  );
}

const Absent = () => <span class="absent">absent</span>;

/** What two values have in common as texts; of a value without another everything is common. */
export function partsOf(expected: Shown, actual: Shown): TextPart[] {
  const [before, after] = [expected, actual].map((value) => (value === undefined ? undefined : textOf(value)));
  if (before === undefined || after === undefined) return [{ text: before ?? after ?? '', in: 'both' }];
  return textParts(before, after);
}

function textOf(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length <= oneLine || typeof value !== 'object' ? text : JSON.stringify(value, null, 2);
}

interface MarkedTextProps {
  parts: readonly TextPart[];
  side: 'before' | 'after';
  /** Shown whole if the text is cut. */
  value: JsonValue;
}

function MarkedText({ parts, side, value }: MarkedTextProps) {
  const own = ownParts(parts, side);
  const shown = own.map((part, at) => ({ ...part, text: shortened(part, at === 0, at === own.length - 1) }));
  const isCut = shown.some(({ text }, at) => text !== own[at]?.text);
  return (
    <>
      <code class="marked">
        <Marks parts={shown} />
      </code>
      {isCut && (
        <Folded label={`whole value, ${own.reduce((sum, { text }) => sum + text.length, 0)} characters`}>
          {() => <JsonBlock value={value} />}
        </Folded>
      )}
    </>
  );
}

export const ownParts = (parts: readonly TextPart[], side: TextPart['in']): TextPart[] =>
  parts.filter(({ in: where }) => where === 'both' || where === side);

/** The text of one side, with a mark around what the other side does not have. */
export const Marks = ({ parts }: { parts: readonly TextPart[] }) => (
  <>
    {parts.map(({ text, in: where }, at) =>
      where === 'both' ? (
        text
      ) : (
        <mark key={at} class={where}>
          {text}
        </mark>
      ),
    )}
  </>
);

function shortened({ text, in: where }: TextPart, isFirst: boolean, isLast: boolean): string {
  if (where !== 'both' || (isFirst && isLast))
    return text.length > longestChange ? `${text.slice(0, longestChange)}…` : text;
  if (text.length <= 2 * around) return text;
  return `${isFirst ? '' : text.slice(0, around)}…${isLast ? '' : text.slice(-around)}`;
}
