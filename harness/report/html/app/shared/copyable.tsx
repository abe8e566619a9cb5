import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';

/** A command with a button that copies it. */
export function Copyable({ command }: { command: string }) {
  const code = useRef<HTMLElement>(null);
  return (
    <p class="command">
      <code ref={code}>{command}</code>
      <CopyButton text={command} shown={code} />
    </p>
  );
}

interface CopyButtonProps {
  text: string;
  /** Where the reader sees the text. */
  shown: RefObject<HTMLElement | null>;
}

/** Copies a text. If the browser forbids that, the text is selected for the reader to copy. */
export function CopyButton({ text, shown }: CopyButtonProps) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setSaid('Marked: copy it with your keyboard');
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
      <span role="status" class="note">
        {said}
      </span>
    </>
  );
}
