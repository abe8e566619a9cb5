import { useState } from 'preact/hooks';
import type { JsonValue } from '../../../../../testing/json/json.ts';

const shortest = 240;

/** A JSON value; a long one folded. */
export function ValueView({ value }: { value: JsonValue }) {
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
