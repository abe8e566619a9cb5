import { el } from './dom.js';

/** A command, with a button that copies it; where the browser forbids that, it is marked for the reader to copy. @param {string} command */
export function copyable(command) {
  const code = el('code', {}, command);
  const said = el('span', { role: 'status', class: 'note' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      said.textContent = 'Copied';
    } catch {
      getSelection()?.selectAllChildren(code);
      said.textContent = 'Marked: copy it with your keyboard';
    }
  };
  return el('p', { class: 'command' }, code, el('button', { type: 'button', click: () => void copy() }, 'Copy'), said);
}
