import type { ComponentChildren } from 'preact';
import type { ReportIndex } from './report-index.ts';
import { pageHash, type Route } from './route.ts';
import { showSection } from './section.tsx';

const parts = [
  ['failures', 'Failures'],
  ['matrix', 'Matrix'],
  ['ledger', 'Known differences'],
  ['coverage', 'Coverage'],
  ['trend', 'Trend'],
  ['run', 'Run'],
] as const;

export interface TopBarProps {
  report: ReportIndex;
  page: Route['page'];
  children: ComponentChildren;
}

/** On every page: the way to each part of the report, and to its words. */
export function TopBar({ report, page, children }: TopBarProps) {
  const go = (id: string) => {
    if (page === 'start') return showSection(id);
    addEventListener('hashchange', () => requestAnimationFrame(() => showSection(id)), { once: true });
    location.assign('#/');
  };
  return (
    <header class="top">
      <a class="brand" href="#/">
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          <path d="M3 6h11M3 12h18M10 18h11" />
        </svg>
        Twinproof
      </a>
      <nav aria-label="Parts of this report">
        {parts
          .filter(([id]) => id !== 'failures' || report.model.failures.length > 0)
          .map(([id, name]) => (
            <button key={id} type="button" onClick={() => go(id)}>
              {name}
            </button>
          ))}
        <a href={pageHash('words')}>Words</a>
      </nav>
      {children}
    </header>
  );
}
