import { useRef } from 'preact/hooks';
import { useKeys } from './use-keys.ts';

const help: Readonly<Record<'start' | 'cell', readonly [key: string, does: string][]>> = {
  start: [
    ['j / k', 'next or previous row of the matrix'],
    ['h / l', 'cell to the left or right'],
    ['Enter', 'opens the cell'],
    ['/', 'search'],
    ['?', 'this list'],
  ],
  cell: [
    ['j / k', 'next or previous line'],
    ['n / p', 'next or previous difference'],
    ['Enter', 'opens folded lines'],
    ['e / u / w', 'everything, user level, wire level'],
    ['[ / ]', 'previous or next cell that fails, or has this verdict'],
    ['Esc', 'back to all cells'],
    ['?', 'this list'],
  ],
};

/** The keyboard shortcuts, shown on `?`. */
export function HelpDialog({ page }: { page: 'start' | 'cell' }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useKeys({ '?': () => dialog.current?.showModal() });
  return (
    <>
      <button type="button" class="keys-button" onClick={() => dialog.current?.showModal()}>
        Keys <kbd>?</kbd>
      </button>
      <dialog ref={dialog} aria-label="Keys">
        <h2>Keys</h2>
        <dl class="keys">
          {help[page].map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}
