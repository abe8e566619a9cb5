import { useRef, useState } from 'preact/hooks';

/**
 * A command with a button that copies it. If the browser forbids that, the command is selected for the reader to copy.
 */
export function Copyable({ command }: { command: string }) {
  const [said, setSaid] = useState('');
  const code = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setSaid('Copied');
    } catch {
      if (code.current) getSelection()?.selectAllChildren(code.current);
      setSaid('Marked: copy it with your keyboard');
    }
  };
  return (
    <p class="command">
      <code ref={code}>{command}</code>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
      <span role="status" class="note">
        {said}
      </span>
    </p>
  );
}
