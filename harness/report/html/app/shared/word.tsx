import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { pageHash } from './route.ts';
import { isWord, type WordId, words } from './words.ts';

/** A word of the report: its meaning is shown over it, and its link leads to the page of words. */
export function Word({ of, children }: { of: WordId; children?: ComponentChildren }) {
  return (
    <a class="word" href={pageHash('words', of)} data-word={of}>
      {children ?? words[of][0]}
    </a>
  );
}

interface Shown {
  text: string;
  left: number;
  top: number;
  below: boolean;
}

const margin = 8;
/** Half its greatest width in the style. */
const halfWidth = 160;

/** What is said over the element that the pointer or the focus is on: a word's meaning, or the text it carries. One for the whole page, because tables clip what stands in them. */
export function Tooltip() {
  const [shown, setShown] = useState<Shown>();
  useLayoutEffect(() => {
    let over: HTMLElement | null = null;
    const show = () => setShown(over === null ? undefined : placed(over));
    const look = ({ target }: Event) => {
      over = target instanceof Element ? target.closest<HTMLElement>('[data-word], [data-tip]') : null;
      show();
    };
    const hide = () => {
      over = null;
      show();
    };
    const press = ({ key }: KeyboardEvent) => key === 'Escape' && hide();
    document.addEventListener('pointerover', look);
    document.addEventListener('focusin', look);
    document.addEventListener('keydown', press);
    document.addEventListener('scroll', show, { capture: true, passive: true });
    addEventListener('hashchange', hide);
    return () => {
      document.removeEventListener('pointerover', look);
      document.removeEventListener('focusin', look);
      document.removeEventListener('keydown', press);
      document.removeEventListener('scroll', show, { capture: true });
      removeEventListener('hashchange', hide);
    };
  }, []);
  if (shown === undefined) return null;
  const { text, left, top, below } = shown;
  return (
    <div role="tooltip" class={below ? 'tooltip below' : 'tooltip'} style={{ left: `${left}px`, top: `${top}px` }}>
      {text}
    </div>
  );
}

/** Above the element, or below it near the top of the window; nothing if it has gone, or has nothing to say. */
function placed(element: HTMLElement): Shown | undefined {
  const text = textOf(element);
  const { left, width, top, bottom } = element.getBoundingClientRect();
  if (text === undefined || !element.isConnected || bottom < 0 || top > innerHeight) return undefined;
  const half = Math.min(halfWidth, innerWidth / 2 - margin);
  const middle = Math.min(Math.max(left + width / 2, half + margin), innerWidth - half - margin);
  const below = top < innerHeight / 3;
  return { text, left: middle, top: below ? bottom + margin : top - margin, below };
}

function textOf({ dataset: { word, tip } }: HTMLElement): string | undefined {
  const meaning = word !== undefined && isWord(word) ? words[word][1] : undefined;
  return [meaning, tip].filter(Boolean).join(' ') || undefined;
}
