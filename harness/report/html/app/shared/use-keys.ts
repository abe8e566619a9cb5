import { useLayoutEffect } from 'preact/hooks';

/** Key, as `KeyboardEvent.key` names it → what it does. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement || isTextBox(target);

const isTextBox = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type === 'search';

/**
 * Single keys that work wherever the focus is, except in a field that is being typed into: there only `Escape` works.
 */
export function useKeys(keys: Keys): void {
  // Together with the page, not after it: a key pressed as soon as the page is visible must not be lost.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]') !== null) return;
      if (isTyping(event.target)) {
        if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
        return;
      }
      const action = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (action === undefined) return;
      event.preventDefault();
      action(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}
