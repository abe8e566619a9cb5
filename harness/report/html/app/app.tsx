import { useLayoutEffect, useState } from 'preact/hooks';
import { cellName as nameOfCell } from '../../../cell/cell-path.ts';
import { CellPage } from './cell/cell-page.tsx';
import { HelpDialog } from './shared/help-dialog.tsx';
import type { ReportIndex } from './shared/report-index.ts';
import { parseRoute, type Route } from './shared/route.ts';
import { StartPage } from './start/start-page.tsx';

const pageOf = (route: Route) => (route.page === 'cell' ? route.path : '');
const scrolls = new Map<string, number>();

/** The URL decides what is shown: every state that is worth a link has one. */
export function App({ report }: { report: ReportIndex }) {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const page = pageOf(route);

  useLayoutEffect(() => {
    const read = () => setRoute(parseRoute(location.hash));
    const keep = () => scrolls.set(pageOf(parseRoute(location.hash)), scrollY);
    addEventListener('hashchange', read);
    addEventListener('scroll', keep, { passive: true });
    return () => {
      removeEventListener('hashchange', read);
      removeEventListener('scroll', keep);
    };
  }, []);

  useLayoutEffect(() => {
    document.title = page === '' ? 'Parity report' : `${cellName(report, page)} – Parity report`;
    scrollTo(0, scrolls.get(page) ?? 0);
    if (page !== '') document.querySelector<HTMLElement>('h1')?.focus();
  }, [page]);

  return (
    <>
      {route.page === 'start' ? (
        <StartPage report={report} filter={route.filter} />
      ) : (
        <CellPage key={route.path} report={report} route={route} />
      )}
      <HelpDialog page={route.page} />
    </>
  );
}

function cellName(report: ReportIndex, path: string): string {
  const cell = report.cells.get(path);
  return cell === undefined ? 'Unknown cell' : nameOfCell(cell);
}
