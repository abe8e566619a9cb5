import { useState } from 'preact/hooks';
import type { JsonValue } from '../../../../../testing/json/json.ts';

type Shown = JsonValue | undefined;

const shortest = 240;

/** A JSON value; a long one folded. */
export function ValueView({ value }: { value: Shown }) {
  if (value === undefined) return <span class="absent">absent</span>;
  const text = JSON.stringify(value);
  if (text.length <= shortest) return <code>{text}</code>;
  return (
    <Folded label={`${text.slice(0, shortest)}… (${text.length} characters)`} code>
      {() => <JsonBlock value={value} />}
    </Folded>
  );
}

/** A JSON value over several lines. */
export const JsonBlock = ({ value }: { value: JsonValue }) => (
  // So that a keyboard user can scroll it.
  <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>
);

/** A closed section whose content is created when it is first opened. */
export function Folded(props: { label: string; code?: boolean; children: () => preact.ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="long" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{props.code === true ? <code>{props.label}</code> : props.label}</summary>
      {open && props.children()}
    </details>
  );
}

/**
 * Two values that differ, golden first, each in its own element; of long texts, the part around the first difference.
 */
export function ValuePair({ expected, actual, as: Element }: { expected: Shown; actual: Shown; as: 'td' | 'dd' }) {
  const parts = aroundFirstDifference(expected, actual);
  return (
    <>
      {[expected, actual].map((value, side) => {
        const part = parts?.[side];
        return (
          <Element key={side === 0 ? 'golden' : 'client'} class={side === 0 ? 'expected' : 'actual'}>
            {part === undefined ? (
              <ValueView value={value} />
            ) : (
              <>
                <code>{part}</code>
                <Folded label={`whole text, ${String(value).length} characters`}>
                  {() => <JsonBlock value={value ?? null} />}
                </Folded>
              </>
            )}
          </Element>
        );
      })}
    </>
  );
}

/**
 * The part of each text around the first character in which they differ; undefined if they are not texts, or are short.
 */
function aroundFirstDifference(expected: Shown, actual: Shown): [string, string] | undefined {
  if (typeof expected !== 'string' || typeof actual !== 'string') return undefined;
  if (Math.max(expected.length, actual.length) <= shortest) return undefined;
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at += 1;
  const from = Math.max(0, at - shortest / 4);
  const part = (text: string) =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + shortest)}${from + shortest < text.length ? '…' : ''}`;
  return [part(expected), part(actual)];
}
