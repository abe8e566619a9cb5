import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface VirtualListProps {
  /** Name for screen readers. */
  label: string;
  /** Class of the list. */
  look: string;
  count: number;
  /** Height of every row, in pixels. */
  rowHeight: number;
  /** Rows above the scrolled ones, and how many there are. */
  head?: ComponentChildren;
  headCount?: number;
  columns?: string;
  /** A row that must be visible; scrolled to when it changes. */
  reveal?: number | undefined;
  /** The position is kept under this name while the list is not shown. */
  remember?: string;
  row(index: number): ComponentChildren;
}

/** Extra rows beyond each edge, because the browser scrolls before new ones are created. */
const beyond = 8;
const unmeasured = 600;
const places = new Map<string, number>();

/** A table that contains only the visible rows: the same cost for ten rows and for a hundred thousand. */
export function VirtualList(props: VirtualListProps) {
  const { label, look, count, rowHeight, head, headCount = 0, columns, reveal, remember, row } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [{ top, height }, setView] = useState({ top: 0, height: unmeasured });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      if (remember !== undefined) places.set(remember, element.scrollTop);
      setView({ top: element.scrollTop, height: element.clientHeight });
    };
    if (remember !== undefined) element.scrollTop = places.get(remember) ?? 0;
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [remember]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || reveal === undefined) return;
    const headHeight = headCount * rowHeight;
    const above = reveal * rowHeight;
    const seen = { from: element.scrollTop, to: element.scrollTop + element.clientHeight - headHeight - rowHeight };
    if (above >= seen.from && above <= seen.to) return;
    element.scrollTop = above - (element.clientHeight - headHeight) / 3;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [reveal, count]);

  const first = Math.max(0, Math.floor(top / rowHeight) - beyond);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + beyond);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) => row(first + index));
  return (
    <div class={`scroller ${look}`} ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={count + headCount}
        class="grid"
        style={{ '--columns': columns, '--row-height': `${rowHeight}px` }}
      >
        {head === undefined ? undefined : (
          <div role="rowgroup" class="head">
            {head}
          </div>
        )}
        <div
          role="rowgroup"
          class="body"
          style={{ height: `${count * rowHeight}px`, paddingTop: `${first * rowHeight}px` }}
        >
          {rows}
        </div>
      </div>
    </div>
  );
}
