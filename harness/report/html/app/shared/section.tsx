import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** Section → whether it is open; kept while another page is shown. */
const kept = new Map<string, boolean>();

export interface SectionProps {
  id: string;
  title: string;
  /** Beside the title: what a reader learns without opening it. */
  says?: ComponentChildren;
  /** At first. Default: open. */
  folded?: boolean;
  children: ComponentChildren;
}

/** A part of the page that folds. */
export function Section({ id, title, says, folded = false, children }: SectionProps) {
  const [open, setOpen] = useState(kept.get(id) ?? !folded);
  const toggle = (now: boolean) => {
    kept.set(id, now);
    setOpen(now);
  };
  return (
    <section aria-labelledby={id} class="section">
      <details open={open} onToggle={({ currentTarget }) => toggle(currentTarget.open)}>
        <summary>
          <h2 id={id}>{title}</h2>
          {says !== undefined && <span class="says">{says}</span>}
        </summary>
        {open && <div class="content">{children}</div>}
      </details>
    </section>
  );
}

/** Opens a section and scrolls to it. */
export function showSection(id: string): void {
  const heading = document.getElementById(id);
  const details = heading?.closest('details');
  if (details) details.open = true;
  heading?.closest('section')?.scrollIntoView();
}
